package jobs

import (
	"context"
	"sync"
)

// idleness knows when nothing runs and nothing is due.
type idleness struct {
	mu      sync.Mutex
	running int           // jobs handed out; guarded by mu
	rounds  int           // looks finished; guarded by mu
	need    int           // rounds after which nothing enqueued before now can have been missed; guarded by mu
	inRound bool          // a look is under way; guarded by mu
	changed chan struct{} // closed and replaced at every change; guarded by mu
}

func newIdleness() *idleness { return &idleness{changed: make(chan struct{})} }

func (i *idleness) change(fn func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	fn()
	close(i.changed)
	i.changed = make(chan struct{})
}

func (i *idleness) looking() { i.change(func() { i.inRound = true }) }
func (i *idleness) looked()  { i.change(func() { i.inRound = false; i.rounds++ }) }
func (i *idleness) add()     { i.change(func() { i.running++ }) }
func (i *idleness) done()    { i.change(func() { i.running--; i.lookAgain() }) }

// lookAgain asks for a whole look from now on: one that is under way may have begun too early. Call with mu held.
func (i *idleness) lookAgain() {
	i.need = i.rounds + 1
	if i.inRound {
		i.need++
	}
}

// wait returns when a whole look that began after the call found nothing and nothing runs.
func (i *idleness) wait(ctx context.Context, wake func()) error {
	i.mu.Lock()
	i.lookAgain()
	for i.rounds < i.need || i.running > 0 || i.inRound {
		changed := i.changed
		i.mu.Unlock()
		wake()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
		i.mu.Lock()
	}
	i.mu.Unlock()
	return nil
}
