package handlers

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
)

// webhookDesk is what vendors' calls ask of the desk.
type webhookDesk interface {
	Accept(ctx context.Context, key string, w desk.Webhook) error
	Handshake(ctx context.Context, key string, q url.Values) (string, error)
}

// webhook takes vendors' calls in. It answers with a status and nothing else: vendors read no pages.
type webhook struct {
	desk webhookDesk
	log  *slog.Logger
}

func (h *webhook) routes(g *echo.Group) {
	g.GET("/hooks/:key", h.handshake)
	g.POST("/hooks/:key", h.accept)
}

// handshake proves to the vendor that the address is ours.
func (h *webhook) handshake(c echo.Context) error {
	answer, err := h.desk.Handshake(c.Request().Context(), c.Param("key"), c.QueryParams())
	if err != nil {
		return h.refuse(c, err)
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return c.String(http.StatusOK, answer)
}

// accept reads the body as it came and answers 200 once it is stored; nothing is understood before the answer.
func (h *webhook) accept(c echo.Context) error {
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return h.unread(c, err)
	}
	r := c.Request()
	err = h.desk.Accept(r.Context(), c.Param("key"), desk.Webhook{Header: r.Header, Query: c.QueryParams(), Body: body})
	if err != nil {
		return h.refuse(c, err)
	}
	return c.NoContent(http.StatusOK)
}

// unread answers a body that is too large or ended early.
func (h *webhook) unread(c echo.Context, err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return c.NoContent(http.StatusRequestEntityTooLarge)
	}
	return c.NoContent(http.StatusBadRequest)
}

// refuse answers in the few statuses that vendors act upon: what is our fault or will pass is 503, so that they call
// again; everything else is final.
func (h *webhook) refuse(c echo.Context, err error) error {
	switch domain.KindOf(err) {
	case domain.Forbidden, domain.Unauthenticated:
		return c.NoContent(http.StatusForbidden)
	case domain.NotFound:
		return c.NoContent(http.StatusNotFound)
	case domain.Invalid:
		return c.NoContent(http.StatusBadRequest)
	}
	h.log.Error("webhook not taken in", "request", requestOf(c.Request()).id, "error", err)
	setRetryAfter(c, err, http.StatusServiceUnavailable)
	return c.NoContent(http.StatusServiceUnavailable)
}
