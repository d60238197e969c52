package live

import (
	"errors"
	"testing"
)

func TestKeptOnce_MakesOnceForAllAndForgetsFailures(t *testing.T) {
	c := newKeptOnce[string, string](2)
	made := 0
	draw := func() (string, error) { made++; return "x", nil }
	for range 3 {
		if _, err := c.get("a", draw); err != nil {
			t.Fatal(err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times, want once", made)
	}
	for _, key := range []string{"b", "c", "a"} { // "a" goes when "c" comes
		_, _ = c.get(key, draw)
	}
	if made != 4 || c.kept.Len() != 2 {
		t.Errorf("made %d, kept %d, want 4 and 2", made, c.kept.Len())
	}
	failure := errors.New("no")
	if _, err := c.get("f", func() (string, error) { return "", failure }); !errors.Is(err, failure) {
		t.Errorf("got %v, want the failure", err)
	}
	if got, err := c.get("f", draw); err != nil || got != "x" {
		t.Errorf("a failure was kept: %q %v", got, err)
	}
}
