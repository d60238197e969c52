package background

import (
	"context"
	"sync"
	"time"
)

// Worker runs one piece of work beside its caller, and whatever that begins with Go. Its zero value is ready. It is
// safe for many callers.
type Worker struct {
	mu      sync.Mutex
	cancel  context.CancelFunc // guarded by mu; nil before Start
	stopped bool               // guarded by mu
	running sync.WaitGroup
}

// Start begins the work, which has to end soon after its context does. The context keeps the values of ctx, not its
// end: only Stop ends the work. After Stop, and a second time, it does nothing.
func (w *Worker) Start(ctx context.Context, work func(context.Context)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || w.cancel != nil {
		return
	}
	ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	w.running.Go(func() { work(ctx) })
}

// Go runs fn beside the work that calls it; Stop waits for it too.
func (w *Worker) Go(fn func()) { w.running.Go(fn) }

// Stop ends the work and waits until it has ended. Calling it twice, or without Start, is fine.
func (w *Worker) Stop() {
	w.cancelWork()
	w.running.Wait()
}

// StopWithin is Stop for work that may not let go: it waits for so long at most, and reports whether the work has
// ended.
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

func (w *Worker) cancelWork() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	if w.cancel != nil {
		w.cancel()
	}
}
