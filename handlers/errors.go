package handlers

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"pult/domain"
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

// statusOf is the status of an error, whether ours or the router's.
func statusOf(err error) int {
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

// fail answers a request whose handler returned an error: a page, or for htmx a toast. Our own faults are logged once,
// here, under the id that the person is shown and can quote.
func (p *pages) fail(err error, c echo.Context) {
	if c.Response().Committed {
		p.logFailure(c, err)
		return
	}
	status := statusOf(err)
	code := ""
	if status >= http.StatusInternalServerError {
		p.logFailure(c, err)
		code = requestOf(c.Request()).id
	}
	setRetryAfter(c, err, status)
	if err := p.tell(c, status, p.sentence(c, err, status), code); err != nil {
		p.logFailure(c, err)
		_ = c.NoContent(status) // nobody is left to tell
	}
}

func (p *pages) logFailure(c echo.Context, err error) {
	p.log.Error("request failed", "request", requestOf(c.Request()).id, "route", c.Path(), "error", err)
}

// sentence is what the person reads.
func (p *pages) sentence(c echo.Context, err error, status int) string {
	var e *domain.Error
	if errors.As(err, &e) && e.Key != "" {
		args := make([]any, 0, 2*len(e.Args))
		for name, value := range e.Args {
			args = append(args, name, value)
		}
		return words(c).T(e.Key, args...)
	}
	switch status {
	case http.StatusNotFound:
		return words(c).T("error.not_found")
	case http.StatusMethodNotAllowed, http.StatusBadRequest:
		return words(c).T("error.bad_request")
	case http.StatusRequestEntityTooLarge:
		return words(c).T("error.too_large")
	}
	return words(c).T("error.internal")
}

func (p *pages) tell(c echo.Context, status int, text, code string) error {
	if status == http.StatusUnauthorized && c.Request().Header.Get("HX-Request") == "true" {
		return redirect(c, "/signin")
	}
	return p.html(c, status, func(w io.Writer) error {
		if isFragment(c) {
			return p.views.Toast(w, lang(c), views.Toast{Text: text, Tone: "red", Code: code})
		}
		return p.views.ErrorPage(w, views.ErrorPage{Lang: lang(c), Theme: theme(c), Title: words(c).T("error.title"), Text: text, Code: code})
	})
}

func theme(c echo.Context) string {
	if o := who(c); o != nil {
		return o.Preferences.Theme
	}
	return ""
}

// setRetryAfter tells machines how long to wait.
func setRetryAfter(c echo.Context, err error, status int) {
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

// fields are the faults of a form by field, as sentences; nil when the error is not about fields.
func fields(c echo.Context, err error) map[string]string {
	var e *domain.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return nil
	}
	out := map[string]string{}
	for field, key := range e.Fields {
		out[field] = words(c).T(key)
	}
	return out
}
