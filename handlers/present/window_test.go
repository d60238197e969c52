package present

import (
	"testing"
	"time"

	"pult/domain/carrier"
	"pult/domain/desk/chats"
)

func TestWindow_StatesOverTheWeek(t *testing.T) {
	wrote := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		name     string
		after    time.Duration
		personal time.Duration // 0 = the channel knows no such time
		want     string
		left     time.Duration
	}{
		{"at once", 0, 7 * day, "open", day},
		{"nearly a day", 23*time.Hour + 30*time.Minute, 7 * day, "closing", 30 * time.Minute},
		{"two days", 2 * day, 7 * day, "personal", 5 * day},
		{"eight days", 8 * day, 7 * day, "closed", 0},
		{"two days on a channel without", 2 * day, 0, "closed", 0},
	} {
		now := wrote.Add(c.after)
		conversation := chats.Conversation{
			Caps:        carrier.Capabilities{Window: day, PersonalWindow: c.personal},
			WindowUntil: wrote.Add(day),
			WindowOpen:  now.Before(wrote.Add(day)),
		}
		if c.personal > 0 {
			conversation.PersonalUntil = wrote.Add(c.personal)
		}
		if got := (Presenter{Now: now}).Window(conversation); got.State != c.want || got.Left != c.left || !got.Patient {
			t.Errorf("%s: got %s with %s left, want %s with %s", c.name, got.State, got.Left, c.want, c.left)
		}
	}
}
