package settings

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/desk/connections"
	"pult/handlers/web"
	"pult/views"
)

// Module is the switch of the module Chats, its page in the settings, and the guard of what belongs to it. That nothing
// is read while it is off is the desk's own rule; the guard only says so in a page rather than in a refusal.
type Module struct {
	channels    *channels.Service
	connections *connections.Service
	page        *web.Pages
}

// Guard is the middleware that closes a route of the module while it is off.
func (h *Module) Guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		on, err := h.connections.IsChatsOn(c.Request().Context())
		if err != nil {
			return err
		}
		if on {
			return next(c)
		}
		return h.drawOff(c)
	}
}

// drawOff says that the module is switched off: in a page to those who go there, in a toast to what an open page asks.
func (h *Module) drawOff(c echo.Context) error {
	if c.Request().Method != http.MethodGet || web.IsFragment(c) {
		return domain.Refuse(domain.Forbidden, "error.chats_off")
	}
	p := views.ModuleOffPage{Shell: h.page.FillShell(c, "chats.title", "")}
	return h.page.WriteHTML(
		c,
		http.StatusForbidden,
		func(w io.Writer) error { return h.page.Views.ModuleOffPage(w, p) },
	)
}

// Show shows the switch and the steps that follow it.
func (h *Module) Show(c echo.Context) error {
	v, err := h.fillView(c)
	if err != nil {
		return err
	}
	p := views.ModulePage{Shell: h.page.FillShell(c, "chats.title", "settings"), Module: v}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error { return h.page.Views.ModulePage(w, p) })
}

// Switch answers htmx with the settings as they now are and the menu entry; without script it leads back to the page.
func (h *Module) Switch(c echo.Context) error {
	if err := h.connections.SwitchChats(c.Request().Context(), web.Operator(c), c.FormValue("on") != ""); err != nil {
		return err
	}
	if !web.IsFragment(c) {
		return web.Redirect(c, web.ModulePath)
	}
	v, err := h.fillView(c)
	if err != nil {
		return err
	}
	return h.page.WriteHTML(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.Views.ModuleSettings(w, web.Language(c), v); err != nil {
			return err
		}
		return h.page.Views.LiveModule(w, h.page.FillShell(c, "chats.title", "settings"))
	})
}

func (h *Module) fillView(c echo.Context) (views.ModuleView, error) {
	m, err := h.channels.ReadModule(c.Request().Context(), web.Operator(c))
	v := views.ModuleView{On: m.On, Steps: []views.ModuleStep{
		{
			Words: "module.step.connection",
			Hint:  "module.step.connection_hint",
			Link:  findStepPage(m.Connection, ""),
			Done:  m.Connection.Done,
		},
		{
			Words: "module.step.operators",
			Hint:  "module.step.operators_hint",
			Link:  findStepPage(m.Operators, "/operators"),
			Done:  m.Operators.Done,
		},
		{
			Words: "module.step.templates",
			Hint:  "module.step.templates_hint",
			Link:  findStepPage(m.Templates, "/templates"),
			Done:  m.Templates.Done,
		},
	}}
	for _, s := range v.Steps {
		if s.Done {
			v.Complete++
		}
	}
	return v, err
}

// findStepPage gives the page of the channel where a step is taken; before there is a channel, where one is connected.
func findStepPage(s channels.ModuleStep, tab string) string {
	if s.Channel.IsZero() {
		return "/settings/channels"
	}
	return "/settings/channels/" + s.Channel.String() + tab
}
