package world

import (
	"context"
	"sync"
	"time"
)

// Work is everything that runs in the background, and what is put off until later. It is safe for many callers.
type Work struct {
	clock  Clock
	ctx    context.Context // ends with Stop
	cancel context.CancelFunc
	group  sync.WaitGroup

	mu      sync.Mutex // guards stopped, so that nothing begins while Stop waits
	stopped bool
}

// NewWork makes work that is put off by a clock.
func NewWork(clock Clock) *Work {
	ctx, cancel := context.WithCancel(context.Background())
	return &Work{clock: clock, ctx: ctx, cancel: cancel}
}

// Context ends with Stop.
func (w *Work) Context() context.Context { return w.ctx }

// Run runs fn, which Stop then waits for, and reports whether it did: after Stop nothing begins any more.
func (w *Work) Run(fn func()) bool {
	w.mu.Lock()
	if w.stopped {
		w.mu.Unlock()
		return false
	}
	w.group.Add(1)
	w.mu.Unlock()
	defer w.group.Done()
	fn()
	return true
}

// After runs fn once d has passed, unless Stop comes first.
func (w *Work) After(d time.Duration, fn func()) {
	w.clock.AfterFunc(d, func() { w.Run(fn) })
}

// Wait lets d pass and reports whether it passed before ctx ended and before Stop.
func (w *Work) Wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	passed := make(chan struct{})
	stop := w.clock.AfterFunc(d, func() { close(passed) })
	defer stop()
	select {
	case <-passed:
		return true
	case <-ctx.Done():
	case <-w.ctx.Done():
	}
	return false
}

// Stop lets nothing begin any more and waits for what runs. It may be called twice.
func (w *Work) Stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.cancel()
	w.group.Wait()
}
