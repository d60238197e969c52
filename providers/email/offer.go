package email

import (
	"pult/domain"
	"pult/domain/carrier"
)

// Offer is a mailbox as the program connects it.
func Offer(f carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: Product(), Open: func(c domain.Channel) (carrier.Driver, error) {
		cfg := ConfigOf(c)
		cfg.Now, cfg.HTTPClient, cfg.Dial = f.Now, f.TypedClient, f.Dial
		cfg.Keep = func(token domain.Secret) { f.KeepToken(c.ID, token) }
		return carrier.AsDriver(New(cfg))
	}}
}
