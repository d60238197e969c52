// Package widget answers for the chat on a shop's page. Those who ask are strangers: nothing here takes an operator.
//
// The map of its files: widget.go builds the handlers, and serves the script of the button and the page in its
// frame; thread.go is the conversation in it, say.go what a visitor sends, live.go the stream of one visitor.
package widget

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
	"pult/domain/desk/connections"
	"pult/domain/desk/webchat"
	"pult/domain/realtime"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/i18n"
	"pult/static"
	"pult/views"
)

// Widget is the chat on a shop's page: the script of its button, the page in its frame, and what that page asks for.
//
// A visitor shows a token: the page's script in a header, the plain page in a cookie that only it gets. Browsers give
// pages in frames of other sites no cookies, and a header cannot be sent by a page that does not know it.
type Widget struct {
	webchat *webchat.Service
	page    *web.Pages
	live    *liveNews
	secure  bool // strangers reach us over TLS: the cookie is marked Secure
}

// Options are what the room stands on. All are required.
type Options struct {
	Connections *connections.Service
	WebChat     *webchat.Service
	Hub         *realtime.Hub // what happens, and who types
	Page        *web.Pages
	Secure      bool // strangers reach us over TLS: the cookie is marked Secure
	Now         func() time.Time
	Log         *slog.Logger
}

// New prepares the handlers.
func New(o Options) *Widget {
	return &Widget{webchat: o.WebChat, page: o.Page, live: newLiveNews(o), secure: o.Secure}
}

// loaderWords are what the button says, by language: it has to choose before anything else is loaded.
type loaderWords struct {
	Open      string `json:"open"`
	Close     string `json:"close"`
	Title     string `json:"title"`
	Unread    string `json:"unread"`
	Elsewhere string `json:"elsewhere"`
}

// ServeLoader answers with the script of the button, which any site may load and which works on the chat's own sites.
func (h *Widget) ServeLoader(c echo.Context) error {
	w, err := h.webchat.Find(c.Request().Context(), c.QueryParam("channel"))
	if err != nil {
		return h.refuseScript(c, err)
	}
	say := map[string]loaderWords{}
	for _, lang := range i18n.Languages {
		l := i18n.For(lang)
		say[lang] = loaderWords{
			Open:      l.T("widget.open"),
			Close:     l.T("widget.close"),
			Title:     l.T("widget.title"),
			Unread:    l.T("widget.unread", "count", "#"),
			Elsewhere: l.T("widget.elsewhere"),
		}
	}
	script, err := static.Loader(map[string]any{
		"key":     w.Key,
		"colour":  w.Colour,
		"ink":     present.InkOn(w.Colour),
		"left":    w.Left,
		"origins": w.Origins,
		"words":   say,
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return web.SendCached(c, "text/javascript; charset=utf-8", script)
}

// Show draws the page: in a frame for its script to bring to life, or by itself with the conversation in it.
func (h *Widget) Show(c echo.Context) error {
	w, err := h.webchat.Find(c.Request().Context(), c.Param("key"))
	if err != nil {
		return h.drawGone(c, err)
	}
	origin := c.QueryParam("origin")
	if origin != "" && !slices.Contains(w.Origins, origin) {
		return h.drawGone(c, domain.Refuse(domain.Forbidden, "widget.not_here"))
	}
	return h.drawPage(c, http.StatusOK, w, h.findHolder(c), views.WidgetForm{}, "")
}

// drawPage answers with the page. messageID is what the form sends again after a refusal; "" makes a new one.
func (h *Widget) drawPage(
	c echo.Context,
	status int,
	w webchat.Chat,
	v *domain.Visitor,
	form views.WidgetForm,
	messageID string,
) error {
	p, err := h.fillPage(c, w, v, form)
	if err != nil {
		return h.drawGone(c, err)
	}
	if p.ID = messageID; p.ID == "" {
		p.ID = rand.Text()
	}
	p.Origin = c.QueryParam("origin")
	web.AllowFrames(c, strings.Join(w.Origins, " "))
	err = h.page.WriteHTML(c, status, func(out io.Writer) error { return h.page.Views.WidgetPage(out, p) })
	if n := len(p.Thread.Items); err == nil && v != nil && n > 0 {
		// The page without script cannot say what it has; with script nobody is known yet, and the script says it.
		err = h.webchat.MarkDelivered(c.Request().Context(), *v, p.Thread.Items[n-1].ID)
	}
	return err
}

// visitorCookie names the cookie of the page without script. Its path keeps it to one chat.
const visitorCookie = "pult_chat"

// readToken reads what the request shows: the header of the page's script, else the cookie of the plain page.
func readToken(c echo.Context) string {
	if t, ok := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	if cookie, err := c.Cookie(visitorCookie); err == nil {
		return cookie.Value
	}
	return ""
}

// findHolder finds the visitor who shows a token; nil for somebody who never wrote.
func (h *Widget) findHolder(c echo.Context) *domain.Visitor {
	v, err := h.webchat.FindVisitor(c.Request().Context(), c.Param("key"), readToken(c))
	if err != nil {
		return nil
	}
	return &v
}

// readVisitor reads the visitor who shows a token, for routes that are nothing without one.
func (h *Widget) readVisitor(c echo.Context) (domain.Visitor, error) {
	return h.webchat.FindVisitor(c.Request().Context(), c.Param("key"), readToken(c))
}

// setVisitorCookie gives the plain page a token for a year.
func (h *Widget) setVisitorCookie(c echo.Context, value string) {
	c.SetCookie(&http.Cookie{
		Name:     visitorCookie,
		Value:    value,
		Path:     "/chat/" + c.Param("key"),
		MaxAge:   int((365 * 24 * time.Hour).Seconds()),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   h.secure,
	})
}

// makeToken makes a token for a browser without script.
func makeToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on the systems Go supports
	return webchat.NewToken(b[:])
}

// drawGone answers with a small page that says why there is no chat here.
func (h *Widget) drawGone(c echo.Context, err error) error {
	status := web.StatusOf(err)
	if status >= http.StatusInternalServerError {
		h.page.LogFailure(c, err)
	}
	web.AllowFrames(c, "")
	p := views.WidgetGone{Lang: web.Language(c), Text: h.page.Sentence(c, err, status)}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.WidgetGone(w, p) })
}

// refuseScript answers the page's script: the sentence, and the faults by field.
func (h *Widget) refuseScript(c echo.Context, err error) error {
	status := web.StatusOf(err)
	if status >= http.StatusInternalServerError {
		h.page.LogFailure(c, err)
	}
	web.SetRetryAfter(c, err, status)
	return c.JSON(status, map[string]any{
		"sentence": h.page.Sentence(c, err, status),
		"faults":   listVisitorFaults(c, err),
	})
}

// listVisitorFaults lists the faults of a visitor's form by field. A mail address with accents is told with one that
// would do.
func listVisitorFaults(c echo.Context, err error) map[string]string {
	out := web.FieldFaults(c, err)
	var e *domain.Error
	if errors.As(err, &e) && e.Args["hint"] != nil && out["email"] != "" {
		out["email"] = web.Words(c).T("widget.email_accents_hint", "address", e.Args["hint"])
	}
	return out
}

// ServeColours is the style sheet with the channel's colour: a policy without inline style needs it to be a file.
func (h *Widget) ServeColours(c echo.Context) error {
	w, err := h.webchat.Find(c.Request().Context(), c.Param("key"))
	if err != nil {
		return h.refuseScript(c, err)
	}
	return web.SendCached(c, "text/css; charset=utf-8", present.ColourSheet(w.Colour))
}
