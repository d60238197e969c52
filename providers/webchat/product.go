package webchat

import (
	"pult/domain"
	"pult/domain/carrier"
)

// Product is the web chat as the settings pages offer it.
func Product() carrier.Product {
	return carrier.Product{
		Driver: "webchat", Kind: domain.WebChat, Label: "provider.webchat.label",
		Prerequisites: []string{"provider.webchat.before.site"},
		Fields: []carrier.Field{
			{
				Name:     "origins",
				Label:    "provider.webchat.field.origins",
				Help:     "provider.webchat.help.origins",
				Required: true,
				Into:     "setting:origins",
			},
			{
				Name:     "identity_secret",
				Label:    "provider.webchat.field.identity_secret",
				Help:     "provider.webchat.help.identity_secret",
				Secret:   true,
				Generate: true,
				Once:     true,
				Advanced: true,
				Into:     "secret:identity_secret",
			},
		},
		Steps:   []string{"provider.webchat.step.paste", "provider.webchat.step.end", "provider.webchat.step.try"},
		Snippet: `<script src="{origin}/widget.js?channel={key}" async></script>` + "\n" + `<noscript><a href="{origin}/chat/{key}">Chat</a></noscript>`,
		Tabs:    []carrier.Tab{{Path: "appearance", Label: "webchat.appearance"}},
	}
}
