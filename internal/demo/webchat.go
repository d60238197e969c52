package demo

import (
	"strings"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// WebChatKey is the key of the chat on the invented shop's page.
const WebChatKey = "demo-web"

// Shop names, in Options.ChannelURL, the site of the invented shop.
const Shop = "shop"

// webChat is the chat on the shop's page. The shop answers to both names of this machine.
func webChat(site string) domain.Channel {
	return domain.Channel{
		Key: WebChatKey, Kind: domain.WebChat, Driver: "webchat", Name: "Chat na webu", Enabled: true,
		Settings: map[string]string{"origins": site + " " + strings.Replace(site, "127.0.0.1", "localhost", 1)},
	}
}

// visit keeps somebody who chats on the shop's page as a visitor, under the id that their contact has.
func (p *plan) visit(tx *store.Tx) error {
	if p.channel.Key != WebChatKey {
		return nil
	}
	return tx.PutVisitor(&domain.Visitor{
		ID: p.contact.ID, ChannelID: p.channel.ID, Name: p.contact.Name, Language: p.contact.Language, CreatedAt: p.contact.CreatedAt,
	})
}

// onPage is a visitor who writes from a page of the shop.
func onPage(name string, l domain.Language, title, path string) person {
	return person{name: name, language: l, details: map[string]string{
		"visitor.page_title": title, "visitor.page": "https://shop.example" + path,
	}}
}

// visitors are the conversations on the shop's page.
var visitors = []talk{
	{at: webShop, with: onPage("Ivana", domain.Czech, "Městská kola", "/kola"), ends: 3 * time.Minute, said: []line{
		them("Dobrý den, máte to městské kolo s košíkem i v menším rámu?"),
		us(martin, "Dobrý den, máme, rám 17 palců je skladem v zelené a krémové."),
		them("A dá se v sobotu vyzkoušet?").after(2 * time.Minute),
	}},
	{at: webShop, with: onPage("Mathilde", domain.French, "Vélos cargos", "/velos"), ends: 5 * time.Hour, assignee: laure, said: []line{
		them("Bonjour, le vélo cargo est-il livré monté ?"),
		us(laure, "Bonjour, oui, monté et réglé, prêt à rouler."),
		them("Parfait, je commande. Merci !"),
		us(laure, "Merci à vous, bonne journée !"),
	}},
}
