package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/auth"
	"pult/views"
)

// statuses is the one place where a kind of refusal becomes a status.
var statuses = map[domain.ErrorKind]int{
	domain.Invalid:         http.StatusUnprocessableEntity,
	domain.NotFound:        http.StatusNotFound,
	domain.Forbidden:       http.StatusForbidden,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Conflict:        http.StatusConflict,
	domain.TooMany:         http.StatusTooManyRequests,
	domain.Unavailable:     http.StatusServiceUnavailable,
	domain.Internal:        http.StatusInternalServerError,
}

// StatusOf is the status of an error, whether ours or the router's.
func StatusOf(err error) int {
	var routed *echo.HTTPError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &routed):
		return routed.Code
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	}
	return statuses[domain.KindOf(err)]
}

// HandleError answers a request whose handler returned an error: a page, or for htmx a toast. Our own faults are logged
// once, here, under the id that the person is shown and can quote.
func (p *Pages) HandleError(err error, c echo.Context) {
	if c.Response().Committed {
		p.LogFailure(c, err)
		return
	}
	status := StatusOf(err)
	code := ""
	if status >= http.StatusInternalServerError {
		p.LogFailure(c, err)
		code = RequestID(c)
	}
	if status == http.StatusForbidden {
		p.Record(c, "refused", "method", c.Request().Method, "route", c.Path())
	}
	SetRetryAfter(c, err, status)
	if err := p.writeFailure(c, status, p.Sentence(c, err, status), code); err != nil {
		p.LogFailure(c, err)
		_ = c.NoContent(status) // nobody is left to tell
	}
}

// Record adds a line to the record of security (see auth.RecordMessage): what the reader did to the rights of somebody,
// or was refused. more must hold nothing that somebody typed.
func (p *Pages) Record(c echo.Context, event string, more ...any) {
	by := "nobody"
	if o := Operator(c); o != nil {
		by = o.ID.String()
	}
	p.log.Info(auth.RecordMessage, append([]any{
		"event", event, "by", by, "request", RequestID(c), "address", LimitAddress(c),
	}, more...)...)
}

// LogFailure logs our own fault under the id of its request.
func (p *Pages) LogFailure(c echo.Context, err error) {
	p.log.Error("request failed", "request", RequestID(c), "route", c.Path(), "error", err)
}

// Sentence is what the person reads.
func (p *Pages) Sentence(c echo.Context, err error, status int) string {
	var e *domain.Error
	if errors.As(err, &e) && e.Key != "" {
		args := make([]any, 0, 2*len(e.Args))
		for name, value := range e.Args {
			args = append(args, name, value)
		}
		return Words(c).T(e.Key, args...)
	}
	switch status {
	case http.StatusNotFound:
		return Words(c).T("error.not_found")
	case http.StatusMethodNotAllowed, http.StatusBadRequest:
		return Words(c).T("error.bad_request")
	case http.StatusRequestEntityTooLarge:
		return Words(c).T("error.too_large")
	}
	return Words(c).T("error.internal")
}

func (p *Pages) writeFailure(c echo.Context, status int, text, code string) error {
	if status == http.StatusUnauthorized {
		c.Response().Header().Set(HeaderSession, "ended")
	}
	return p.WriteHTML(c, status, func(w io.Writer) error {
		if IsFragment(c) {
			return p.Views.Toast(w, Language(c), views.Toast{Text: text, Tone: "red", Code: code})
		}
		return p.Views.ErrorPage(w, views.ErrorPage{
			Lang:  Language(c),
			Theme: Theme(c),
			Title: Words(c).T("error.title"),
			Text:  text,
			Code:  code,
		})
	})
}

// SetRetryAfter tells machines how long to wait.
func SetRetryAfter(c echo.Context, err error, status int) {
	var e *domain.Error
	seconds := 0
	if errors.As(err, &e) {
		seconds, _ = e.Args["seconds"].(int)
	}
	if seconds == 0 && status == http.StatusServiceUnavailable {
		seconds = unavailableRetry
	}
	if seconds > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(seconds))
	}
}

// unavailableRetry is how many seconds a caller is asked to wait when we are stopping or short of disk: long enough to
// restart, short enough that a vendor's queue does not grow old.
const unavailableRetry = 30

// FieldFaults are the faults of a form by field, as sentences; nil when the error is not about fields.
func FieldFaults(c echo.Context, err error) map[string]string {
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return nil
	}
	out := map[string]string{}
	for field, key := range e.Fields {
		out[field] = Words(c).T(key)
	}
	return out
}

// IsInvalid reports whether an error is something that the reader can correct in a form; any other is told by
// HandleError.
func IsInvalid(err error) bool { return domain.KindOf(err) == domain.Invalid }
