package carrier_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// classes are all classes of failure, each with whether the same message may be tried again without asking anybody.
var classes = map[carrier.Class]bool{
	carrier.Temporary: true, carrier.RateLimited: true, carrier.Unauthorised: false, carrier.WindowClosed: false,
	carrier.InvalidValue: false, carrier.Unreachable: false, carrier.Uncertain: false, carrier.Permanent: false,
}

func TestClass_OnlyWhatWasCertainlyNotTakenIsTriedAgain(t *testing.T) {
	for class, want := range classes {
		if got := class.CanRetry(); got != want {
			t.Errorf("%s: got %v, want %v", class, got, want)
		}
	}
}

func TestClass_EachHasASentenceOfItsOwn(t *testing.T) {
	seen := map[string]carrier.Class{}
	for class := range classes {
		key := class.Sentence()
		if other, twice := seen[key]; key == "" || twice {
			t.Errorf("%s: got the sentence %q, which is also that of %q", class, key, other)
		}
		seen[key] = class
	}
	if got := carrier.Class("unheard of").Sentence(); got != "" {
		t.Errorf("got %q for a class that does not exist", got)
	}
}

func TestError_SaysWhatIsKnown(t *testing.T) {
	for _, c := range []struct {
		e    carrier.Error
		want string
	}{
		{carrier.Error{Class: carrier.Temporary}, "carrier: temporary"},
		{carrier.Error{Class: carrier.Permanent, Code: "131026"}, "carrier: permanent 131026"},
		{carrier.Error{Class: carrier.Permanent, Code: "13", Detail: "not a number"}, "carrier: permanent 13: not a number"},
		{carrier.Error{Class: carrier.Uncertain, Err: io.EOF}, "carrier: uncertain: EOF"},
		{
			carrier.Error{Class: carrier.RateLimited, Detail: "slow down", RetryAfter: time.Second, Err: io.EOF},
			"carrier: rate_limited: slow down: EOF",
		},
	} {
		if got := c.e.Error(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestError_FailureIsWhatAMessageKeeps(t *testing.T) {
	e := &carrier.Error{Class: carrier.Unreachable, Code: "551", Key: "provider.x", Detail: "gone", Err: io.EOF}
	want := domain.Failure{Class: "unreachable", Code: "551", Key: "provider.x", Detail: "gone"}
	if got := *e.Failure(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestNewRefusal_IsTheMessagesFault(t *testing.T) {
	e := carrier.NewRefusal("provider.caption")
	if e.Class != carrier.InvalidValue || e.Key != "provider.caption" || e.Class.CanRetry() {
		t.Errorf("got %+v", e)
	}
}

func TestAsError(t *testing.T) {
	own := &carrier.Error{Class: carrier.WindowClosed, Key: "provider.window_closed"}
	for _, c := range []struct {
		name  string
		err   error
		class carrier.Class
		key   string
	}{
		{"one already", own, carrier.WindowClosed, "provider.window_closed"},
		{"one inside another error", fmt.Errorf("send: %w", own), carrier.WindowClosed, "provider.window_closed"},
		{"foreign", io.ErrUnexpectedEOF, carrier.Uncertain, "provider.uncertain"},
		{"deadline", context.DeadlineExceeded, carrier.Uncertain, "provider.uncertain"},
		{"cancelled", fmt.Errorf("send: %w", context.Canceled), carrier.Uncertain, "provider.stopped"},
	} {
		e := carrier.AsError(c.err)
		if e.Class != c.class || e.Key != c.key {
			t.Errorf("%s: got %s with %s, want %s with %s", c.name, e.Class, e.Key, c.class, c.key)
		}
		if e != own && !errors.Is(e, errors.Unwrap(c.err)) && !errors.Is(e, c.err) {
			t.Errorf("%s: got %v, which lost its cause", c.name, e)
		}
	}
}
