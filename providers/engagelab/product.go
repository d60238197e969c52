package engagelab

import (
	"pult/domain"
	"pult/domain/carrier"
)

// Product says what it takes to connect a number by way of EngageLab. The names of the fields are those of New's
// complaints. The number itself is what names the channel on everything that comes in, so it is kept as the account.
func Product() carrier.Product {
	return carrier.Product{
		Driver: "engagelab", Kind: domain.WhatsApp, Label: "provider.engagelab.label",
		Prerequisites: []string{
			"provider.engagelab.before.account", "provider.engagelab.before.number", "provider.engagelab.before.key",
		},
		Fields: []carrier.Field{
			{
				Name:     "number",
				Label:    "provider.engagelab.field.number",
				Help:     "provider.engagelab.help.number",
				Required: true,
				Number:   true,
				Into:     "account",
			},
			{
				Name:     "business_id",
				Label:    "provider.engagelab.field.business_id",
				Help:     "provider.engagelab.help.business_id",
				Required: true,
				Into:     "business",
			},
			{
				Name:     "dev_key",
				Label:    "provider.engagelab.field.dev_key",
				Help:     "provider.engagelab.help.dev_key",
				Secret:   true,
				Required: true,
				Into:     "secret:dev_key",
			},
			{
				Name:     "dev_secret",
				Label:    "provider.engagelab.field.dev_secret",
				Help:     "provider.engagelab.help.dev_secret",
				Secret:   true,
				Required: true,
				Into:     "secret:dev_secret",
			},
			{
				Name:     "callback_username",
				Label:    "provider.engagelab.field.callback_username",
				Help:     "provider.engagelab.help.callback_username",
				Advanced: true,
				Into:     "setting:callback_username",
			},
			{
				Name:     "callback_secret",
				Label:    "provider.engagelab.field.callback_secret",
				Help:     "provider.engagelab.help.callback_secret",
				Secret:   true,
				Advanced: true,
				Into:     "secret:callback_secret",
			},
			{
				Name:     "callback_authorization",
				Label:    "provider.engagelab.field.callback_authorization",
				Help:     "provider.engagelab.help.callback_authorization",
				Secret:   true,
				Advanced: true,
				Into:     "secret:callback_authorization",
			},
			{
				Name:     "base_url",
				Label:    "provider.engagelab.field.base_url",
				Help:     "provider.engagelab.help.base_url",
				Address:  true,
				Advanced: true,
				Into:     "setting:base_url",
			},
		},
		Steps: []string{
			"provider.engagelab.step.open",
			"provider.engagelab.step.paste",
			"provider.engagelab.step.events",
			"provider.engagelab.step.lost",
		},
		Events: []string{
			"sent", "sent_failed", "delivered", "delivered_failed", "delivered_timeout", "received", "reply",
			"target_invalid", "read",
		},
		Headers: []string{signatureHeader},
		Faults: []carrier.Fault{
			{Code: "2001", Field: "dev_secret", Words: "provider.engagelab.2002"},
			{Code: "2002", Field: "dev_secret", Words: "provider.engagelab.2002"},
			{Code: "2004", Field: "dev_key", Words: "provider.engagelab.2004"},
		},
	}
}
