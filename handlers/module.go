package handlers

import (
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
	"pult/views"
)

// module is the switch of the module Chats, its page in the settings, and the guard of what belongs to it. That nothing is read while
// it is off is the desk's own rule; the guard only says so in a page rather than in a refusal.
type module struct {
	desk  *desk.Desk
	page  *pages
	parts []router // all that is hidden while the module is off
}

const modulePath = "/settings/chats"

func (h *module) routes(g *echo.Group) {
	g.GET(modulePath, h.show)
	g.POST(modulePath, h.turn)
}

// always are the routes of the module's parts that the settings need while it is off.
var always = map[string]bool{"/channels/:id/templates": true}

// guard is the middleware that closes the routes of the module's parts while it is off.
func (h *module) guard() echo.MiddlewareFunc {
	e, guarded := echo.New(), map[string]bool{}
	for _, part := range h.parts {
		part.routes(e.Group(""))
	}
	for _, r := range e.Routes() {
		guarded[r.Path] = !always[r.Path]
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if !guarded[c.Path()] || who(c) == nil {
				return next(c)
			}
			on, err := h.desk.ChatsOn(c.Request().Context())
			if err != nil {
				return err
			}
			if on {
				return next(c)
			}
			return h.off(c)
		}
	}
}

// off says that the module is switched off: in a page to those who go there, in a toast to what an open page asks.
func (h *module) off(c echo.Context) error {
	if c.Request().Method != http.MethodGet || isFragment(c) {
		return domain.Refuse(domain.Forbidden, "error.chats_off")
	}
	p := views.ModuleOffPage{Shell: h.page.shell(c, "chats.title", "")}
	return h.page.html(c, http.StatusForbidden, func(w io.Writer) error { return h.page.views.ModuleOffPage(w, p) })
}

func (h *module) show(c echo.Context) error {
	v, err := h.view(c)
	if err != nil {
		return err
	}
	p := views.ModulePage{Shell: h.page.shell(c, "chats.title", "settings"), Module: v}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error { return h.page.views.ModulePage(w, p) })
}

// turn answers htmx with the settings as they now are and the menu entry; without script it leads back to the page.
func (h *module) turn(c echo.Context) error {
	if err := h.desk.SwitchChats(c.Request().Context(), who(c), c.FormValue("on") != ""); err != nil {
		return err
	}
	if !isFragment(c) {
		return redirect(c, modulePath)
	}
	v, err := h.view(c)
	if err != nil {
		return err
	}
	return h.page.html(c, http.StatusOK, func(w io.Writer) error {
		if err := h.page.views.ModuleSettings(w, lang(c), v); err != nil {
			return err
		}
		return h.page.views.LiveModule(w, h.page.shell(c, "chats.title", "settings"))
	})
}

func (h *module) view(c echo.Context) (views.ModuleView, error) {
	m, err := h.desk.Module(c.Request().Context(), who(c))
	v := views.ModuleView{On: m.On, Steps: []views.ModuleStep{
		{Words: "module.step.connection", Hint: "module.step.connection_hint", Link: stepLink(m.Connection, ""), Done: m.Connection.Done},
		{Words: "module.step.operators", Hint: "module.step.operators_hint", Link: stepLink(m.Operators, "/operators"), Done: m.Operators.Done},
		{Words: "module.step.templates", Hint: "module.step.templates_hint", Link: stepLink(m.Templates, "/templates"), Done: m.Templates.Done},
	}}
	for _, s := range v.Steps {
		if s.Done {
			v.Complete++
		}
	}
	return v, err
}

// stepLink is the page of the channel where a step is taken; before there is a channel, where one is connected.
func stepLink(s desk.ModuleStep, tab string) string {
	if s.Channel.IsZero() {
		return "/settings/channels"
	}
	return "/settings/channels/" + s.Channel.String() + tab
}
