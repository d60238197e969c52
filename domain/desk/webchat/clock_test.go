package webchat_test

import (
	"fmt"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/webchat"
)

// A flood while the clock was wrong keeps nobody out of the chat once it is right.
func TestVisitorPace_ClockThatWasWrongRefusesNobodyAfterwards(t *testing.T) {
	for _, by := range []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour} {
		t.Run(by.String(), func(t *testing.T) {
			c := newChat(t, nil)
			say := func(i int, visitor string) error {
				m := webchat.Message{ID: fmt.Sprintf("message-%d", i), Text: "x", Nameless: "Visitor", Address: "203.0.113.9"}
				return c.WebChat.Say(t.Context(), "web", tokenOf(visitor), m)
			}
			c.Clock.Move(by)
			refused := 0
			for i := range 70 {
				if err := say(i, "one"); domain.KindOf(err) == domain.TooMany {
					refused++
				}
			}
			if refused == 0 {
				t.Fatal("the flood was not slowed down")
			}
			c.Clock.Move(-by)
			c.Clock.Move(2 * time.Minute) // in which the budget of a visitor fills
			if err := say(100, "one"); err != nil {
				t.Errorf("the same visitor: %v", err)
			}
			if err := say(101, "somebody new"); err != nil {
				t.Errorf("a new one: %v", err)
			}
		})
	}
}
