package world_test

import (
	"slices"
	"testing"
	"time"

	"pult/providers/simulator/world"
)

func TestManualClock_RunsInOrderWhatBecomesDue(t *testing.T) {
	start := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	c := world.NewManualClock(start)
	var ran []string
	note := func(name string) func() {
		return func() { ran = append(ran, name+c.Now().Sub(start).String()) }
	}
	c.AfterFunc(2*time.Second, note("b"))
	c.AfterFunc(time.Second, func() {
		note("a")()
		c.AfterFunc(500*time.Millisecond, note("within"))
	})
	stop := c.AfterFunc(time.Second, note("stopped"))
	c.AfterFunc(time.Minute, note("later"))
	stop()
	c.Advance(3 * time.Second)
	if want := []string{"a1s", "within1.5s", "b2s"}; !slices.Equal(ran, want) {
		t.Errorf("got %q, want %q", ran, want)
	}
	if got := c.Now().Sub(start); got != 3*time.Second {
		t.Errorf("the clock stands at %s", got)
	}
}

func TestSystemClock_RunsAndCanBeStopped(t *testing.T) {
	c, ran := world.SystemClock{}, make(chan struct{})
	stop := c.AfterFunc(time.Hour, func() { t.Error("it ran after it was stopped") })
	stop()
	c.AfterFunc(0, func() { close(ran) })
	<-ran
	if d := time.Since(c.Now()); d < 0 || d > time.Minute {
		t.Errorf("the clock is %s off", d)
	}
}
