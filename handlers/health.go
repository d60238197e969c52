package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain/auth"
	"pult/static"
)

// health tells machines whether the program runs (healthz) and whether its store answers (readyz). Neither says more: the
// public listener shows them to strangers.
type health struct{ auth *auth.Auth }

func (h *health) routes(g *echo.Group) {
	g.GET("/healthz", h.alive)
	g.GET("/readyz", h.ready)
}

func (h *health) alive(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

func (h *health) ready(c echo.Context) error {
	if _, err := h.auth.Workspace(c.Request().Context()); err != nil {
		return c.String(http.StatusServiceUnavailable, "not ready\n")
	}
	return c.String(http.StatusOK, "ok\n")
}

// assets are the files of the program and, in a demo, the simulated phones.
type assets struct{ demo http.Handler }

func (h *assets) routes(g *echo.Group) {
	g.GET(static.Prefix+"*", echo.WrapHandler(static.Handler()))
	if h.demo != nil {
		g.Any("/simulator", echo.WrapHandler(h.demo))
		g.Any("/simulator/*", echo.WrapHandler(h.demo))
	}
}
