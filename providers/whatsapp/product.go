package whatsapp

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
)

// Product says what it takes to connect a number of the Cloud API. The names of the fields are those of New's
// complaints.
func Product() carrier.Product {
	return carrier.Product{
		Driver: "whatsapp-cloud", Kind: domain.WhatsApp, Label: "provider.whatsapp.label",
		Guide: "https://developers.facebook.com/docs/whatsapp/cloud-api/get-started",
		Prerequisites: []string{
			"provider.whatsapp.before.account", "provider.whatsapp.before.number", "provider.whatsapp.before.token",
		},
		Fields: []carrier.Field{
			{
				Name:     "phone_number_id",
				Label:    "provider.whatsapp.field.phone_number_id",
				Help:     "provider.whatsapp.help.phone_number_id",
				Required: true,
				Digits:   15,
				Into:     "account",
			},
			{
				Name:     "business_id",
				Label:    "provider.whatsapp.field.business_id",
				Help:     "provider.whatsapp.help.business_id",
				Required: true,
				Digits:   15,
				Into:     "business",
			},
			{
				Name:   "number",
				Label:  "provider.whatsapp.field.number",
				Help:   "provider.whatsapp.help.number",
				Number: true,
				Into:   "number",
			},
			{
				Name:     "number2",
				Label:    "provider.whatsapp.field.number2",
				Help:     "provider.whatsapp.help.number2",
				Number:   true,
				Advanced: true,
				Into:     "second:number",
			},
			{
				Name:     "phone_number_id2",
				Label:    "provider.whatsapp.field.phone_number_id2",
				Help:     "provider.whatsapp.help.phone_number_id2",
				Digits:   15,
				Advanced: true,
				Into:     "second:account",
			},
			{
				Name:     "access_token",
				Label:    "provider.whatsapp.field.access_token",
				Help:     "provider.whatsapp.help.access_token",
				Secret:   true,
				Required: true,
				Into:     "secret:access_token",
			},
			{
				Name:     "app_secret",
				Label:    "provider.whatsapp.field.app_secret",
				Help:     "provider.whatsapp.help.app_secret",
				Secret:   true,
				Required: true,
				Into:     "secret:app_secret",
			},
			{
				Name:     "verify_token",
				Label:    "provider.whatsapp.field.verify_token",
				Help:     "provider.whatsapp.help.verify_token",
				Secret:   true,
				Generate: true,
				Required: true,
				Into:     "secret:verify_token",
			},
			{
				Name:     "base_url",
				Label:    "provider.whatsapp.field.base_url",
				Help:     "provider.whatsapp.help.base_url",
				Address:  true,
				Advanced: true,
				Into:     "setting:base_url",
			},
			{
				Name:     "version",
				Label:    "provider.whatsapp.field.version",
				Help:     "provider.whatsapp.help.version",
				Advanced: true,
				Into:     "setting:version",
			},
		},
		Steps: []string{
			"provider.whatsapp.step.open", "provider.whatsapp.step.paste", "provider.whatsapp.step.fields", "provider.whatsapp.step.live",
		},
		Events: []string{
			"messages", "message_template_status_update", "message_template_quality_update", "template_category_update",
			"account_update", "phone_number_quality_update", "user_preferences",
		},
		Headers: []string{graph.SignatureHeader},
		Faults: []carrier.Fault{
			{Key: "provider.whatsapp.wrong_account", Field: "business_id", Words: "provider.whatsapp.wrong_account"},
			{Code: "190", Field: "access_token", Words: "provider.whatsapp.test.token"},
			{Code: "0", Field: "access_token", Words: "provider.whatsapp.test.token"},
			{Code: "10", Field: "access_token", Words: "provider.whatsapp.test.rights"},
			{Code: "200", Field: "access_token", Words: "provider.whatsapp.test.rights"},
			{Code: "100", Field: "phone_number_id", Words: "provider.whatsapp.test.id"},
			{Code: "33", Field: "phone_number_id", Words: "provider.whatsapp.test.id"},
		},
	}
}
