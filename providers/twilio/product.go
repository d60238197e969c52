package twilio

import (
	"pult/domain"
	"pult/domain/carrier"
)

// WhatsAppProduct says what it takes to connect a WhatsApp sender of Twilio's.
func WhatsAppProduct() carrier.Product {
	k := newProduct(products[domain.WhatsApp], domain.WhatsApp)
	k.Label = "provider.twilio.whatsapp.label"
	k.Prerequisites = []string{"provider.twilio.before.account", "provider.twilio.before.sender"}
	k.Steps = []string{"provider.twilio.step.sender", "provider.twilio.step.paste", "provider.twilio.step.public"}
	return k
}

// SMSProduct says what it takes to connect a telephone number of Twilio's.
func SMSProduct() carrier.Product {
	k := newProduct(products[domain.SMS], domain.SMS)
	k.Label = "provider.twilio.sms.label"
	k.Prerequisites = []string{"provider.twilio.before.account", "provider.twilio.before.number"}
	k.Steps = []string{"provider.twilio.step.number", "provider.twilio.step.paste", "provider.twilio.step.public"}
	return k
}

// newProduct is what both have in common. The names of the fields are those of New's complaints. The number is what
// names the channel on everything that comes in, so it is kept as the account.
func newProduct(driver string, of domain.ChannelKind) carrier.Product {
	return carrier.Product{
		Driver: driver, Kind: of, Headers: []string{signatureHeader, typeHeader},
		Fields: []carrier.Field{
			{
				Name:     "number",
				Label:    "provider.twilio.field.number",
				Help:     "provider.twilio.help.number",
				Required: true,
				Number:   true,
				Into:     "account",
			},
			{
				Name:     "account_sid",
				Label:    "provider.twilio.field.account_sid",
				Help:     "provider.twilio.help.account_sid",
				Required: true,
				Into:     "business",
			},
			{
				Name:     "auth_token",
				Label:    "provider.twilio.field.auth_token",
				Help:     "provider.twilio.help.auth_token",
				Secret:   true,
				Required: true,
				Into:     "secret:auth_token",
			},
			{
				Name:  "receive",
				Label: "provider.twilio.field.receive",
				Help:  "provider.twilio.help.receive",
				Into:  "setting:receive",
				Choices: []carrier.FieldChoice{
					{
						Value: "webhook",
						Words: "provider.twilio.receive.webhook",
					}, {
						Value: "poll",
						Words: "provider.twilio.receive.poll",
					},
				},
			},
			{
				Name:     "base_url",
				Label:    "provider.twilio.field.base_url",
				Help:     "provider.twilio.help.base_url",
				Address:  true,
				Advanced: true,
				Into:     "setting:base_url",
			},
		},
		Faults: []carrier.Fault{
			{Code: "20003", Field: "auth_token", Words: "provider.twilio.20003"},
			{Code: "20404", Field: "account_sid", Words: "provider.twilio.account_sid"},
			{Code: "20005", Field: "account_sid", Words: "provider.twilio.20005"},
		},
	}
}
