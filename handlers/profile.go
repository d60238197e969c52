package handlers

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk"
	"pult/views"
)

// profile is the signed-in operator's own page.
type profile struct {
	desk   *desk.Desk
	auth   *auth.Auth
	page   *pages
	secure bool
}

func (h *profile) routes(g *echo.Group) {
	g.GET("/profile", h.show)
	g.POST("/profile", h.save)
	g.POST("/profile/password", h.password)
	g.POST("/profile/presence", h.presence)
}

func (h *profile) show(c echo.Context) error {
	return h.draw(c, http.StatusOK, h.view(c))
}

// view is the page as things stand.
func (h *profile) view(c echo.Context) views.ProfilePage {
	o := who(c)
	return views.ProfilePage{
		Shell: h.page.shell(c, "profile.title", "profile"), Name: o.Name, Language: domain.Language(lang(c)), Look: o.Preferences.Theme,
		EnterKey: !o.Preferences.EnterSendsNot, SingleKeys: !o.Preferences.SingleKeysOff, Sound: !o.Preferences.SoundOff, Signature: o.Preferences.Signature, Phone: words(c).Phone(o.Phone),
		Saved: c.QueryParam("saved") != "",
	}
}

// save takes the whole form: what is not ticked is off.
func (h *profile) save(c echo.Context) error {
	ctx, look := c.Request().Context(), c.FormValue("theme")
	p := domain.Preferences{
		EnterSendsNot: c.FormValue("enter_sends") == "", SingleKeysOff: c.FormValue("single_keys") == "",
		SoundOff: c.FormValue("sound") == "", Theme: look,
		Signature: strings.TrimSpace(plainLines(c.FormValue("signature"))),
	}
	if !slices.Contains([]string{"", "light", "dark"}, look) {
		return domain.Refuse(domain.Invalid, "error.field.choice")
	}
	err := p.Validate()
	if err == nil {
		err = h.desk.SaveProfile(ctx, who(c), c.FormValue("name"), domain.Language(c.FormValue("language")))
	}
	if typed := strings.TrimSpace(c.FormValue("phone")); err == nil {
		err = h.desk.SavePhone(ctx, who(c), orTyped(e164(typed, regions[lang(c)]), typed))
	}
	if faults := fields(c, err); faults != nil {
		v := h.view(c)
		v.Name, v.Look, v.EnterKey, v.SingleKeys, v.Sound = c.FormValue("name"), look, !p.EnterSendsNot, !p.SingleKeysOff, !p.SoundOff
		v.Signature, v.Phone = p.Signature, c.FormValue("phone")
		v.Fields = faults
		return h.draw(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	err = h.desk.SavePreferences(ctx, who(c), func(kept *domain.Preferences) {
		kept.EnterSendsNot, kept.SingleKeysOff, kept.SoundOff, kept.Theme = p.EnterSendsNot, p.SingleKeysOff, p.SoundOff, p.Theme
		kept.Signature = p.Signature
	})
	if err != nil {
		return err
	}
	setTheme(c, look, h.secure)
	return redirect(c, "/profile?saved=1")
}

func (h *profile) password(c echo.Context) error {
	token, _ := c.Get(keyToken).(string)
	err := h.auth.ChangePassword(c.Request().Context(), who(c), token, c.FormValue("old"), c.FormValue("password"))
	if faults := fields(c, err); faults != nil {
		v := h.view(c)
		v.PasswordFields = faults
		return h.draw(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/profile?saved=1")
}

// presence answers htmx with the reader's own menu; without script it leads back to the table.
func (h *profile) presence(c echo.Context) error {
	p := domain.Presence(c.FormValue("presence"))
	if err := h.desk.SetPresence(c.Request().Context(), who(c), p); err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, "/chats")
	}
	s := views.Shell{Lang: lang(c), Reader: reader(who(c))}
	s.Reader.Presence = p
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.Me(w, s) })
}

func (h *profile) draw(c echo.Context, status int, p views.ProfilePage) error {
	return h.page.html(c, status, func(w io.Writer) error { return h.page.views.ProfilePage(w, p) })
}
