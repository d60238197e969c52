package domain_test

import (
	"testing"
	"time"

	"pult/domain"
)

func TestWindow_EndsAMarginBeforeItsTime(t *testing.T) {
	c := domain.Conversation{LastInbound: noon}
	day, margin := 24*time.Hour, time.Minute
	for at, want := range map[time.Duration]bool{0: true, day - margin - time.Second: true, day - margin: false, day: false} {
		if got := c.IsWindowOpen(day, margin, noon.Add(at)); got != want {
			t.Errorf("after %v: got %v, want %v", at, got, want)
		}
	}
	if !c.IsWindowOpen(0, 0, noon.AddDate(1, 0, 0)) {
		t.Error("a channel without a window closed")
	}
	if never := (&domain.Conversation{}); never.IsWindowOpen(day, margin, noon) {
		t.Error("the window is open for somebody who never wrote")
	}
}
