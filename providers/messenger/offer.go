package messenger

import (
	"pult/domain"
	"pult/domain/carrier"
)

// Offer is a page of Facebook as the program connects it.
func Offer(f carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: Product(f.TypedClient), Open: func(c domain.Channel) (carrier.Driver, error) {
		cfg := ConfigOf(c)
		cfg.HTTPClient, cfg.Now = f.Client(cfg.BaseURL), f.Now
		return carrier.AsDriver(New(cfg))
	}}
}

// ConfigOf reads what the form kept in a channel. What only the program knows is left to the caller.
func ConfigOf(c domain.Channel) Config {
	return Config{
		BaseURL:     c.Settings["base_url"],
		Version:     c.Settings["version"],
		PageID:      c.Account,
		AppID:       c.Settings["app_id"],
		AppSecret:   c.Secrets["app_secret"],
		VerifyToken: c.Secrets["verify_token"],
		PageToken:   c.Secrets["page_token"],
		HumanAgent:  c.Settings["human_agent"] != "",
	}
}
