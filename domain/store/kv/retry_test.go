package kv_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"pult/domain/store/kv"
)

func TestBackoff_GrowsAndStops(t *testing.T) {
	cases := []struct {
		try    int
		jitter float64
		want   time.Duration
	}{
		{0, 0, time.Millisecond},
		{0, 0.5, 2 * time.Millisecond},
		{3, 0, 8 * time.Millisecond},
		{50, 0, 100 * time.Millisecond},
		{1 << 30, 0.5, 150 * time.Millisecond},
	}
	for _, c := range cases {
		if got := kv.Backoff(c.try, c.jitter); got != c.want {
			t.Errorf("Backoff(%d, %v): got %v, want %v", c.try, c.jitter, got, c.want)
		}
	}
}

func TestRetry_UntilItWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, failure := 0, errors.New("not a conflict")
		err := kv.Retry(t.Context(), func() (bool, error) {
			runs++
			if runs < 30 {
				return true, kv.ErrConflict
			}
			return false, failure
		})
		if runs != 30 || !errors.Is(err, failure) {
			t.Errorf("got %v after %d runs, want %v after 30", err, runs, failure)
		}
	})
}

func TestRetry_ConflictWhenTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := kv.WithTimeout(t.Context())
		defer cancel()
		start := time.Now()
		err := kv.Retry(ctx, func() (bool, error) { return true, kv.ErrConflict })
		if !errors.Is(err, kv.ErrConflict) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v and %v", err, kv.ErrConflict, context.DeadlineExceeded)
		}
		if got := time.Since(start); got != kv.DefaultTimeout {
			t.Errorf("gave up after %v, want %v", got, kv.DefaultTimeout)
		}
	})
}

func TestWithTimeout_KeepsADeadline(t *testing.T) {
	want := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	ctx, cancel := context.WithDeadline(t.Context(), want)
	defer cancel()
	ctx, cancelToo := kv.WithTimeout(ctx)
	defer cancelToo()
	if got, _ := ctx.Deadline(); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
