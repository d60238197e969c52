package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"sync"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/views"
)

// WriteHTML answers with what draw writes. It is drawn completely before the status goes out.
func (p *Pages) WriteHTML(c echo.Context, status int, draw func(w io.Writer) error) error {
	b := pages.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= largePage {
			pages.Put(b)
		}
	}()
	if err := draw(b); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "HX-Request, Accept-Encoding")
	return c.HTMLBlob(status, packBody(c, b.Bytes()))
}

// pages are the buffers pages are drawn into: a new one for each would be most of what the collector has to do.
var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largePage is the size above which a buffer is left to the collector.
const largePage = 1 << 20

// SendCached answers with something that changes when the settings do: browsers keep it for five minutes, and then ask
// whether it has.
func SendCached(c echo.Context, mime string, body []byte) error {
	head := c.Response().Header()
	tag := makeETag(body)
	head.Set("Cache-Control", "public, max-age=300")
	head.Set("ETag", tag)
	head.Add("Vary", "Accept-Encoding")
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, mime, packBody(c, body))
}

// WriteToast answers an htmx request with nothing but a short piece of news.
func (p *Pages) WriteToast(c echo.Context, key string, args ...any) error {
	return p.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return p.Views.Toast(w, Language(c), views.Toast{Text: Words(c).T(key, args...)})
	})
}

// Redirect leads the reader to another page of the desk, with or without htmx. to is a path of ours, never a text from
// outside.
func Redirect(c echo.Context, to string) error {
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// WithQuery adds a value to an address of ours.
func WithQuery(path, name, value string) string {
	return path + "?" + url.Values{name: {value}}.Encode()
}

// ModulePath is where the module Chats is switched on and off.
const ModulePath = "/settings/chats"

// ChatPath is the address of a conversation with a request selected, or without when the request is zero.
func ChatPath(conversation, request domain.ID) string {
	path := "/chats/" + conversation.String()
	if request.IsZero() {
		return path
	}
	return path + "?" + url.Values{"request": {request.String()}}.Encode()
}

// AllowFrames writes the policy of the page: as strict as the desk's, but for the sites that may show it.
func AllowFrames(c echo.Context, sites string) {
	if sites == "" {
		sites = "'none'"
	}
	c.Response().
		Header().
		Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors "+sites)
}

// makeETag names a body by its contents.
func makeETag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
