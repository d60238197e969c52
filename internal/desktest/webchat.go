package desktest

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/webchat"
)

// webChat connects a web chat, which needs no pretended vendor: it is a part of the desk.
func webChat(c domain.Channel) (carrier.Driver, error) {
	return webchat.New(webchat.Config{Channel: c.ID, Origins: c.Settings["origins"]})
}
