package account

import (
	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk/connections"
	"pult/handlers/web"
)

// Home leads from the bare address to where work begins.
type Home struct {
	auth        *auth.Auth
	gate        *web.Gate
	connections *connections.Service
}

// Lead leads a stranger to the sign-in and whoever is signed in to their work.
func (h *Home) Lead(c echo.Context) error {
	needed, err := h.auth.SetUpNeeded(c.Request().Context())
	switch {
	case err != nil:
		return err
	case needed:
		return web.Redirect(c, "/setup")
	case h.gate.Identify(c) != nil:
		return web.Redirect(c, "/signin")
	}
	return h.leadToWork(c)
}

// leadToWork leads to the conversations; while they are hidden, to the switch or to the colleagues.
func (h *Home) leadToWork(c echo.Context) error {
	on, err := h.connections.IsChatsOn(c.Request().Context())
	switch {
	case err != nil:
		return err
	case on:
		return web.Redirect(c, "/chats")
	case web.Operator(c).May(domain.ManageChannels):
		return web.Redirect(c, web.ModulePath)
	}
	return web.Redirect(c, "/operators")
}
