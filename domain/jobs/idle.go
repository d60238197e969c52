package jobs

import (
	"context"
	"sync"
)

// idleness knows when nothing runs and nothing is due.
type idleness struct {
	mu           sync.Mutex
	running      int           // jobs handed out; guarded by mu
	rounds       int           // looks finished; guarded by mu
	neededRounds int           // rounds after which nothing enqueued before now can have been missed; guarded by mu
	inRound      bool          // a look is under way; guarded by mu
	changed      chan struct{} // closed and replaced at every change; guarded by mu
}

func newIdleness() *idleness { return &idleness{changed: make(chan struct{})} }

func (i *idleness) update(fn func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	fn()
	close(i.changed)
	i.changed = make(chan struct{})
}

func (i *idleness) beginRound() { i.update(func() { i.inRound = true }) }
func (i *idleness) endRound()   { i.update(func() { i.inRound = false; i.rounds++ }) }
func (i *idleness) addJob()     { i.update(func() { i.running++ }) }
func (i *idleness) removeJob()  { i.update(func() { i.running--; i.lookAgain() }) }

// lookAgain asks for a whole look from now on: one that is under way may have begun too early. Call with mu held.
func (i *idleness) lookAgain() {
	i.neededRounds = i.rounds + 1
	if i.inRound {
		i.neededRounds++
	}
}

// waitIdle returns when a whole look that began after the call found nothing and nothing runs.
func (i *idleness) waitIdle(ctx context.Context, wake func()) error {
	i.mu.Lock()
	i.lookAgain()
	for i.rounds < i.neededRounds || i.running > 0 || i.inRound {
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
