package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/domain/carrier"
	"pult/providers/wire"
)

func TestTransportError(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		sends bool
		class carrier.Class
		key   string
	}{
		{"asked", io.EOF, false, carrier.Temporary, "provider.temporary"},
		{"sent", io.EOF, true, carrier.Uncertain, "provider.uncertain"},
		{"asked and cancelled", context.Canceled, false, carrier.Temporary, "provider.stopped"},
		{"sent and cancelled", context.Canceled, true, carrier.Uncertain, "provider.uncertain"},
		{"asked too long", context.DeadlineExceeded, false, carrier.Temporary, "provider.temporary"},
		{"an inner address", carrier.ErrInternal, true, carrier.InvalidValue, "provider.internal_address"},
	} {
		inside := fmt.Errorf("round trip: %w", c.err)
		wrapped := &url.Error{Op: "Post", URL: "https://vendor.example/?signature=1", Err: inside}
		e := wire.TransportError(&url.Error{Op: "Post", URL: "https://first.example/?signature=1", Err: wrapped}, c.sends)
		if e.Class != c.class || e.Key != c.key {
			t.Errorf("%s: got %s with %s, want %s with %s", c.name, e.Class, e.Key, c.class, c.key)
		}
		if !errors.Is(e, c.err) {
			t.Errorf("%s: got %v, which lost its cause", c.name, e)
		}
		if strings.Contains(e.Error(), "signature=") {
			t.Errorf("%s: got %v, which tells the address", c.name, e)
		}
	}
}

func TestRetryAfter_BothForms(t *testing.T) {
	const now = "Sat, 01 Aug 2026 12:00:00 GMT"
	for _, c := range []struct {
		name, value, date string
		want              time.Duration
	}{
		{"seconds", "30", now, 30 * time.Second},
		{"seconds need no date", "30", "", 30 * time.Second},
		{"no seconds", "0", now, 0},
		{"a date", "Sat, 01 Aug 2026 12:01:30 GMT", now, 90 * time.Second},
		{"a date in the old form", "Saturday, 01-Aug-26 12:01:30 GMT", now, 90 * time.Second},
		{"a date that is over", "Sat, 01 Aug 2026 11:00:00 GMT", now, 0},
		{"a date without the answer's own", "Sat, 01 Aug 2026 12:01:30 GMT", "", 0},
		{"seconds before now", "-5", now, 0},
		{"for ever", "1000000", now, 0},
		{"words", "soon", now, 0},
		{"none", "", now, 0},
	} {
		h := http.Header{}
		if c.value != "" {
			h.Set("Retry-After", c.value)
		}
		if c.date != "" {
			h.Set("Date", c.date)
		}
		if got := wire.RetryAfter(h); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
