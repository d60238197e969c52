package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/i18n"
)

// ParseIDs reads identifiers, leaving out what is none.
func ParseIDs(texts []string) []domain.ID {
	var out []domain.ID
	for _, s := range texts {
		if id := ParseID(s); !id.IsZero() {
			out = append(out, id)
		}
	}
	return out
}

// JoinIDs writes identifiers with spaces between, for the log.
func JoinIDs(ids []domain.ID) string {
	texts := make([]string, 0, len(ids))
	for _, id := range ids {
		texts = append(texts, id.String())
	}
	return strings.Join(texts, " ")
}

// QueryID reads an identifier from the query; what is not one is as good as none.
func QueryID(c echo.Context, name string) domain.ID { return ParseID(c.QueryParam(name)) }

// OnceField is the field of a form that names the form itself, so that sent twice it makes one thing.
const OnceField = "once"

// ParseID reads an identifier from a form; what is not one is as good as none.
func ParseID(s string) domain.ID {
	id, _ := domain.ParseID(s)
	return id
}

// Operator is the signed-in operator. The gate guarantees one on every route that is not open.
func Operator(c echo.Context) *domain.Operator {
	o, _ := c.Get(keyOperator).(*domain.Operator)
	return o
}

// SessionToken is the token of the reader's session.
func SessionToken(c echo.Context) string {
	token, _ := c.Get(keyToken).(string)
	return token
}

// Language is the language of the reader: their own choice, else what a link on an open page says, else what the
// browser asks.
func Language(c echo.Context) string {
	if o := Operator(c); o != nil && o.Language.IsValid() {
		return string(o.Language)
	}
	if l := domain.Language(c.QueryParam("lang")); Operator(c) == nil && l.IsValid() {
		return string(l)
	}
	return i18n.Match(c.Request().Header.Get("Accept-Language"))
}

// ThemeCookie keeps the look that was chosen in a browser, for the pages before the desk.
const ThemeCookie = "pult_theme"

// Theme is the look of the reader's pages: their own choice, else the one that was last used in this browser; "" follows
// the system.
func Theme(c echo.Context) string {
	if o := Operator(c); o != nil {
		return o.Preferences.Theme
	}
	for _, secure := range []bool{true, false} { // it is worth nothing to anybody: the name need not be known
		if kept := ReadCookie(c, ThemeCookie, secure); kept == "light" || kept == "dark" {
			return kept
		}
	}
	return ""
}

// Words speaks the reader's language.
func Words(c echo.Context) *i18n.Localizer { return i18n.For(Language(c)) }

// IsFragment reports whether htmx asked for a part of a page; a request that replaces the whole body gets the whole
// page.
func IsFragment(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-Request-Type") != "full" &&
		h.Get("HX-History-Restore-Request") != "true"
}

// PathID reads an identifier from the path. What is not one names nothing: NotFound.
func PathID(c echo.Context, name string) (domain.ID, error) {
	id, err := domain.ParseID(c.Param(name))
	if err != nil {
		return id, domain.ErrNotFound.Because(err)
	}
	return id, nil
}
