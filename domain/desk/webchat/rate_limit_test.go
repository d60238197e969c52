package webchat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/webchat"
	"pult/internal/desktest"
)

func TestVisitorPace_FloodsAreSlowedDown(t *testing.T) {
	c := newChat(t, nil)
	flood := func(token func(int) string) (refused int, last error) {
		for i := range 70 {
			m := webchat.Message{ID: fmt.Sprintf("message-%d", i), Text: "x", Nameless: "Visitor", Address: "203.0.113.9"}
			if err := c.WebChat.Say(t.Context(), "web", token(i), m); err != nil {
				refused, last = refused+1, err
			}
		}
		return refused, last
	}
	if n, err := flood(func(int) string { return tokenOf("one") }); n < 40 || domain.KindOf(err) != domain.TooMany ||
		desktest.Refusal(err).Args["seconds"] == 0 {
		t.Errorf("one visitor: %d refused, %v", n, err)
	}
	c.Clock.Move(time.Hour)
	if n, err := flood(func(i int) string { return tokenOf(strings.Repeat("n", i)) }); n < 40 || domain.KindOf(err) != domain.TooMany {
		t.Errorf("many new visitors from one address: %d refused, %v", n, err)
	}
	if err := c.WebChat.Say(t.Context(), "web", tokenOf("elsewhere"), webchat.Message{
		ID:       "message-1",
		Text:     "x",
		Nameless: "Visitor",
		Address:  "192.0.2.1",
	}); err != nil {
		t.Errorf("somebody else: got %v, want nil", err)
	}
}
