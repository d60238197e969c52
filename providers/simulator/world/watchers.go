package world

import "sync"

// Watchers are those who want to know that something changed. The zero value has none; it is safe for many callers.
type Watchers struct {
	mu   sync.Mutex
	list map[chan struct{}]struct{}
}

// Watch gives a channel that receives after every change, and a function that ends it. Changes in quick succession
// may come as one.
func (w *Watchers) Watch() (changes <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.list == nil {
		w.list = map[chan struct{}]struct{}{}
	}
	w.list[c] = struct{}{}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.list, c)
	}
}

// Notify reports a change to all of them.
func (w *Watchers) Notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.list {
		select {
		case c <- struct{}{}:
		default: // it has not looked yet and will see this change as well
		}
	}
}
