package main

import (
	"pult/domain"
	"pult/i18n"
	"pult/providers/twilio"
)

// voice is what Twilio's driver for telephone calls needs of a channel. The vendor asks the public address what a call does next;
// without one no call can be set up, and the pages offer to dial by hand instead.
func (s *server) voice(c domain.Channel) twilio.VoiceConfig {
	cfg := twilio.VoiceConfig{
		HTTPClient: s.client(c), BaseURL: c.Settings["base_url"], AccountSID: c.Business, AuthToken: c.Secrets["auth_token"], Number: c.Account,
		ForwardTo: c.Settings["forward_to"], Voicemail: c.Settings["voicemail"] != "", Language: c.Settings["language"], Say: spoken,
	}
	if public := s.publicURL(); public != "" {
		cfg.Hook = public + "/hooks/" + c.Key
	}
	return cfg
}

// spoken is a sentence that a telephone says.
func spoken(lang domain.Language, key string) string { return i18n.For(string(lang)).T(key) }
