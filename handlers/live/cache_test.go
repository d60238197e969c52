package live

import (
	"errors"
	"testing"
)

func TestDrawings_DrawOnceForAllAndForgetFailures(t *testing.T) {
	d := newCache(2)
	drawn := 0
	draw := func() (drawing, error) { drawn++; return drawing{html: []byte("x")}, nil }
	for range 3 {
		if _, err := d.getOrDraw("a", draw); err != nil {
			t.Fatal(err)
		}
	}
	if drawn != 1 {
		t.Errorf("drawn %d times, want once", drawn)
	}
	for _, key := range []string{"b", "c", "a"} { // "a" goes when "c" comes
		_, _ = d.getOrDraw(key, draw)
	}
	if drawn != 4 || d.kept.Len() != 2 {
		t.Errorf("drawn %d, kept %d, want 4 and 2", drawn, d.kept.Len())
	}
	failure := errors.New("no")
	if _, err := d.getOrDraw("f", func() (drawing, error) { return drawing{}, failure }); !errors.Is(err, failure) {
		t.Errorf("got %v, want the failure", err)
	}
	if made, err := d.getOrDraw("f", draw); err != nil || string(made.html) != "x" {
		t.Errorf("a failure was kept: %q %v", made.html, err)
	}
}
