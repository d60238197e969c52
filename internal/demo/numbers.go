package demo

import (
	"pult/providers/simulator"
	"pult/providers/simulator/world"
)

// Numbers are the shop's addresses as the simulated vendors know them, calling the desk at its public address. Those
// without an id of their own at their vendor go by the key of their channel.
func Numbers(public string) []world.Number {
	hook := func(key string) string { return public + "/hooks/" + key }
	graph := func(id, phone, name, key string) world.Number {
		return world.Number{ID: id, Account: businessAccount, Phone: phone, Name: name,
			AppSecret: "demo-app-secret", AccessToken: "demo-access-token", Hook: hook(key)}
	}
	// One account has one address to call, whatever the product.
	twilio := func(key, vendor string) world.Number {
		return world.Number{ID: key, Vendor: vendor, Account: twilioAccount, Phone: twilioNumber, Name: "Pult demo",
			AppSecret: "demo-twilio-token", Hook: hook("demo-twilio")}
	}
	return []world.Number{
		graph("100000000000001", "+420601000111", "Pult demo", "demo-whatsapp"),
		graph("100000000000002", "+33601000222", "Pult démo", "demo-whatsapp-fr"),
		twilio("demo-twilio", simulator.TwilioWhatsApp),
		twilio("demo-twilio-sms", simulator.TwilioSMS),
		{
			ID:        "demo-voice",
			Vendor:    simulator.TwilioVoice,
			Account:   twilioAccount,
			Phone:     twilioNumber,
			Name:      "Pult demo",
			AppSecret: "demo-twilio-token",
			Hook:      hook("demo-voice"),
		},
		{
			ID: "demo-engagelab", Vendor: simulator.EngageLab, Account: labAccount, Phone: labNumber, Name: "Pult demo",
			AccessToken: "demo-devkey:demo-devsecret", Hook: hook("demo-engagelab"),
		},
		{
			ID: facebookPage, Vendor: simulator.Messenger, Account: facebookApp, Name: "Pult demo",
			AppSecret: "demo-app-secret", AccessToken: "demo-page-token", Hook: hook("demo-messenger"),
		},
	}
}
