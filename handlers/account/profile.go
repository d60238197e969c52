package account

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk/people"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/views"
)

// Profile is the signed-in operator's own page.
type Profile struct {
	people *people.Service
	auth   *auth.Auth
	page   *web.Pages
	secure bool
}

// Show shows the page as things stand.
func (h *Profile) Show(c echo.Context) error {
	return h.drawPage(c, http.StatusOK, h.fillPage(c))
}

// fillPage fills in the page as things stand.
func (h *Profile) fillPage(c echo.Context) views.ProfilePage {
	o := web.Operator(c)
	return views.ProfilePage{
		Shell:      h.page.FillShell(c, "profile.title", "profile"),
		Name:       o.Name,
		Language:   domain.Language(web.Language(c)),
		Look:       o.Preferences.Theme,
		EnterKey:   !o.Preferences.EnterSendsNot,
		SingleKeys: !o.Preferences.SingleKeysOff,
		Sound:      !o.Preferences.SoundOff,
		Signature:  o.Preferences.Signature,
		Phone:      web.Words(c).Phone(o.Phone),
		Saved:      c.QueryParam("saved") != "",
	}
}

// Save takes the whole form: what is not ticked is off.
func (h *Profile) Save(c echo.Context) error {
	ctx, look := c.Request().Context(), c.FormValue("theme")
	p := domain.Preferences{
		EnterSendsNot: c.FormValue("enter_sends") == "", SingleKeysOff: c.FormValue("single_keys") == "",
		SoundOff: c.FormValue("sound") == "", Theme: look,
		Signature: strings.TrimSpace(web.PlainLines(c.FormValue("signature"))),
	}
	if !slices.Contains([]string{"", "light", "dark"}, look) {
		return domain.Refuse(domain.Invalid, "error.field.choice")
	}
	err := p.Validate()
	if err == nil {
		err = h.people.SaveProfile(ctx, web.Operator(c), c.FormValue("name"), domain.Language(c.FormValue("language")))
	}
	if typed := strings.TrimSpace(c.FormValue("phone")); err == nil {
		err = h.people.SavePhone(ctx, web.Operator(c), web.ReadPhone(c, typed))
	}
	if faults := web.FieldFaults(c, err); faults != nil {
		v := h.fillPage(c)
		v.Name, v.Look, v.EnterKey, v.SingleKeys, v.Sound = c.FormValue(
			"name",
		), look, !p.EnterSendsNot, !p.SingleKeysOff, !p.SoundOff
		v.Signature, v.Phone = p.Signature, c.FormValue("phone")
		v.Fields = faults
		return h.drawPage(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	err = h.people.SavePreferences(ctx, web.Operator(c), func(kept *domain.Preferences) {
		kept.EnterSendsNot, kept.SingleKeysOff, kept.SoundOff, kept.Theme = p.EnterSendsNot, p.SingleKeysOff, p.SoundOff, p.Theme
		kept.Signature = p.Signature
	})
	if err != nil {
		return err
	}
	setTheme(c, look, h.secure)
	return web.Redirect(c, "/profile?saved=1")
}

// ChangePassword changes the reader's password, with the old one as proof. Other sessions of theirs end.
func (h *Profile) ChangePassword(c echo.Context) error {
	token := web.SessionToken(c)
	err := h.auth.ChangePassword(
		c.Request().Context(),
		web.Operator(c),
		token,
		c.FormValue("old"),
		c.FormValue("password"),
	)
	if faults := web.FieldFaults(c, err); faults != nil {
		v := h.fillPage(c)
		v.PasswordFields = faults
		return h.drawPage(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/profile?saved=1")
}

// SetPresence answers htmx with the reader's own menu; without script it leads back to the table.
func (h *Profile) SetPresence(c echo.Context) error {
	p := domain.Presence(c.FormValue("presence"))
	if err := h.people.SetPresence(c.Request().Context(), web.Operator(c), p); err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, "/chats")
	}
	s := views.Shell{Lang: web.Language(c), Reader: present.Reader(web.Operator(c))}
	s.Reader.Presence = p
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.Me(w, s) })
}

// EndSession signs the reader out in another of their browsers.
func (h *Profile) EndSession(c echo.Context) error {
	if err := h.auth.EndSession(c.Request().Context(), web.Operator(c).ID, c.Param("session")); err != nil {
		return err
	}
	return web.Redirect(c, "/profile?saved=1")
}

// EndOtherSessions signs the reader out everywhere but here.
func (h *Profile) EndOtherSessions(c echo.Context) error {
	if err := h.auth.EndOtherSessions(c.Request().Context(), web.Operator(c).ID, web.SessionToken(c)); err != nil {
		return err
	}
	return web.Redirect(c, "/profile?saved=1")
}

func (h *Profile) drawPage(c echo.Context, status int, p views.ProfilePage) error {
	open, err := h.auth.ListSessions(c.Request().Context(), web.Operator(c).ID, web.SessionToken(c))
	if err != nil {
		return err
	}
	for _, s := range open {
		p.Sessions = append(p.Sessions, views.ProfileSession{
			ID: s.ID, Browser: present.Browser(web.Words(c), s.Browser), Since: s.CreatedAt, Used: s.LastUsedAt, This: s.This,
		})
	}
	return h.page.WriteHTML(c, status, func(w io.Writer) error { return h.page.Views.ProfilePage(w, p) })
}
