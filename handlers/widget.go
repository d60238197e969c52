package handlers

import (
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/i18n"
	"pult/static"
	"pult/views"
)

// widget is the chat on a shop's page: the script of its button, the page in its frame, and what that page asks for.
//
// A visitor shows a token: the page's script in a header, the plain page in a cookie that only it gets. Browsers give pages in
// frames of other sites no cookies, and a header cannot be sent by a page that does not know it.
type widget struct {
	desk   *desk.Desk
	page   *pages
	live   *visitorStreams
	secure bool // strangers reach us over TLS: the cookie is marked Secure
	now    func() time.Time
	log    *slog.Logger
}

func (h *widget) routes(g *echo.Group) {
	g.GET("/widget.js", h.loader)
	g.GET(static.Prefix+":hash/widget/:name", echo.WrapHandler(static.Handler()))
	g.GET("/chat/:key", h.show)
	g.POST("/chat/:key", h.send)
	g.GET("/chat/:key/colours.css", h.colours)
	g.GET("/chat/:key/messages", h.messages)
	g.POST("/chat/:key/messages", h.say)
	g.POST("/chat/:key/files", h.upload)
	g.GET("/chat/:key/messages/:id/files/:n", h.file)
	g.GET("/chat/:key/live", h.stream)
	g.POST("/chat/:key/read", h.read)
	g.POST("/chat/:key/typing", h.typing)
	g.POST("/chat/:key/identify", h.identify)
}

// loaderWords are what the button says, by language: it has to choose before anything else is loaded.
type loaderWords struct {
	Open      string `json:"open"`
	Close     string `json:"close"`
	Title     string `json:"title"`
	Unread    string `json:"unread"`
	Elsewhere string `json:"elsewhere"`
}

// loader answers with the script of the button, which any site may load and which works on the chat's own sites.
func (h *widget) loader(c echo.Context) error {
	w, err := h.desk.WebChat(c.Request().Context(), c.QueryParam("channel"))
	if err != nil {
		return h.refuse(c, err)
	}
	say := map[string]loaderWords{}
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		say[lang] = loaderWords{Open: l.T("widget.open"), Close: l.T("widget.close"), Title: l.T("widget.title"), Unread: l.T("widget.unread", "count", "#"), Elsewhere: l.T("widget.elsewhere")}
	}
	script, err := static.Loader(map[string]any{
		"key": w.Key, "colour": w.Colour, "ink": inkOn(w.Colour), "left": w.Left, "origins": w.Origins, "words": say,
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return h.kept(c, "text/javascript; charset=utf-8", script)
}

// kept answers with something that changes when the settings do: browsers keep it for five minutes, and then ask whether it has.
func (h *widget) kept(c echo.Context, mime string, body []byte) error {
	head := c.Response().Header()
	tag := etag(body)
	head.Set("Cache-Control", "public, max-age=300")
	head.Set("ETag", tag)
	head.Add("Vary", "Accept-Encoding")
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	if len(body) >= worthPacking && static.AcceptsEncoding(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		head.Set("Content-Encoding", "gzip")
		body = packed(body)
	}
	return c.Blob(http.StatusOK, mime, body)
}

// show draws the page: in a frame for its script to bring to life, or by itself with the conversation in it.
func (h *widget) show(c echo.Context) error {
	w, err := h.desk.WebChat(c.Request().Context(), c.Param("key"))
	if err != nil {
		return h.gone(c, err)
	}
	origin := c.QueryParam("origin")
	if origin != "" && !slices.Contains(w.Origins, origin) {
		return h.gone(c, domain.Refuse(domain.Forbidden, "widget.not_here"))
	}
	return h.draw(c, http.StatusOK, w, h.holder(c), views.WidgetForm{}, "")
}

// draw answers with the page. messageID is what the form sends again after a refusal; "" makes a new one.
func (h *widget) draw(c echo.Context, status int, w desk.WebChat, v *domain.Visitor, form views.WidgetForm, messageID string) error {
	p, err := h.drawn(c, w, v, form)
	if err != nil {
		return h.gone(c, err)
	}
	if p.ID = messageID; p.ID == "" {
		p.ID = rand.Text()
	}
	p.Origin = c.QueryParam("origin")
	allowFrames(c, strings.Join(w.Origins, " "))
	return h.page.html(c, status, func(out io.Writer) error { return h.page.views.WidgetPage(out, p) })
}

// allowFrames writes the policy of the page: as strict as the desk's, but for the sites that may show it.
func allowFrames(c echo.Context, sites string) {
	if sites == "" {
		sites = "'none'"
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors "+sites)
}

// visitorCookie names the cookie of the page without script. Its path keeps it to one chat.
const visitorCookie = "pult_chat"

// token is what the request shows: the header of the page's script, else the cookie of the plain page.
func token(c echo.Context) string {
	if t, ok := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	if cookie, err := c.Cookie(visitorCookie); err == nil {
		return cookie.Value
	}
	return ""
}

// holder is the visitor who shows a token; nil for somebody who never wrote.
func (h *widget) holder(c echo.Context) *domain.Visitor {
	v, err := h.desk.Visitor(c.Request().Context(), c.Param("key"), token(c))
	if err != nil {
		return nil
	}
	return &v
}

// visitor is holder for routes that are nothing without one.
func (h *widget) visitor(c echo.Context) (domain.Visitor, error) {
	return h.desk.Visitor(c.Request().Context(), c.Param("key"), token(c))
}

// setVisitor gives the plain page a token for a year.
func (h *widget) setVisitor(c echo.Context, value string) {
	c.SetCookie(&http.Cookie{
		Name: visitorCookie, Value: value, Path: "/chat/" + c.Param("key"), MaxAge: int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: h.secure,
	})
}

// newToken makes a token for a browser without script.
func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on the systems Go supports
	return desk.NewVisitorToken(b[:])
}

// gone answers with a small page that says why there is no chat here.
func (h *widget) gone(c echo.Context, err error) error {
	status := statusOf(err)
	if status >= http.StatusInternalServerError {
		h.page.logFailure(c, err)
	}
	allowFrames(c, "")
	p := views.WidgetGone{Lang: lang(c), Text: h.page.sentence(c, err, status)}
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.WidgetGone(w, p) })
}

// refuse answers the page's script: the sentence, and the faults by field.
func (h *widget) refuse(c echo.Context, err error) error {
	status := statusOf(err)
	if status >= http.StatusInternalServerError {
		h.page.logFailure(c, err)
	}
	setRetryAfter(c, err, status)
	return c.JSON(status, map[string]any{"sentence": h.page.sentence(c, err, status), "faults": visitorFaults(c, err)})
}

// visitorFaults are the faults of a visitor's form by field. A mail address with accents is told with one that would do.
func visitorFaults(c echo.Context, err error) map[string]string {
	out := fields(c, err)
	var e *domain.Error
	if errors.As(err, &e) && e.Args["hint"] != nil && out["email"] != "" {
		out["email"] = words(c).T("widget.email_accents_hint", "address", e.Args["hint"])
	}
	return out
}
