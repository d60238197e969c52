package twilio

import (
	"pult/domain"
	"pult/domain/carrier"
)

// WhatsAppOffer is a WhatsApp sender of Twilio's as the program connects it.
func WhatsAppOffer(f carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: WhatsAppProduct(), Open: messagesOpener(f)}
}

// SMSOffer is a telephone number of Twilio's for messages as the program connects it.
func SMSOffer(f carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: SMSProduct(), Open: messagesOpener(f)}
}

// VoiceOffer is a telephone number of Twilio's for calls as the program connects it. The vendor asks the public
// address what a call does next; without one no call can be set up, and the pages offer to dial by hand instead.
func VoiceOffer(f carrier.Facilities) carrier.Offer {
	return carrier.Offer{Product: VoiceProduct(), Open: func(c domain.Channel) (carrier.Driver, error) {
		cfg := VoiceConfigOf(c)
		cfg.HTTPClient, cfg.Say, cfg.Hook = f.Client(cfg.BaseURL), f.Say, f.Hook(c)
		return carrier.AsDriver(NewVoice(cfg))
	}}
}

// messagesOpener opens channels of both kinds of message. States are told to the public address and files are fetched
// from it; without one nobody could do either.
func messagesOpener(f carrier.Facilities) func(domain.Channel) (carrier.Driver, error) {
	return func(c domain.Channel) (carrier.Driver, error) {
		cfg := ConfigOf(c)
		cfg.HTTPClient, cfg.StatusCallback = f.Client(cfg.BaseURL), f.Hook(c)
		if !f.Public.IsZero() {
			cfg.Publish = f.Publish
		}
		return carrier.AsDriver(New(cfg))
	}
}

// ConfigOf reads what the form kept in a channel for messages. What only the program knows is left to the caller.
func ConfigOf(c domain.Channel) Config {
	return Config{
		BaseURL:    c.Settings["base_url"],
		AccountSID: c.Business,
		AuthToken:  c.Secrets["auth_token"],
		Number:     c.Account,
		Kind:       c.Kind,
	}
}

// VoiceConfigOf reads what the form kept in a channel for calls. What only the program knows is left to the caller.
func VoiceConfigOf(c domain.Channel) VoiceConfig {
	return VoiceConfig{
		BaseURL:    c.Settings["base_url"],
		AccountSID: c.Business,
		AuthToken:  c.Secrets["auth_token"],
		Number:     c.Account,
		ForwardTo:  c.Settings["forward_to"],
		Voicemail:  c.Settings["voicemail"] != "",
		Language:   c.Settings["language"],
	}
}
