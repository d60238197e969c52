package hooks

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
	"pult/handlers/web"
)

// webhookDesk is what webhooks ask of the desk.
type webhookDesk interface {
	CheckAddress(ctx context.Context, key string) error
	Accept(ctx context.Context, key string, w carrier.Webhook) error
	Answer(ctx context.Context, key string, w carrier.Webhook) (mime, body string)
	Handshake(ctx context.Context, key string, q url.Values) (string, error)
}

// Webhook takes webhooks in. It answers with a status and at most a word for machines: vendors read no pages.
type Webhook struct {
	desk      webhookDesk
	limit     *bodyLimit
	publicURL domain.Origin // of the public listener as vendors know it; zero = as each request says
	log       *slog.Logger
}

// Handshake proves to the vendor that the address is ours.
func (h *Webhook) Handshake(c echo.Context) error {
	answer, err := h.desk.Handshake(c.Request().Context(), c.Param("key"), c.QueryParams())
	if err != nil {
		return h.refuseWebhook(c, err)
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return c.String(http.StatusOK, answer)
}

// Accept reads the body as it came and answers 200 once it is stored; nothing is understood before the answer.
func (h *Webhook) Accept(c echo.Context) error {
	r := c.Request()
	if err := h.desk.CheckAddress(r.Context(), c.Param("key")); err != nil {
		return h.refuseWebhook(c, err)
	}
	leave, err := h.limit.enterBody(r.Context(), c.Param("key"), r.ContentLength)
	if err != nil {
		return h.refuseWebhook(c, err)
	}
	defer leave()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return h.refuseBody(c, err)
	}
	hook := carrier.Webhook{URL: h.findWebhookURL(c), Header: r.Header, Query: c.QueryParams(), Body: body}
	if err := h.desk.Accept(r.Context(), c.Param("key"), hook); err != nil {
		return h.refuseWebhook(c, err)
	}
	if mime, answer := h.desk.Answer(r.Context(), c.Param("key"), hook); answer != "" {
		return c.Blob(http.StatusOK, mime, []byte(answer))
	}
	return c.NoContent(http.StatusOK)
}

// findWebhookURL finds the address that the vendor sent the webhook to, which some of them sign. Behind a proxy only
// the configured one is known for certain; without one the request's own word is taken, which a signature then proves
// or not.
func (h *Webhook) findWebhookURL(c echo.Context) string {
	u := c.Request().URL
	address := h.publicURL.Join(u.EscapedPath())
	if h.publicURL.IsZero() {
		address = c.Scheme() + "://" + c.Request().Host + address
	}
	if u.RawQuery != "" {
		address += "?" + u.RawQuery
	}
	return address
}

// refuseBody answers a body that is too large or ended early.
func (h *Webhook) refuseBody(c echo.Context, err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return c.NoContent(http.StatusRequestEntityTooLarge)
	}
	return c.NoContent(http.StatusBadRequest)
}

// refuseWebhook answers in the few statuses that vendors act upon: what is our fault or will pass is 503, so that they
// send it again; everything else is final.
func (h *Webhook) refuseWebhook(c echo.Context, err error) error {
	switch domain.KindOf(err) {
	case domain.Forbidden, domain.Unauthenticated:
		return c.NoContent(http.StatusForbidden)
	case domain.NotFound:
		return c.NoContent(http.StatusNotFound)
	case domain.Invalid:
		return c.NoContent(http.StatusBadRequest)
	}
	h.log.Error("webhook not taken in", "request", web.RequestID(c), "error", err)
	web.SetRetryAfter(c, err, http.StatusServiceUnavailable)
	return c.NoContent(http.StatusServiceUnavailable)
}
