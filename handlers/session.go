package handlers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk"
	"pult/views"
)

// gate lets only signed-in operators to the routes that are not open.
type gate struct {
	auth  *auth.Auth
	known map[string]bool // "GET /chats": what no route answers is 404 for everybody and tells strangers nothing
}

func (g *gate) check(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if open[c.Path()] || !g.known[c.Request().Method+" "+c.Path()] {
			return next(c)
		}
		err := identify(c, g.auth)
		if domain.KindOf(err) == domain.Unauthenticated {
			return g.turnAway(c)
		}
		if err != nil {
			return err
		}
		return next(c)
	}
}

// asksByItself are the routes that an open page asks without its reader doing anything: they do not count as using the session,
// or a page that is left open would never be signed out.
var asksByItself = map[string]bool{"/settings/channels/:id/status": true}

// identify puts the operator of the request's session into the context.
func identify(c echo.Context, auth *auth.Auth) error {
	token, err := sessionToken(c, auth)
	if err != nil {
		return err
	}
	read := auth.Who
	if asksByItself[c.Path()] {
		read = auth.Peek
	}
	o, err := read(c.Request().Context(), token)
	if err != nil {
		return err
	}
	c.Set(keyOperator, o)
	c.Set(keyToken, token)
	return nil
}

// turnAway leads to the sign-in and remembers where the reader wanted to go; before the first operator exists, to the
// set-up.
func (g *gate) turnAway(c echo.Context) error {
	needed, err := g.auth.SetUpNeeded(c.Request().Context())
	if err != nil {
		return err
	}
	if needed {
		return redirect(c, "/setup")
	}
	if c.Request().Method != http.MethodGet || c.Request().Header.Get("HX-Request") == "true" {
		return redirect(c, "/signin")
	}
	return redirect(c, withQuery("/signin", "next", c.Request().URL.RequestURI()))
}

// cookieName is different for every installation, because browsers send cookies to all ports of localhost alike and two
// desks on one machine must not sign each other out.
func cookieName(ctx context.Context, auth *auth.Auth) (string, error) {
	w, err := auth.Workspace(ctx)
	if err != nil {
		return "", err
	}
	return "pult_" + w.InstallID[:min(len(w.InstallID), 8)], nil
}

func sessionToken(c echo.Context, auth *auth.Auth) (string, error) {
	name, err := cookieName(c.Request().Context(), auth)
	if err != nil {
		return "", err
	}
	cookie, err := c.Cookie(name)
	if err != nil {
		return "", nil // no cookie: Who refuses the empty token
	}
	return cookie.Value, nil
}

// setSession gives the browser its session; an empty token takes it away.
func setSession(c echo.Context, auth *auth.Auth, token string, secure bool) error {
	name, err := cookieName(c.Request().Context(), auth)
	if err != nil {
		return err
	}
	setCookie(c, name, token, 0, secure)
	return nil
}

