package account

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/handlers/web"
	"pult/views"
)

// setTheme keeps the chosen theme in the browser, where [web.Theme] finds it when nobody is signed in.
func setTheme(c echo.Context, theme string, secure bool) {
	cookie := &http.Cookie{
		Name:     web.ThemeCookie,
		Value:    theme,
		Path:     "/",
		MaxAge:   365 * 24 * 60 * 60,
		SameSite: http.SameSiteLaxMode,
		Secure:   secure || c.Request().TLS != nil,
	}
	if theme == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// Session is the page before the desk.
type Session struct {
	auth   *auth.Auth
	gate   *web.Gate
	page   *web.Pages
	secure bool
}

// Show shows the form, or leads onwards whoever is signed in already.
func (h *Session) Show(c echo.Context) error {
	needed, err := h.auth.SetUpNeeded(c.Request().Context())
	if err != nil {
		return err
	}
	if needed {
		return web.Redirect(c, "/setup")
	}
	next := keepLocalPath(c.QueryParam("next"))
	if h.gate.Identify(c) == nil {
		return web.Redirect(c, next)
	}
	return h.drawPage(c, http.StatusOK, views.SigninPage{Next: next})
}

// SignIn signs in. Whatever was wrong, the answer is the same sentence: it does not report whether the account exists.
func (h *Session) SignIn(c echo.Context) error {
	next := keepLocalPath(c.FormValue("next"))
	token, o, err := h.auth.SignIn(
		c.Request().Context(),
		c.FormValue("email"),
		c.FormValue("password"),
		web.LimitAddress(c),
		c.Request().UserAgent(),
	)
	if err != nil {
		return h.refuseSignIn(c, next, err)
	}
	if old, err := h.gate.ReadToken(c); err == nil && old != "" { // the browser has room for one session
		if err := h.auth.SignOut(c.Request().Context(), old); err != nil {
			return err
		}
	}
	if err := h.gate.SetSession(c, token, h.secure); err != nil {
		return err
	}
	setTheme(c, o.Preferences.Theme, h.secure)
	return web.Redirect(c, next)
}

func (h *Session) refuseSignIn(c echo.Context, next string, err error) error {
	var e *domain.Error
	if kind := domain.KindOf(err); !errors.As(err, &e) || (kind != domain.Unauthenticated && kind != domain.TooMany) {
		return err
	}
	status := web.StatusOf(err)
	if status == http.StatusUnauthorized {
		status = http.StatusUnprocessableEntity // a form with a fault, not a missing session
	}
	web.SetRetryAfter(c, err, status)
	return h.drawPage(c, status, views.SigninPage{
		Next:    next,
		Email:   c.FormValue("email"),
		Failure: h.page.Sentence(c, err, status),
	})
}

func (h *Session) drawPage(c echo.Context, status int, p views.SigninPage) error {
	w, err := h.auth.Workspace(c.Request().Context())
	if err != nil {
		return err
	}
	p.Theme = web.Theme(c)
	p.Lang, p.Title, p.Company, p.Demo = web.Language(c), web.Words(c).T("signin.title"), w.Company, h.page.Demo
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.SigninPage(w, p) })
}

// SignOut ends the session here and on the server, and asks the browser to forget what it kept of the desk.
func (h *Session) SignOut(c echo.Context) error {
	token, err := h.gate.ReadToken(c)
	if err != nil {
		return err
	}
	if err := h.auth.SignOut(c.Request().Context(), token); err != nil {
		return err
	}
	if err := h.gate.SetSession(c, "", h.secure); err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return web.Redirect(c, "/signin")
}

// keepLocalPath gives where to go after signing in: a path of this desk, or the start page for anything that could lead
// elsewhere (another host, a scheme, a backslash that browsers read as a slash, control characters).
func keepLocalPath(next string) string {
	const start = "/chats"
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\ ") {
		return start
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Path == "/signin" {
		return start
	}
	if strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") ||
		strings.ContainsFunc(next+u.Path, unicode.IsControl) {
		return start
	}
	return next
}
