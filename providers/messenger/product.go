package messenger

import (
	"net/http"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
)

// Product says what it takes to connect a page: by signing in at Facebook, or with the page's id and token. The names
// of the fields are those of New's complaints. client is for the sign-in, as in Config; nil is the usual one.
func Product(client *http.Client) carrier.Product {
	return carrier.Product{
		Driver: "messenger", Kind: domain.Messenger, Label: "provider.messenger.label",
		Guide: "https://developers.facebook.com/docs/messenger-platform/getting-started",
		Prerequisites: []string{
			"provider.messenger.before.account", "provider.messenger.before.page", "provider.messenger.before.app",
		},
		Fields: []carrier.Field{
			{
				Name:     "app_id",
				Label:    "provider.messenger.field.app_id",
				Help:     "provider.messenger.help.app_id",
				Required: true,
				Digits:   15,
				Into:     "setting:app_id",
			},
			{
				Name:     "app_secret",
				Label:    "provider.messenger.field.app_secret",
				Help:     "provider.messenger.help.app_secret",
				Secret:   true,
				Required: true,
				Into:     "secret:app_secret",
			},
			{
				Name:     "page_id",
				Label:    "provider.messenger.field.page_id",
				Help:     "provider.messenger.help.page_id",
				Required: true,
				Digits:   15,
				Into:     "account",
			},
			{
				Name:     "page_token",
				Label:    "provider.messenger.field.page_token",
				Help:     "provider.messenger.help.page_token",
				Secret:   true,
				Required: true,
				Into:     "secret:page_token",
			},
			{
				Name:     "verify_token",
				Label:    "provider.messenger.field.verify_token",
				Help:     "provider.messenger.help.verify_token",
				Secret:   true,
				Generate: true,
				Required: true,
				Into:     "secret:verify_token",
			},
			{
				Name:   "human_agent",
				Label:  "provider.messenger.field.human_agent",
				Help:   "provider.messenger.help.human_agent",
				Switch: true,
				Into:   "setting:human_agent",
			},
			{
				Name:     "base_url",
				Label:    "provider.messenger.field.base_url",
				Help:     "provider.messenger.help.base_url",
				Address:  true,
				Advanced: true,
				Into:     "setting:base_url",
			},
			{
				Name:     "version",
				Label:    "provider.messenger.field.version",
				Help:     "provider.messenger.help.version",
				Advanced: true,
				Into:     "setting:version",
			},
		},
		Steps: []string{
			"provider.messenger.step.open", "provider.messenger.step.paste", "provider.messenger.step.fields", "provider.messenger.step.live",
		},
		Events:  fields,
		Headers: []string{graph.SignatureHeader},
		Login:   Login(client),
		Faults: []carrier.Fault{
			{Key: "provider.messenger.wrong_page", Field: "page_id", Words: "provider.messenger.wrong_page"},
			{Key: "provider.messenger.wrong_secret", Field: "app_secret", Words: "provider.messenger.wrong_secret"},
			{Code: "190", Field: "page_token", Words: "provider.messenger.test.token"},
			{Code: "10", Field: "page_token", Words: "provider.messenger.rights"},
			{Code: "200", Field: "page_token", Words: "provider.messenger.rights"},
			{Code: "230", Field: "page_token", Words: "provider.messenger.rights"},
		},
	}
}
