package domaintest

import (
	"pult/domain"
	"pult/providers"
	"pult/providers/webchat"
)

// webChat connects a web chat, which needs no pretended vendor: it is a part of the desk.
func webChat(c domain.Channel) (*providers.Channel, error) {
	d, err := webchat.New(webchat.Config{Channel: c.ID, Origins: c.Settings["origins"]})
	if err != nil {
		return nil, err
	}
	return providers.NewChannel(d, 4), nil
}
