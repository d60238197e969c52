package auth

import (
	"testing"
	"time"
)

// moves are those of a clock that is put wrong and right again.
var moves = []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour}

// Guesses that came while the clock was wrong keep nobody out once it is right.
func TestThrottle_ClockThatWasWrongRefusesNobodyAfterwards(t *testing.T) {
	for _, by := range moves {
		th := newThrottle()
		for range 40 {
			_ = th.begin("a@example.org", "192.0.2.1", start.Add(by)) // what comes of it is told by the other tests
		}
		if err := th.begin("a@example.org", "192.0.2.1", start.Add(by)); err == nil {
			t.Fatalf("by %v: the guesses were not slowed down", by)
		}
		if err := th.begin("a@example.org", "192.0.2.1", start); err != nil {
			t.Errorf("by %v: got %v once the clock is right, want the sign-in", by, err)
		}
	}
}

// A clock that is only put right by minutes does not forget the guesses.
func TestThrottle_SmallCorrectionOfTheClockForgetsNoWait(t *testing.T) {
	th, now := newThrottle(), start
	for range 30 { // the waits grow to their longest
		now = now.Add(16 * time.Minute)
		if err := th.begin("a@example.org", "192.0.2.1", now); err != nil {
			t.Fatal(err)
		}
	}
	for _, by := range []time.Duration{time.Minute, -time.Minute} {
		if err := th.begin("a@example.org", "192.0.2.1", now.Add(by)); err == nil {
			t.Errorf("by %v: the wait was forgotten", by)
		}
	}
}
