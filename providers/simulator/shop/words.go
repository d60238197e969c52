package shop

import (
	"slices"
	"strings"
)

// bicycle is something the shop sells.
type bicycle struct{ Name, Words, Price, Shape string }

// words are the shop's page in one language.
type words struct {
	Name, Slogan, Intro, About, Address, Foot, Link string
	Bicycles                                        []bicycle
}

var wordsOf = map[string]words{
	"cs": {
		Name: "Kola U Přívozu", Slogan: "Městská, nákladní a dětská kola od roku 1994",
		Intro: "Každé kolo u nás skládáme ručně a první servis je zdarma.",
		About: "Kde nás najdete", Address: "Přívozní 12, Praha 7 · denně 9–18 hodin",
		Foot: "Smyšlený obchod pro ukázku chatu.", Link: "Napsat nám",
		Bicycles: []bicycle{
			{"Vltava 7", "Městské kolo se sedmi převody a košíkem", "14 900 Kč", "city"},
			{"Náklaďák", "Nákladní kolo pro dvě děti a nákup", "62 500 Kč", "cargo"},
			{"Šroubek 20", "Dětské kolo od šesti let, jen 8 kg", "8 900 Kč", "kids"},
		},
	},
	"fr": {
		Name: "Les Vélos du Bac", Slogan: "Vélos de ville, cargos et enfants depuis 1994",
		Intro: "Chaque vélo est monté à la main et la première révision est offerte.",
		About: "Où nous trouver", Address: "12, rue du Bac, Lyon · tous les jours de 9 h à 18 h",
		Foot: "Boutique inventée pour montrer le chat.", Link: "Nous écrire",
		Bicycles: []bicycle{
			{"Saône 7", "Vélo de ville à sept vitesses, avec panier", "590 €", "city"},
			{"Le Porteur", "Vélo cargo pour deux enfants et les courses", "2 490 €", "cargo"},
			{"Petit Boulon 20", "Vélo d’enfant dès six ans, 8 kg seulement", "349 €", "kids"},
		},
	},
	"en": {
		Name: "Ferry Lane Bicycles", Slogan: "City, cargo and children’s bicycles since 1994",
		Intro: "We build every bicycle by hand, and the first service is free.",
		About: "Where to find us", Address: "12 Ferry Lane, Bristol · daily 9 am to 6 pm",
		Foot: "An invented shop that shows the chat.", Link: "Write to us",
		Bicycles: []bicycle{
			{"Avon 7", "City bicycle with seven gears and a basket", "£490", "city"},
			{"The Carrier", "Cargo bicycle for two children and the shopping", "£2,190", "cargo"},
			{"Little Bolt 20", "Children’s bicycle from six years, only 8 kg", "£299", "kids"},
		},
	},
}

var languages = []string{"cs", "fr", "en"}

// chooseLanguage is the one that is wished for, else the first that the shop has among those a browser accepts.
func chooseLanguage(wish, accept string) string {
	if slices.Contains(languages, wish) {
		return wish
	}
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		if l := strings.TrimSpace(part); len(l) >= 2 && slices.Contains(languages, l[:2]) {
			return l[:2]
		}
	}
	return "en"
}
