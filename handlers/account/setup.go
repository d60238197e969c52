package account

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/handlers/web"
	"pult/views"
)

// Setup is the first visit: language, company, administrator. Whoever reaches the port is not therefore the owner, so
// the page needs the one-time token that the program printed and opened the browser with.
type Setup struct {
	auth   *auth.Auth
	gate   *web.Gate
	page   *web.Pages
	secure bool
}

const (
	setupCookie = "pult_setup"
	// setupTime is how long the form may stay open between the first visit and its sending.
	setupTime = time.Hour
)

// Show takes the token out of the address and into a cookie, so that it stays neither in the address bar nor in the
// history.
func (h *Setup) Show(c echo.Context) error {
	needed, err := h.auth.SetUpNeeded(c.Request().Context())
	if err != nil {
		return err
	}
	if !needed {
		return web.Redirect(c, "/signin")
	}
	if token := c.QueryParam("token"); token != "" {
		web.SetCookie(c, setupCookie, token, setupTime, h.secure)
		return web.Redirect(c, "/setup")
	}
	if !h.auth.ValidSetUpToken(h.readToken(c)) {
		return h.drawPage(c, http.StatusForbidden, views.SetupPage{Locked: true})
	}
	return h.drawPage(c, http.StatusOK, views.SetupPage{Language: domain.Language(web.Language(c))})
}

// Create makes the first administrator and signs them in.
func (h *Setup) Create(c echo.Context) error {
	f := auth.SetUpForm{
		Company: c.FormValue("company"), Language: domain.Language(c.FormValue("language")),
		Name: c.FormValue("name"), Email: c.FormValue("email"), Password: c.FormValue("password"),
	}
	token, _, err := h.auth.SetUp(c.Request().Context(), h.readToken(c), f, c.Request().UserAgent())
	if faults := web.FieldFaults(c, err); faults != nil {
		return h.drawPage(c, http.StatusUnprocessableEntity, views.SetupPage{
			Company:  f.Company,
			Language: f.Language,
			Name:     f.Name,
			Email:    f.Email,
			Fields:   faults,
		})
	}
	if err != nil {
		return err
	}
	web.SetCookie(c, setupCookie, "", 0, h.secure)
	if err := h.gate.SetSession(c, token); err != nil {
		return err
	}
	return web.Redirect(c, "/chats")
}

func (h *Setup) readToken(c echo.Context) string { return web.ReadCookie(c, setupCookie, h.secure) }

func (h *Setup) drawPage(c echo.Context, status int, p views.SetupPage) error {
	p.Lang, p.Theme, p.Title = web.Language(c), web.Theme(c), web.Words(c).T("setup.title")
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.SetupPage(w, p) })
}
