package webchat

import (
	"pult/domain"
	"pult/domain/carrier"
)

// Offer is the web chat as the program connects it.
func Offer(carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: Product(), Open: func(c domain.Channel) (carrier.Driver, error) {
		return carrier.AsDriver(New(Config{Channel: c.ID, Origins: c.Settings["origins"]}))
	}}
}
