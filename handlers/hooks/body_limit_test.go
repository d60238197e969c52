package hooks

import (
	"context"
	"testing"
	"testing/synctest"

	"pult/domain"
)

func TestBodyLimit_OneAddressCannotTakeTheOthersPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newBodyLimit(1 << 20)
		var leave []func()
		for range bodiesPerKey {
			out, err := l.enterBody(t.Context(), "flooded", 100)
			if err != nil {
				t.Fatal(err)
			}
			leave = append(leave, out)
		}
		if _, err := l.enterBody(t.Context(), "flooded", 100); domain.KindOf(err) != domain.Unavailable {
			t.Errorf("one too many: got %v, want Unavailable", err)
		}
		if out, err := l.enterBody(t.Context(), "other", 100); err != nil {
			t.Errorf("another address: got %v", err)
		} else {
			out()
		}
		for _, out := range leave {
			out()
		}
		if l.keys.Len() != 0 {
			t.Errorf("%d addresses are remembered, want none", l.keys.Len())
		}
	})
}

func TestBodyLimit_BytesOfAllAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newBodyLimit(bodiesBytes / 2)
		first, err := l.enterBody(t.Context(), "a", -1) // not told: as much as one may have
		if err != nil {
			t.Fatal(err)
		}
		second, err := l.enterBody(t.Context(), "b", bodiesBytes) // a lie is cut to what is read
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.enterBody(t.Context(), "c", 1); domain.KindOf(err) != domain.Unavailable {
			t.Errorf("got %v, want Unavailable", err)
		}
		waiting := make(chan error)
		go func() {
			out, err := l.enterBody(context.Background(), "c", 1)
			if err == nil {
				out()
			}
			waiting <- err
		}()
		synctest.Wait()
		first()
		if err := <-waiting; err != nil {
			t.Errorf("whoever waits gets the place: %v", err)
		}
		second()
	})
}
