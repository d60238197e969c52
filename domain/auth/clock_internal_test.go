package auth

import (
	"fmt"
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
	th := newThrottle()
	for i := range 400 {
		_ = th.begin("a@example.org", fmt.Sprint(i), start.Add(time.Duration(i)*16*time.Minute)) // the waits grow to their longest
	}
	now := start.Add(400 * 16 * time.Minute)
	if err := th.begin("a@example.org", "x", now); err != nil {
		t.Fatal(err)
	}
	if err := th.begin("a@example.org", "x", now.Add(time.Minute)); err == nil {
		t.Error("the wait was forgotten")
	}
}
