package email_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/providers/email"
)

// An access token that was granted while the clock was ahead has ended long before the time that was written down.
func TestOAuth_TokenOfAClockThatWasWrongIsAskedForAnew(t *testing.T) {
	for _, by := range []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour} {
		v, kept, clock := newVendor(t), domain.Secret(""), now().Add(by)
		h := newHarness(t, withOAuth(v, &kept), func(c *email.Config) { c.Now = func() time.Time { return clock } })
		if _, err := h.driver.Test(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock = clock.Add(-by)
		_, _ = h.driver.Test(t.Context()) // the pretended endpoint grants once; that it is asked is what counts
		if n := v.asked.Load(); n != 2 {
			t.Errorf("by %v: asked for %d tokens, want another once the clock is right", by, n)
		}
	}
}
