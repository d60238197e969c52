package background

import (
	"context"
	"sync"
	"time"
)

// Worker runs one piece of work in the background, and what that work starts with Go. Its zero value is ready to use.
// It is
// safe for many callers.
type Worker struct {
	mu      sync.Mutex
	cancel  context.CancelFunc // guarded by mu; nil before Start
	stopped bool               // guarded by mu
	running sync.WaitGroup
}

// Start starts the work, which has to return soon after its context ends. That context has the values of ctx but not
// its end: only Stop ends it. A second Start, and one after Stop, does nothing.
func (w *Worker) Start(ctx context.Context, work func(context.Context)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || w.cancel != nil {
		return
	}
	ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	w.running.Go(func() { work(ctx) })
}

// Go runs fn beside the work that calls Go. Stop waits for it too.
func (w *Worker) Go(fn func()) { w.running.Go(fn) }

// Stop ends the context of the work and waits until all has returned. It may be called twice, and without Start.
func (w *Worker) Stop() {
	w.cancelWork()
	w.running.Wait()
}

// StopWithin is Stop for work that may not return: it waits for at most limit, and reports whether all has
// returned.
func (w *Worker) StopWithin(limit time.Duration) bool {
	w.cancelWork()
	ended := make(chan struct{})
	go func() {
		w.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-time.After(limit):
		return false
	}
}

// cancelWork ends the context of the work, and makes a later Start do nothing.
func (w *Worker) cancelWork() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	if w.cancel != nil {
		w.cancel()
	}
}
