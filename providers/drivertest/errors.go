package drivertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// secretive is any harness: it knows what must never show.
type secretive interface{ Secrets() []string }

// checkRefused checks that a webhook was refused for its signature, without telling a secret.
func checkRefused(t *testing.T, h secretive, what string, err error) {
	t.Helper()
	if !errors.Is(err, carrier.ErrSignature) {
		t.Errorf("%s: got %v, want ErrSignature", what, err)
		return
	}
	checkNoSecret(t, h, err)
}

// checkClass checks what an error is, that it has a sentence, and that it tells no secret.
func checkClass(t *testing.T, h secretive, what string, err error, want carrier.Class) {
	t.Helper()
	var e *carrier.Error
	if !errors.As(err, &e) {
		t.Errorf("%s: got %v, want a *carrier.Error of class %s", what, err, want)
		return
	}
	if e.Class != want || e.Key == "" {
		t.Errorf("%s: got class %s with key %q, want %s: %v", what, e.Class, e.Key, want, err)
	}
	checkNoSecret(t, h, err)
}

// checkNoSecret looks for secrets in an error and in all of its causes.
func checkNoSecret(t *testing.T, h secretive, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, secret := range h.Secrets() {
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, secret) {
				t.Errorf("an error tells a secret: %s", strings.ReplaceAll(text, secret, "[the secret]"))
			}
		}
	}
}

// testFailures plays every fault. Each needs a harness of its own state, so faults replace one another.
func testFailures(t *testing.T, h Harness) {
	for _, c := range []struct {
		fault Fault
		want  carrier.Class
	}{
		{Down, carrier.Temporary}, {Limited, carrier.RateLimited}, {Expired, carrier.Unauthorised},
		{Closed, carrier.WindowClosed}, {Refused, carrier.InvalidValue}, {NoSuchPhone, carrier.Unreachable},
		{Cut, carrier.Uncertain}, {Silent, carrier.Uncertain}, {Gone, carrier.Temporary},
	} {
		t.Run(string(c.fault), func(t *testing.T) { testFailure(t, h, c.fault, c.want) })
	}
}

func testFailure(t *testing.T, h Harness, f Fault, want carrier.Class) {
	before := h.Count(t)
	h.Break(t, f)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if c, ok := h.(Canceller); ok && f == Silent {
		c.OnNextRequest(cancel)
	}
	_, err := h.Driver().Send(ctx, newMessage(h, Message{Kind: domain.KindText, Text: "x"}))
	checkClass(t, h, string(f), err, want)
	var e *carrier.Error
	if errors.As(err, &e) && f == Limited && e.RetryAfter <= 0 {
		t.Errorf("got no time to wait, want some")
	}
	if took := h.Count(t) - before; f == Cut && took != 1 {
		t.Errorf("got %d messages at the customer after the cut, want 1", took)
	}
}

// Canceller is a harness that can tell when the vendor holds a request it will not answer, so that no test has to wait
// for time to pass.
type Canceller interface{ OnNextRequest(func()) }
