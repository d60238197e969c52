package badgerkv

import (
	"sync"

	"pult/domain/store/kv"
)

// gate lets work in until it closes, and lets Close wait for what is inside. A
// sync.RWMutex would not do: a View inside an Update would wait for the Close
// that waits for the Update.
type gate struct {
	mu     sync.Mutex // guards inside and closed
	inside int
	closed bool
	idle   sync.Cond
}

func (g *gate) init() { g.idle.L = &g.mu }

// enter returns kv.ErrClosed once the gate is closing. After nil, leave must be
// called.
func (g *gate) enter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return kv.ErrClosed
	}
	g.inside++
	return nil
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 {
		g.idle.Broadcast()
	}
}

// close lets nothing in any more and returns when everything has left.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for g.inside > 0 {
		g.idle.Wait()
	}
}
