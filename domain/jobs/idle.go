package jobs

import (
	"context"
	"sync"
)

// idleness knows when no job runs and none is due. A round is one look for jobs that are due.
type idleness struct {
	mu      sync.Mutex
	running int // jobs that run; guarded by mu
	rounds  int // rounds that have ended; guarded by mu
	// how many rounds must have ended so that none has missed what is enqueued by now; guarded by mu
	neededRounds int
	inRound      bool          // a round is under way; guarded by mu
	changed      chan struct{} // closed and replaced at every change; guarded by mu
}

func newIdleness() *idleness { return &idleness{changed: make(chan struct{})} }

// update changes the state and wakes whoever waits.
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

// lookAgain requires a whole round from now on: one that is under way may have begun too early. Call with mu held.
func (i *idleness) lookAgain() {
	i.neededRounds = i.rounds + 1
	if i.inRound {
		i.neededRounds++
	}
}

// waitIdle returns when a whole round that began after the call found nothing and no job runs. wake makes the next
// round begin.
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
