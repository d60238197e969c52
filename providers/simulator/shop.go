package simulator

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The shop is a page of somebody else's: an invented seller of bicycles who pasted the desk's chat into it. Its words are samples
// as those of the customers are.

//go:embed shop/shop.html shop/shop.css
var shopFiles embed.FS

var shopPage = template.Must(template.ParseFS(shopFiles, "shop/shop.html"))

// bicycle is something the shop sells.
type bicycle struct{ Name, Words, Price, Shape string }

// shopWords are the shop's page in one language.
type shopWords struct {
	Lang, Name, Slogan, Intro, About, Address, Foot string
	Bicycles                                        []bicycle
	Languages                                       []string
	Script, Chat                                    string // addresses of the desk's chat
	Link                                            string
}

var shops = map[string]shopWords{
	"cs": {
		Name: "Kola U Přívozu", Slogan: "Městská, nákladní a dětská kola od roku 1994", Intro: "Každé kolo u nás skládáme ručně a první servis je zdarma.",
		About: "Kde nás najdete", Address: "Přívozní 12, Praha 7 · denně 9–18 hodin", Foot: "Smyšlený obchod pro ukázku chatu.", Link: "Napsat nám",
		Bicycles: []bicycle{
			{"Vltava 7", "Městské kolo se sedmi převody a košíkem", "14 900 Kč", "city"},
			{"Náklaďák", "Nákladní kolo pro dvě děti a nákup", "62 500 Kč", "cargo"},
			{"Šroubek 20", "Dětské kolo od šesti let, jen 8 kg", "8 900 Kč", "kids"},
		},
	},
	"fr": {
		Name: "Les Vélos du Bac", Slogan: "Vélos de ville, cargos et enfants depuis 1994", Intro: "Chaque vélo est monté à la main et la première révision est offerte.",
		About: "Où nous trouver", Address: "12, rue du Bac, Lyon · tous les jours de 9 h à 18 h", Foot: "Boutique inventée pour montrer le chat.", Link: "Nous écrire",
		Bicycles: []bicycle{
			{"Saône 7", "Vélo de ville à sept vitesses, avec panier", "590 €", "city"},
			{"Le Porteur", "Vélo cargo pour deux enfants et les courses", "2 490 €", "cargo"},
			{"Petit Boulon 20", "Vélo d’enfant dès six ans, 8 kg seulement", "349 €", "kids"},
		},
	},
	"en": {
		Name: "Ferry Lane Bicycles", Slogan: "City, cargo and children’s bicycles since 1994", Intro: "We build every bicycle by hand, and the first service is free.",
		About: "Where to find us", Address: "12 Ferry Lane, Bristol · daily 9 am to 6 pm", Foot: "An invented shop that shows the chat.", Link: "Write to us",
		Bicycles: []bicycle{
			{"Avon 7", "City bicycle with seven gears and a basket", "£490", "city"},
			{"The Carrier", "Cargo bicycle for two children and the shopping", "£2,190", "cargo"},
			{"Little Bolt 20", "Children’s bicycle from six years, only 8 kg", "£299", "kids"},
		},
	},
}

var shopLanguages = []string{"cs", "fr", "en"}

// Chat is the desk's chat that the shop pasted into its page.
type Chat struct {
	Origin string // of the desk's public address
	Key    string // of the channel
}

// ShopURL is the address of the shop's page; "" before Start, or when there is no chat to show.
func (s *Simulator) ShopURL() string {
	if s.URL() == "" || s.opts.Chat.Key == "" {
		return ""
	}
	return s.URL() + "/shop"
}

// shopRoutes adds the shop to the vendors: one address more on loopback, and another origin than the desk's.
func (s *Simulator) shopRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /shop", s.getShop)
	mux.HandleFunc("GET /shop/shop.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, shopFiles, "shop/shop.css")
	})
}

// getShop draws the shop. Its policy is as strict as a careful shop's: our chat must work under it.
func (s *Simulator) getShop(w http.ResponseWriter, r *http.Request) {
	if s.opts.Chat.Key == "" {
		http.NotFound(w, r)
		return
	}
	lang := r.URL.Query().Get("lang")
	if !slices.Contains(shopLanguages, lang) {
		lang = spoken(r.Header.Get("Accept-Language"))
	}
	page := shops[lang]
	page.Lang, page.Languages = lang, shopLanguages
	page.Script = s.opts.Chat.Origin + "/widget.js?channel=" + url.QueryEscape(s.opts.Chat.Key)
	page.Chat = s.opts.Chat.Origin + "/chat/" + url.PathEscape(s.opts.Chat.Key)
	var b bytes.Buffer
	if err := shopPage.Execute(&b, page); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src "+s.opts.Chat.Origin+"; frame-src "+s.opts.Chat.Origin)
	_, _ = w.Write(b.Bytes()) // the reader may have gone
}

// spoken is the shop's language that comes first in an Accept-Language header.
func spoken(accept string) string {
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		if l := strings.TrimSpace(part); len(l) >= 2 && slices.Contains(shopLanguages, l[:2]) {
			return l[:2]
		}
	}
	return "en"
}
