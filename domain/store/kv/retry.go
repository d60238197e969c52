package kv

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// DefaultTimeout bounds an Update whose context has no deadline, retries
// included.
const DefaultTimeout = 10 * time.Second

const (
	firstWait = time.Millisecond // the first wait lies between this and three times it
	maxWait   = 200 * time.Millisecond
)

// WithTimeout gives ctx the DefaultTimeout unless it has a deadline already.
// The caller must call cancel.
func WithTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, DefaultTimeout)
}

// Retry calls attempt until it no longer asks to be run again or ctx ends; in
// the latter case the error is ErrConflict and the reason of ctx. Tries are not
// counted: under heavy contention a fixed number of tries fails now and then
// where a little more patience always succeeds.
func Retry(ctx context.Context, attempt func() (again bool, err error)) error {
	for try := 0; ; try++ {
		again, err := attempt()
		if !again {
			return err
		}
		if err := sleep(ctx, Backoff(try, rand.Float64())); err != nil {
			return fmt.Errorf("%w after %d tries: %w", ErrConflict, try+1, err)
		}
	}
}

// Backoff is the wait after the given try, counted from 0: between 1 and 3 ms
// at first, twice as long each time, never more than 200 ms. Jitter in [0, 1)
// places it within that span, so that rivals do not meet again.
func Backoff(try int, jitter float64) time.Duration {
	wait := float64(firstWait) * (1 + 2*jitter)
	for range try {
		wait *= 2
		if wait >= float64(maxWait) {
			return time.Duration(float64(maxWait) * (1 + jitter) / 2)
		}
	}
	return time.Duration(wait)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
