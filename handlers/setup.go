package handlers

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/views"
)

// setup is the first visit: language, company, administrator. Whoever reaches the port is not therefore the owner, so the
// page needs the one-time token that the program printed and opened the browser with.
type setup struct {
	auth   *auth.Auth
	page   *pages
	secure bool
}

func (h *setup) routes(g *echo.Group) {
	g.GET("/setup", h.form)
	g.POST("/setup", h.create)
}

const (
	setupCookie = "pult_setup"
	// setupTime is how long the form may stay open between the first visit and its sending.
	setupTime = time.Hour
)

// form takes the token out of the address and into a cookie, so that it stays neither in the address bar nor in the
// history.
func (h *setup) form(c echo.Context) error {
	needed, err := h.auth.SetUpNeeded(c.Request().Context())
	if err != nil {
		return err
	}
	if !needed {
		return redirect(c, "/signin")
	}
	if token := c.QueryParam("token"); token != "" {
		setCookie(c, setupCookie, token, setupTime, h.secure)
		return redirect(c, "/setup")
	}
	if !h.auth.ValidSetUpToken(setupToken(c)) {
		return h.draw(c, http.StatusForbidden, views.SetupPage{Locked: true})
	}
	return h.draw(c, http.StatusOK, views.SetupPage{Language: domain.Language(lang(c))})
}

// create makes the first administrator and signs them in.
func (h *setup) create(c echo.Context) error {
	f := auth.SetUpForm{
		Company: c.FormValue("company"), Language: domain.Language(c.FormValue("language")),
		Name: c.FormValue("name"), Email: c.FormValue("email"), Password: c.FormValue("password"),
	}
	token, _, err := h.auth.SetUp(c.Request().Context(), setupToken(c), f, c.Request().UserAgent())
	if faults := fields(c, err); faults != nil {
		return h.draw(c, http.StatusUnprocessableEntity, views.SetupPage{Company: f.Company, Language: f.Language, Name: f.Name, Email: f.Email, Fields: faults})
	}
	if err != nil {
		return err
	}
	setCookie(c, setupCookie, "", 0, h.secure)
	if err := setSession(c, h.auth, token, h.secure); err != nil {
		return err
	}
	return redirect(c, "/chats")
}

func setupToken(c echo.Context) string {
	cookie, err := c.Cookie(setupCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (h *setup) draw(c echo.Context, status int, p views.SetupPage) error {
	p.Lang, p.Title = lang(c), words(c).T("setup.title")
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.SetupPage(w, p) })
}
