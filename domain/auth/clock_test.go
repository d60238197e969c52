package auth_test

import (
	"testing"
	"time"

	"pult/domain"
)

var moves = []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour}

func TestSession_ClockThatWasWrongKeepsNobodyOutAndNobodyIn(t *testing.T) {
	for _, by := range moves {
		t.Run(by.String(), func(t *testing.T) {
			r, token, who := installed(t)
			signIn := func() string {
				token, _, err := r.SignIn(t.Context(), who.Email, password, "192.0.2.1", "x")
				if err != nil {
					t.Fatalf("cannot sign in: %v", err)
				}
				return token
			}
			r.wait(by)
			wrong := signIn()
			if _, err := r.Who(t.Context(), wrong); err != nil {
				t.Errorf("signed in while the clock is wrong: %v", err)
			}
			r.wait(-by)
			right := signIn()
			if _, err := r.Who(t.Context(), right); err != nil {
				t.Errorf("signed in once it is right: %v", err)
			}
			if by < 0 {
				if _, err := r.Who(t.Context(), token); err != nil {
					t.Errorf("a session from before: %v", err)
				}
			}
			r.wait(8 * 24 * time.Hour) // longer than any session lives
			for _, old := range []string{token, wrong, right} {
				if _, err := r.Who(t.Context(), old); domain.KindOf(err) != domain.Unauthenticated {
					t.Errorf("a session lives on a week later: %v", err)
				}
			}
		})
	}
}

// A clock that was ahead while a session was used says nothing of how long ago that was.
func TestSession_UsedWhileTheClockWasAheadIsTouchedAgain(t *testing.T) {
	r, token, who := installed(t)
	r.wait(10 * time.Hour)
	if _, err := r.Who(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	r.wait(-10 * time.Hour)
	if _, err := r.Who(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if o, err := r.Peek(t.Context(), token); err != nil || o.LastSeenAt.After(r.clock()) || o.ID != who.ID {
		t.Errorf("last seen %v, %v; want now", o.LastSeenAt, err)
	}
}
