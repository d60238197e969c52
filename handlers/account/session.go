package account

import (
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
	"pult/handlers/web"
	"pult/views"
)

// setTheme keeps the chosen theme in the browser for a year, where [web.Theme] finds it when nobody is signed in.
func setTheme(c echo.Context, theme string, secure bool) {
	web.SetCookie(c, web.ThemeCookie, theme, 365*24*time.Hour, secure)
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
	o, err := h.openSession(c, domain.ID{})
	if err != nil {
		return h.refuseSignIn(c, next, err)
	}
	setTheme(c, o.Preferences.Theme, h.secure)
	return web.Redirect(c, next)
}

// openSession signs in by what the form says and gives the browser its session. only is the one operator who may; zero
// for anybody.
func (h *Session) openSession(c echo.Context, only domain.ID) (*domain.Operator, error) {
	ctx, email := c.Request().Context(), c.FormValue("email")
	token, o, err := h.auth.SignIn(ctx, email, c.FormValue("password"), web.LimitAddress(c), c.Request().UserAgent())
	if err != nil {
		return nil, err
	}
	if !only.IsZero() && o.ID != only {
		return nil, errors.Join(domain.Refuse(domain.Unauthenticated, "error.signin"), h.auth.SignOut(ctx, token))
	}
	if old, err := h.gate.ReadToken(c); err == nil && old != "" { // the browser has room for one session
		if err := h.auth.SignOut(ctx, old); err != nil {
			return nil, err
		}
	}
	return o, h.gate.SetSession(c, token)
}

// Check tells a page whether the session it was drawn in goes on: the gate answers whatever else there is to say.
func (h *Session) Check(c echo.Context) error { return c.NoContent(http.StatusNoContent) }

// ShowAgain is the dialog in which a page asks for the password when its session has ended. It says nothing of anybody:
// the page knows for whom it was drawn.
func (h *Session) ShowAgain(c echo.Context) error {
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		return h.page.Views.SigninAgain(w, web.Language(c))
	})
}

// SignInAgain signs in the operator for whom a page was drawn, and nobody else: what waits on the page is theirs. A
// refusal is its sentence.
func (h *Session) SignInAgain(c echo.Context) error {
	reader, err := domain.ParseID(c.Request().Header.Get(web.HeaderReader))
	if err != nil {
		return domain.Refuse(domain.Invalid, "error.bad_request").Because(err)
	}
	_, err = h.openSession(c, reader)
	if status, refused := statusOfRefusal(err); refused {
		web.SetRetryAfter(c, err, status)
		return c.String(status, h.page.Sentence(c, err, status))
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// statusOfRefusal is the status of a refused sign-in; refused is false for every other error, and for none.
func statusOfRefusal(err error) (status int, refused bool) {
	switch domain.KindOf(err) {
	case domain.Unauthenticated:
		return http.StatusUnprocessableEntity, true // a form with a fault, not a missing session
	case domain.TooMany:
		return http.StatusTooManyRequests, true
	}
	return 0, false
}

func (h *Session) refuseSignIn(c echo.Context, next string, err error) error {
	status, refused := statusOfRefusal(err)
	if !refused {
		return err
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
	if err := h.gate.SetSession(c, ""); err != nil {
		return err
	}
	// The storage stays: what could not be sent waits there for the one who wrote it.
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
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
