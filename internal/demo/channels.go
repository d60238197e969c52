package demo

import (
	"context"
	"maps"
	"net"
	"strings"

	"pult/domain"
	"pult/domain/store"
)

// The vendors that Options.ChannelURL knows.
const (
	Meta      = "whatsapp"
	Twilio    = "twilio"
	EngageLab = "engagelab"
	Messenger = "messenger"
)

const (
	businessAccount = "200000000000001" // at Meta
	twilioAccount   = "ACdemo0000000000000000000000000001"
	twilioNumber    = "+420602000333"
	labNumber       = "+420603000444"
	labAccount      = "200000000000002"
	facebookPage    = "300000000000001"
	facebookApp     = "400000000000001"
)

// WebChatKey is the key of the chat on the invented shop's page.
const WebChatKey = "demo-web"

// Shop names, in Options.ChannelURL, the site of the invented shop.
const Shop = "shop"

// The mailbox of the shop. Its servers stand in Options.ChannelURL as host and port.
const (
	IMAP = "imap"
	SMTP = "smtp"

	MailAddress  = "desk@pult.example"
	MailPassword = "demo-mail-password"
)

// listChannels gives the channels in the order of talks.Channel, each talking to its vendor where url says.
// docs/demo.md tells them to programs that speak a vendor's protocol.
func listChannels(url map[string]string) []domain.Channel {
	return []domain.Channel{
		graphChannel("demo-whatsapp", "WhatsApp Obchod", "+420601000111", "100000000000001", url),
		graphChannel("demo-whatsapp-fr", "WhatsApp Ventes", "+33601000222", "100000000000002", url),
		twilioChannel("demo-twilio", "WhatsApp Rozvoz", domain.WhatsApp, "twilio-whatsapp", url),
		twilioChannel("demo-twilio-sms", "SMS", domain.SMS, "twilio-sms", url),
		{
			Key:      "demo-engagelab",
			Kind:     domain.WhatsApp,
			Driver:   "engagelab",
			Name:     "WhatsApp Velkoobchod",
			Enabled:  true,
			Number:   labNumber,
			Account:  labNumber,
			Business: labAccount,
			Settings: map[string]string{"base_url": url[EngageLab]},
			Secrets:  map[string]domain.Secret{"dev_key": "demo-devkey", "dev_secret": "demo-devsecret"},
		},
		{
			Key:      "demo-messenger",
			Kind:     domain.Messenger,
			Driver:   "messenger",
			Name:     "Messenger",
			Enabled:  true,
			Account:  facebookPage,
			Settings: map[string]string{"base_url": url[Messenger], "app_id": facebookApp, "human_agent": "1"},
			Secrets: map[string]domain.Secret{
				"app_secret":   "demo-app-secret",
				"verify_token": "demo-verify-token",
				"page_token":   "demo-page-token",
			},
		},
		webChatChannel(url[Shop]),
		twilioChannel("demo-voice", "Telefon", domain.Voice, "twilio-voice", url),
		mailChannel(url),
	}
}

// graphChannel is a WhatsApp number at Meta itself.
func graphChannel(key, name, phone, account string, url map[string]string) domain.Channel {
	return domain.Channel{
		Key:      key,
		Kind:     domain.WhatsApp,
		Driver:   "whatsapp-cloud",
		Name:     name,
		Enabled:  true,
		Number:   phone,
		Account:  account,
		Business: businessAccount,
		Settings: map[string]string{"base_url": url[Meta]},
		Secrets: map[string]domain.Secret{
			"app_secret":   "demo-app-secret",
			"verify_token": "demo-verify-token",
			"access_token": "demo-access-token",
		},
	}
}

// twilioChannel is a product of the one account. Webhooks of all of them may go to the first one's key.
func twilioChannel(key, name string, kind domain.ChannelKind, driver string, url map[string]string) domain.Channel {
	return domain.Channel{
		Key:      key,
		Kind:     kind,
		Driver:   driver,
		Name:     name,
		Enabled:  true,
		Number:   twilioNumber,
		Account:  twilioNumber,
		Business: twilioAccount,
		Settings: map[string]string{"base_url": url[Twilio]},
		Secrets:  map[string]domain.Secret{"auth_token": "demo-twilio-token"},
	}
}

// webChatChannel is the chat on the shop's page. The shop answers to both names of this machine.
func webChatChannel(site string) domain.Channel {
	return domain.Channel{
		Key: WebChatKey, Kind: domain.WebChat, Driver: "webchat", Name: "Chat na webu", Enabled: true,
		Settings: map[string]string{"origins": site + " " + strings.Replace(site, "127.0.0.1", "localhost", 1)},
	}
}

// mailChannel is the channel of the shop's letters.
func mailChannel(url map[string]string) domain.Channel {
	settings := map[string]string{
		"imap_security": "none",
		"smtp_security": "none",
		"sent_copy":     "yes",
		"plus_address":  "yes",
	}
	// without servers the mailbox cannot be reached
	settings["imap_host"], settings["imap_port"], _ = net.SplitHostPort(url[IMAP])
	settings["smtp_host"], settings["smtp_port"], _ = net.SplitHostPort(url[SMTP])
	return domain.Channel{
		Key: "demo-mail", Kind: domain.Email, Driver: "email", Name: "E-mail", Enabled: true, Account: MailAddress,
		Settings: settings, Secrets: map[string]domain.Secret{"password": MailPassword},
	}
}

// pointChannels gives the demo's channels the address that the simulated vendor has in this run.
func pointChannels(ctx context.Context, o Options) error {
	for _, wanted := range listChannels(o.ChannelURL) {
		var c domain.Channel
		var admin *domain.Operator
		err := o.Store.Update(ctx, func(tx *store.Tx) (err error) {
			if c, err = tx.ChannelByKey(wanted.Key); err != nil {
				return err
			}
			if admin, err = findAdministrator(tx); err != nil {
				return err
			}
			maps.Copy(c.Settings, wanted.Settings)
			return tx.PutChannel(&c)
		})
		if domain.KindOf(err) == domain.NotFound {
			continue // removed by whoever kept the data
		}
		if err != nil {
			return err
		}
		// Setting what is set already makes the desk connect anew, to the new address.
		if err := o.Desk.Channels.SetOperators(ctx, admin, c.ID, c.Operators); err != nil {
			return err
		}
	}
	return nil
}

// findAdministrator gives somebody who may manage channels.
func findAdministrator(tx *store.Tx) (*domain.Operator, error) {
	all, err := tx.Operators()
	for i := range all {
		if all[i].May(domain.ManageChannels) {
			return &all[i], err
		}
	}
	if err == nil {
		err = domain.Refuse(domain.NotFound, "error.not_found")
	}
	return nil, err
}
