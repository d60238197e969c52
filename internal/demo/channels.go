package demo

import (
	"fmt"
	"strings"

	"pult/domain"
)

// shop names one of the addresses at which the demo's customers reach it.
type shop int

// The addresses, in the order in which they are connected.
const (
	czechShop shop = iota
	frenchShop
	twilioShop // WhatsApp by way of Twilio
	smsShop
	labShop  // WhatsApp by way of EngageLab
	pageShop // Messenger
	webShop  // the chat on the shop's page
	callShop // the telephone
	mailShop // e-mail
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

// channels are the addresses in the order of shop, each talking to its vendor where url says. docs/demo.md tells them to programs
// that speak a vendor's protocol.
func channels(url map[string]string) []domain.Channel {
	return []domain.Channel{
		graphNumber("demo-whatsapp", "WhatsApp Obchod", "+420601000111", "100000000000001", url),
		graphNumber("demo-whatsapp-fr", "WhatsApp Ventes", "+33601000222", "100000000000002", url),
		twilioProduct("demo-twilio", "WhatsApp Rozvoz", domain.WhatsApp, "twilio-whatsapp", url),
		twilioProduct("demo-twilio-sms", "SMS", domain.SMS, "twilio-sms", url),
		{
			Key: "demo-engagelab", Kind: domain.WhatsApp, Driver: "engagelab", Name: "WhatsApp Velkoobchod", Enabled: true,
			Number: labNumber, Account: labNumber, Business: labAccount, Settings: map[string]string{"base_url": url[EngageLab]},
			Secrets: map[string]domain.Secret{"dev_key": "demo-devkey", "dev_secret": "demo-devsecret"},
		},
		{
			Key: "demo-messenger", Kind: domain.Messenger, Driver: "messenger", Name: "Messenger", Enabled: true, Account: facebookPage,
			Settings: map[string]string{"base_url": url[Messenger], "app_id": facebookApp, "human_agent": "1"},
			Secrets:  map[string]domain.Secret{"app_secret": "demo-app-secret", "verify_token": "demo-verify-token", "page_token": "demo-page-token"},
		},
		webChat(url[Shop]),
		twilioProduct("demo-voice", "Telefon", domain.Voice, "twilio-voice", url),
		mailbox(url),
	}
}

func graphNumber(key, name, phone, account string, url map[string]string) domain.Channel {
	return domain.Channel{
		Key: key, Kind: domain.WhatsApp, Driver: "whatsapp-cloud", Name: name, Enabled: true, Number: phone, Account: account, Business: businessAccount,
		Settings: map[string]string{"base_url": url[Meta]},
		Secrets:  map[string]domain.Secret{"app_secret": "demo-app-secret", "verify_token": "demo-verify-token", "access_token": "demo-access-token"},
	}
}

// twilioProduct is a product of the one account. Webhooks of all of them may go to the first one's key.
func twilioProduct(key, name string, kind domain.ChannelKind, driver string, url map[string]string) domain.Channel {
	return domain.Channel{
		Key: key, Kind: kind, Driver: driver, Name: name, Enabled: true, Number: twilioNumber, Account: twilioNumber, Business: twilioAccount,
		Settings: map[string]string{"base_url": url[Twilio]}, Secrets: map[string]domain.Secret{"auth_token": "demo-twilio-token"},
	}
}

// vendorID makes the id that a channel's vendor would have given a message.
func vendorID(c *domain.Channel, id domain.ID) string {
	switch {
	case c.Kind == domain.Voice:
		return fmt.Sprintf("CA%x", [16]byte(id))
	case c.Business == twilioAccount:
		return fmt.Sprintf("SM%x", [16]byte(id))
	case c.Account == facebookPage:
		return "m_DEMO" + id.String()
	case c.Kind == domain.Email:
		return id.String() + "@pult.example"
	}
	return "wamid.DEMO" + strings.ToUpper(id.String())
}

// furthest is the last state that a channel's vendor reports.
func furthest(c *domain.Channel) domain.MessageState {
	switch c.Kind {
	case domain.SMS:
		return domain.StateDelivered
	case domain.Email:
		return domain.StateSent
	}
	return domain.StateRead
}
