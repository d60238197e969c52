package phone

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pult/domain"
	"pult/i18n"
	"pult/providers/simulator/world"
)

// prefix is where the page is mounted.
const prefix = "/simulator"

// mailPrefix is where the customers' mail programs are. They have a mux of their own: to the one of the telephones it
// would be a number.
const mailPrefix = prefix + "/mail"

// ask is what every handler wants to know of a request: who holds which telephone, in what language.
type ask struct {
	lang     string
	wish     string // the language as the address asked for it, to be kept in links; "" = the browser's
	theme    string
	number   world.Number
	traits   world.Traits    // of the number
	customer *world.Customer // nil when none is chosen
	device   string          // address of the Device; "" = a number
	box      string          // of a mail program: its owner's address; "" = none is open
	fragment bool            // asked for by htmx
}

// readAsk is who asks in what language and with what taste.
func readAsk(r *http.Request) *ask {
	a := &ask{wish: r.URL.Query().Get("lang"), fragment: r.Header.Get("HX-Request") != ""}
	if !slices.Contains(i18n.Languages, a.wish) {
		a.wish = ""
	}
	if a.lang = a.wish; a.lang == "" {
		a.lang = i18n.Match(r.Header.Get("Accept-Language"))
	}
	if c, err := r.Cookie("pult_theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		a.theme = c.Value
	}
	return a
}

// link is an address of the page in the language that was asked for.
func (a *ask) link(parts ...string) string {
	path := prefix
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return a.addWish(path)
}

// addWish adds the language that was asked for to an address without a query.
func (a *ask) addWish(address string) string {
	if a.wish == "" {
		return address
	}
	return address + "?lang=" + a.wish
}

// here is the address of the open telephone, or of one of its parts.
func (a *ask) here(part ...string) string {
	return a.link(append([]string{a.number.ID, a.customer.ID}, part...)...)
}

// addQuery adds a query to an address.
func (a *ask) addQuery(address, name, value string) string {
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + name + "=" + url.QueryEscape(value)
}

// mailLink is an address of the mail programs.
func (a *ask) mailLink(parts ...string) string {
	path := mailPrefix
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return a.addWish(path)
}

// isCalled reports whether the number is one that is called and not written to.
func (a *ask) isCalled() bool { return a.traits.Kind == domain.Voice }
