// Package shop is a page on somebody else's origin: an invented seller of bicycles who pasted the desk's chat into
// it. Its words are samples, as those of the customers are; they stand in words.go.
package shop

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
)

//go:embed shop.html shop.css
var files embed.FS

var page = template.Must(template.ParseFS(files, "shop.html"))

// Chat is the desk's chat that the shop pasted into its page.
type Chat struct {
	Origin string // of the desk's public address
	Key    string // of the channel; "" = there is no chat, and no shop to show it
}

// Path is where the shop's page is.
const Path = "/shop"

// Paths are the patterns of all addresses that New serves.
var Paths = []string{Path, Path + "/"}

// New makes the shop's pages.
func New(chat Chat) http.Handler {
	mux := http.NewServeMux()
	if chat.Key == "" {
		return mux
	}
	mux.HandleFunc("GET "+Path, chat.getPage)
	mux.HandleFunc("GET "+Path+"/shop.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "shop.css")
	})
	return mux
}

// pageView is what the page is drawn from.
type pageView struct {
	Lang         string
	Words        words
	Languages    []string
	Script, Chat string // addresses of the desk's chat
}

// getPage draws the shop. Its policy is as strict as a careful shop's: our chat must work under it.
func (c Chat) getPage(w http.ResponseWriter, r *http.Request) {
	lang := chooseLanguage(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	view := pageView{
		Lang:      lang,
		Words:     wordsOf[lang],
		Languages: languages,
		Script:    c.Origin + "/widget.js?channel=" + url.QueryEscape(c.Key),
		Chat:      c.Origin + "/chat/" + url.PathEscape(c.Key),
	}
	var b bytes.Buffer
	if err := page.Execute(&b, view); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	policy := "default-src 'none'; style-src 'self'; img-src 'self' data:; " +
		"script-src " + c.Origin + "; frame-src " + c.Origin
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	_, _ = w.Write(b.Bytes()) // the reader may have gone
}
