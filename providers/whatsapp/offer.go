package whatsapp

import (
	"pult/domain"
	"pult/domain/carrier"
)

// Offer is a number of the Cloud API as the program connects it.
func Offer(f carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: Product(), Open: func(c domain.Channel) (carrier.Driver, error) {
		cfg := ConfigOf(c)
		cfg.HTTPClient, cfg.Now = f.Client(cfg.BaseURL), f.Now
		return carrier.AsDriver(New(cfg))
	}}
}

// ConfigOf reads what the form kept in a channel. What only the program knows is left to the caller.
func ConfigOf(c domain.Channel) Config {
	return Config{
		BaseURL:       c.Settings["base_url"],
		Version:       c.Settings["version"],
		PhoneNumberID: c.Account,
		BusinessID:    c.Business,
		Number:        c.Number,
		AppSecret:     c.Secrets["app_secret"],
		VerifyToken:   c.Secrets["verify_token"],
		AccessToken:   c.Secrets["access_token"],
	}
}