// setCookie sets a cookie that scripts cannot read and other sites cannot send along with a change. Without an age it
// lasts until the browser is closed; an empty value removes it.
func setCookie(c echo.Context, name, value string, age time.Duration, secure bool) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure || c.Request().TLS != nil,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// setTheme keeps the chosen theme where the script that runs before the first paint finds it.
func setTheme(c echo.Context, theme string, secure bool) {
	cookie := &http.Cookie{Name: "pult_theme", Value: theme, Path: "/", MaxAge: 365 * 24 * 60 * 60, SameSite: http.SameSiteLaxMode, Secure: secure || c.Request().TLS != nil}
	if theme == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// home leads from the bare address to where work begins.
type home struct {
	auth *auth.Auth
	desk *desk.Desk
}

func (h *home) routes(g *echo.Group) { g.GET("/", h.lead) }

func (h *home) lead(c echo.Context) error {
	needed, err := h.auth.SetUpNeeded(c.Request().Context())
	switch {
	case err != nil:
		return err
	case needed:
		return redirect(c, "/setup")
	case identify(c, h.auth) != nil:
		return redirect(c, "/signin")
	}
	return h.work(c)
}

// work leads to the conversations; while they are hidden, to the switch or to the colleagues.
func (h *home) work(c echo.Context) error {
	on, err := h.desk.ChatsOn(c.Request().Context())
	switch {
	case err != nil:
		return err
	case on:
		return redirect(c, "/chats")
	case who(c).May(domain.ManageChannels):
		return redirect(c, modulePath)
	}
	return redirect(c, "/operators")
}

// signin is the page before the desk.
type signin struct {
	auth   *auth.Auth
	page   *pages
	secure bool
}

func (h *signin) routes(g *echo.Group) {
	g.GET("/signin", h.form)
	g.POST("/signin", h.enter)
	g.POST("/signout", h.leave)
}

func (h *signin) form(c echo.Context) error {
	needed, err := h.auth.SetUpNeeded(c.Request().Context())
	if err != nil {
		return err
	}
	if needed {
		return redirect(c, "/setup")
	}
	next := localPath(c.QueryParam("next"))
	if identify(c, h.auth) == nil {
		return redirect(c, next)
	}
	return h.draw(c, http.StatusOK, views.SigninPage{Next: next})
}

// enter signs in. Whatever was wrong, the answer is the same sentence: it does not tell whether the account exists.
func (h *signin) enter(c echo.Context) error {
	next := localPath(c.FormValue("next"))
	token, o, err := h.auth.SignIn(c.Request().Context(), c.FormValue("email"), c.FormValue("password"), address(c), c.Request().UserAgent())
	if err != nil {
		return h.refuse(c, next, err)
	}
	if old, err := sessionToken(c, h.auth); err == nil && old != "" { // the browser has room for one session
		if err := h.auth.SignOut(c.Request().Context(), old); err != nil {
			return err
		}
	}
	if err := setSession(c, h.auth, token, h.secure); err != nil {
		return err
	}
	setTheme(c, o.Preferences.Theme, h.secure)
	return redirect(c, next)
}

func (h *signin) refuse(c echo.Context, next string, err error) error {
	var e *domain.Error
	if kind := domain.KindOf(err); !errors.As(err, &e) || (kind != domain.Unauthenticated && kind != domain.TooMany) {
		return err
	}
	status := statusOf(err)
	if status == http.StatusUnauthorized {
		status = http.StatusUnprocessableEntity // a form with a fault, not a missing session
	}
	setRetryAfter(c, err, status)
	return h.draw(c, status, views.SigninPage{Next: next, Email: c.FormValue("email"), Failure: h.page.sentence(c, err, status)})
}

func (h *signin) draw(c echo.Context, status int, p views.SigninPage) error {
	w, err := h.auth.Workspace(c.Request().Context())
	if err != nil {
		return err
	}
	p.Lang, p.Title, p.Company, p.Demo = lang(c), words(c).T("signin.title"), w.Company, h.page.demo
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.SigninPage(w, p) })
}

// leave ends the session here and on the server, and asks the browser to forget what it kept of the desk.
func (h *signin) leave(c echo.Context) error {
	token, err := sessionToken(c, h.auth)
	if err != nil {
		return err
	}
	if err := h.auth.SignOut(c.Request().Context(), token); err != nil {
		return err
	}
	if err := setSession(c, h.auth, "", h.secure); err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return redirect(c, "/signin")
}

// localPath is where to go after signing in: a path of this desk, or the start page for anything that could lead
// elsewhere (another host, a scheme, a backslash that browsers read as a slash, control characters).
func localPath(next string) string {
	const start = "/chats"
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\ ") {
		return start
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Path == "/signin" {
		return start
	}
	if strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") || strings.ContainsFunc(next+u.Path, unicode.IsControl) {
		return start
	}
	return next
}
