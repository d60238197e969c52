package engagelab

import (
	"pult/domain"
	"pult/domain/carrier"
)

// Offer is a number by way of EngageLab as the program connects it. Files are fetched from the desk's public address;
// without one the channel sends none.
func Offer(f carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: Product(), Open: func(c domain.Channel) (carrier.Driver, error) {
		cfg := ConfigOf(c)
		cfg.HTTPClient, cfg.Now = f.Client(cfg.BaseURL), f.Now
		if !f.Public.IsZero() {
			cfg.Publish = f.Publish
		}
		return carrier.AsDriver(New(cfg))
	}}
}

// ConfigOf reads what the form kept in a channel. What only the program knows is left to the caller.
func ConfigOf(c domain.Channel) Config {
	return Config{
		BaseURL:               c.Settings["base_url"],
		Number:                c.Account,
		BusinessID:            c.Business,
		DevKey:                c.Secrets["dev_key"],
		DevSecret:             c.Secrets["dev_secret"],
		CallbackUsername:      c.Settings["callback_username"],
		CallbackSecret:        c.Secrets["callback_secret"],
		CallbackAuthorization: c.Secrets["callback_authorization"],
	}
}
