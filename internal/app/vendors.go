package app

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/i18n"
	"pult/providers/email"
	"pult/providers/engagelab"
	"pult/providers/messenger"
	"pult/providers/twilio"
	"pult/providers/webchat"
	"pult/providers/whatsapp"
	"pult/providers/wire"
)

// kinds are what the settings pages offer to connect, in the order of the catalogue. client is for those whose account is chosen
// by signing in at the vendor.
func kinds(client *http.Client) []carrier.Product {
	return []carrier.Product{
		whatsapp.Product(), engagelab.Product(), twilio.WhatsAppProduct(), messenger.Product(client), twilio.SMSProduct(), twilio.VoiceProduct(), webchat.Product(), email.Product(),
	}
}

// driver lists the vendors by name: a channel's driver speaks to its vendor.
func (s *server) driver(c domain.Channel) (carrier.Driver, error) {
	switch c.Driver {
	case "whatsapp-cloud":
		return driver(whatsapp.New(whatsapp.Config{
			HTTPClient: s.client(c), BaseURL: c.Settings["base_url"], Version: c.Settings["version"], PhoneNumberID: c.Account, BusinessID: c.Business, Number: c.Number,
			AppSecret: c.Secrets["app_secret"], VerifyToken: c.Secrets["verify_token"], AccessToken: c.Secrets["access_token"],
		}))
	case "messenger":
		return driver(messenger.New(messenger.Config{
			HTTPClient: s.client(c), BaseURL: c.Settings["base_url"], Version: c.Settings["version"], PageID: c.Account, AppID: c.Settings["app_id"],
			AppSecret: c.Secrets["app_secret"], VerifyToken: c.Secrets["verify_token"], PageToken: c.Secrets["page_token"],
			HumanAgent: c.Settings["human_agent"] != "", Now: time.Now,
		}))
	case "twilio-whatsapp", "twilio-sms":
		return driver(twilio.New(s.twilio(c)))
	case "twilio-voice":
		return driver(twilio.NewVoice(s.voice(c)))
	case "engagelab":
		return driver(engagelab.New(s.engagelab(c)))
	case "webchat":
		return driver(webchat.New(webchat.Config{Channel: c.ID, Origins: c.Settings["origins"]}))
	case "email":
		return driver(email.New(s.mailbox(c)))
	}
	return nil, fmt.Errorf("no driver %q in this version", c.Driver)
}

// driver gives what a vendor's own constructor gave as what all of them are.
func driver[D carrier.Driver](d D, err error) (carrier.Driver, error) {
	if err != nil {
		return nil, err // not d: a nil pointer in an interface is not nil
	}
	return d, nil
}

// twilio is what Twilio's driver for messages needs of a channel. States are told to the public address; without one nobody could call it.
func (s *server) twilio(c domain.Channel) twilio.Config {
	cfg := twilio.Config{
		HTTPClient: s.client(c), BaseURL: c.Settings["base_url"], AccountSID: c.Business, AuthToken: c.Secrets["auth_token"], Number: c.Account, Kind: c.Kind,
	}
	if public := s.publicURL(); public != "" {
		cfg.StatusCallback, cfg.Publish = public+"/hooks/"+c.Key, s.publish
	}
	return cfg
}

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

// engagelab is what EngageLab's driver needs of a channel.
func (s *server) engagelab(c domain.Channel) engagelab.Config {
	cfg := engagelab.Config{
		HTTPClient: s.client(c), BaseURL: c.Settings["base_url"], Number: c.Account, BusinessID: c.Business, DevKey: c.Secrets["dev_key"], DevSecret: c.Secrets["dev_secret"],
		CallbackUsername: c.Settings["callback_username"], CallbackSecret: c.Secrets["callback_secret"],
		CallbackAuthorization: c.Secrets["callback_authorization"], Now: time.Now,
	}
	if s.publicURL() != "" {
		cfg.Publish = s.publish
	}
	return cfg
}

// mailbox is what the driver for e-mail needs of a channel.
func (s *server) mailbox(c domain.Channel) email.Config {
	cfg := email.ConfigOf(c)
	cfg.Now, cfg.HTTPClient, cfg.Dial = time.Now, s.typedClient(), s.guard().DialTyped
	cfg.Keep = func(token domain.Secret) { s.keepToken(c.ID, token) }
	return cfg
}

// keepToken stores the refresh token that a vendor gave in exchange for the old one. The connection goes on with it by itself, so
// the channel is not connected anew; a channel that is only being tried is not stored yet.
func (s *server) keepToken(channel domain.ID, token domain.Secret) {
	if channel.IsZero() {
		return
	}
	err := s.store.Update(context.Background(), func(tx *store.Tx) error {
		c, err := tx.Channel(channel)
		if err != nil || c.Removed {
			return err
		}
		c.Secrets = maps.Clone(c.Secrets)
		c.Secrets["refresh_token"] = token
		return tx.PutChannel(&c)
	})
	if err != nil {
		s.log.Error("keep a refresh token", "channel", channel, "err", err)
	}
}

// guard keeps connections to typed addresses out of the inside of the network.
func (s *server) guard() wire.Guard {
	return wire.Guard{Private: s.config.Network.AllowPrivate}
}

// client is for calls to a channel's vendor: it goes where the guard lets it. Those of one server share their connections.
func (s *server) client(c domain.Channel) *http.Client {
	address := c.Settings["base_url"]
	if known, ok := s.clients.Load(address); ok {
		return known.(*http.Client)
	}
	known, _ := s.clients.LoadOrStore(address, s.guard().Client(address))
	return known.(*http.Client)
}

// typedClient is for calls to addresses that are typed one by one: each may name this machine, plainly.
func (s *server) typedClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: s.guard().DialTyped, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute}}
}

// publish puts a file that is about to be sent where a vendor can fetch it for a while.
func (s *server) publish(ctx context.Context, m carrier.OutgoingMedia) (string, error) {
	token, err := s.desk.Publish(ctx, m.File)
	if err != nil {
		return "", err
	}
	return s.publicURL() + "/f/" + token, nil
}

// publicURL is where vendors reach this desk, without a slash at the end; "" when nobody outside can. The demo's vendors are on
// this machine and reach it in any case.
func (s *server) publicURL() string {
	if s.config.Public.URL.IsZero() && s.flags.demo && s.outer != nil {
		return browserURL(s.outer.Addr())
	}
	return s.config.Public.URL.String()
}
