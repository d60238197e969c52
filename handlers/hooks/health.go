package hooks

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"pult/domain/auth"
)

// Health tells machines whether the program runs (healthz) and whether its store answers (readyz). Neither says more:
// the public listener shows them to strangers.
type Health struct{ auth *auth.Auth }

// ReportAlive answers that the program runs.
func (h *Health) ReportAlive(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// ReportReady answers whether the store can be read.
func (h *Health) ReportReady(c echo.Context) error {
	if _, err := h.auth.Workspace(c.Request().Context()); err != nil {
		return c.String(http.StatusServiceUnavailable, "not ready\n")
	}
	return c.String(http.StatusOK, "ok\n")
}
