package wire

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"pult/domain/carrier"
)

// TransportError classifies a request that got no answer. Only a message that may have left is uncertain; everything
// else can be repeated.
func TransportError(err error, mayHaveSent bool) *carrier.Error {
	// The address may hold a signature and is of no use to anybody; what went wrong is in the cause.
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, carrier.ErrInternal) {
		return &carrier.Error{Class: carrier.InvalidValue, Key: "provider.internal_address", Err: err}
	}
	class := carrier.Temporary
	if mayHaveSent {
		class = carrier.Uncertain
	}
	key := class.Sentence()
	if !mayHaveSent && errors.Is(err, context.Canceled) {
		key = "provider.stopped"
	}
	return &carrier.Error{Class: class, Key: key, Err: err}
}

// RetryAfter reads the header in both of its forms. A date is measured against the answer's own date, which needs no
// clock of ours to be right.
func RetryAfter(h http.Header) time.Duration {
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
