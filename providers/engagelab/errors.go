package engagelab

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"pult/domain"
	"pult/providers"
)

// meaning is what a fault says for the next step. Key is empty where the sentence of the class says enough.
type meaning struct {
	class providers.Class
	key   string
}

// meanings is EngageLab's table of codes. Their HTTP statuses say less: "not found" is 400.
var meanings = map[int]meaning{
	1000: {providers.Temporary, ""},
	2001: {providers.Unauthorised, "provider.engagelab.2002"},
	2002: {providers.Unauthorised, "provider.engagelab.2002"},
	2003: {providers.Unauthorised, "provider.engagelab.2003"},
	2004: {providers.Unauthorised, "provider.engagelab.2004"},
	3001: {providers.InvalidValue, ""},
	3002: {providers.InvalidValue, "provider.engagelab.3002"},
	3003: {providers.InvalidValue, "provider.engagelab.3003"},
	4001: {providers.InvalidValue, "provider.engagelab.4001"},
	5002: {providers.Permanent, ""},
}

// metaMeanings are the codes of WhatsApp itself, which callbacks pass on.
var metaMeanings = map[int]meaning{
	130472: {providers.Unreachable, "provider.whatsapp.130472"},
	131026: {providers.Unreachable, "provider.whatsapp.131026"},
	131031: {providers.Unauthorised, "provider.whatsapp.131031"},
	131042: {providers.Unauthorised, "provider.whatsapp.131042"},
	131047: {providers.WindowClosed, "provider.whatsapp.131047"},
	131048: {providers.Permanent, "provider.whatsapp.131048"},
	131049: {providers.Permanent, "provider.whatsapp.131049"},
	131050: {providers.Unreachable, "provider.whatsapp.131050"},
	131051: {providers.InvalidValue, "provider.whatsapp.131051"},
	131053: {providers.InvalidValue, "provider.whatsapp.131053"},
	132000: {providers.InvalidValue, "provider.whatsapp.132000"},
	132001: {providers.InvalidValue, "provider.whatsapp.132001"},
	132012: {providers.InvalidValue, "provider.whatsapp.132012"},
}

// sentences are those of a class, for faults without one of their own.
var sentences = map[providers.Class]string{
	providers.Temporary:    "provider.temporary",
	providers.RateLimited:  "provider.rate_limited",
	providers.Unauthorised: "provider.unauthorised",
	providers.WindowClosed: "provider.window_closed",
	providers.InvalidValue: "provider.invalid",
	providers.Unreachable:  "provider.unreachable",
	providers.Uncertain:    "provider.uncertain",
	providers.Permanent:    "provider.permanent",
}

// clean makes the vendor's words fit to be kept.
func (d *Driver) clean(words string) string { return domain.Clip(d.safe.Replace(words), 500) }

// refusal turns an answer that is no success into an error. sends tells whether the request may have put a message on its way.
func (d *Driver) refusal(res *http.Response, raw []byte, sends bool) *providers.Error {
	var body wireError
	_ = read(raw, &body)
	code, err := strconv.Atoi(string(body.Code))
	m, known := meanings[code]
	if err != nil || !known || res.StatusCode == http.StatusTooManyRequests {
		m = byStatus(res.StatusCode, sends && err != nil)
	}
	if m.key == "" {
		m.key = sentences[m.class]
	}
	shown := string(body.Code)
	if shown == "" {
		shown = "HTTP " + strconv.Itoa(res.StatusCode)
	}
	return &providers.Error{Class: m.class, Code: shown, Key: m.key, Detail: d.clean(string(body.Message)), RetryAfter: retryAfter(res.Header)}
}

// byStatus classifies an answer that says nothing by a code of the table. When the vendor did not speak at all, a gateway did, and
// behind it a message may have been taken: mayHaveSent tells that.
func byStatus(status int, mayHaveSent bool) meaning {
	switch {
	case status == http.StatusTooManyRequests:
		return meaning{class: providers.RateLimited}
	case (status >= 500 || status == http.StatusRequestTimeout) && mayHaveSent:
		return meaning{class: providers.Uncertain}
	case status >= 500 || status == http.StatusRequestTimeout:
		return meaning{class: providers.Temporary}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return meaning{class: providers.Unauthorised}
	}
	return meaning{class: providers.Permanent}
}

// transportError classifies a call without an answer. Only a message that may have left is uncertain; everything else can be
// repeated.
func transportError(err error, mayHaveSent bool) *providers.Error {
	// The address may hold a signature and is of no use to anybody; what went wrong is in the cause.
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	class := providers.Temporary
	if mayHaveSent {
		class = providers.Uncertain
	}
	key := sentences[class]
	if !mayHaveSent && errors.Is(err, context.Canceled) {
		key = "provider.stopped"
	}
	return &providers.Error{Class: class, Key: key, Err: err}
}

// retryAfter reads the header in both of its forms. A date is measured against the answer's own date, which needs no clock of
// ours to be right.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 && seconds < 1e6 {
		return time.Duration(seconds) * time.Second
	}
	until, err1 := http.ParseTime(value)
	now, err2 := http.ParseTime(h.Get("Date"))
	if err1 != nil || err2 != nil || until.Before(now) {
		return 0
	}
	return until.Sub(now)
}

func invalid(key string) *providers.Error {
	return &providers.Error{Class: providers.InvalidValue, Key: key}
}
