package kv

import (
	"bytes"
	"context"
	"sync"
)

// MaxPending is the number of distinct changed keys that may wait for a slow
// watcher before they are replaced by one Resync.
const MaxPending = 1024

// Hub tells watchers which keys were committed. Publishers never wait for a
// watcher. It is safe for concurrent use.
type Hub struct {
	mu       sync.RWMutex // guards watchers and closed
	watchers map[*watcher]struct{}
	closed   bool

	done chan struct{}  // closed by Close
	runs sync.WaitGroup // one per watcher
}

// NewHub returns a hub without watchers. It must be closed.
func NewHub() *Hub {
	return &Hub{watchers: map[*watcher]struct{}{}, done: make(chan struct{})}
}

// Watch implements Store.Watch. It returns ErrClosed after Close, and the error
// of a ctx that has already ended.
func (h *Hub) Watch(ctx context.Context, prefixes ...[]byte) (<-chan Change, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := newWatcher(prefixes)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	h.watchers[w] = struct{}{}
	h.runs.Go(func() {
		defer h.remove(w)
		w.run(ctx, h.done)
	})
	return w.out, nil
}

// Publish reports keys that View can read already: called before the commit it
// could announce what never happens. The keys are not kept.
func (h *Hub) Publish(keys [][]byte) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for w := range h.watchers {
		w.add(keys)
	}
}

// Close closes the channels of all watchers and waits until that is done.
func (h *Hub) Close() {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
	h.mu.Unlock()
	h.runs.Wait()
}

func (h *Hub) remove(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers, w)
}

// watcher collects changes until its receiver is ready for them.
type watcher struct {
	prefixes [][]byte
	out      chan Change
	wake     chan struct{} // holds one token while something is pending

	mu      sync.Mutex // guards the two below
	pending map[string]struct{}
	resync  bool // pending overflowed and its keys were dropped
}

func newWatcher(prefixes [][]byte) *watcher {
	w := &watcher{
		out:     make(chan Change),
		wake:    make(chan struct{}, 1),
		pending: map[string]struct{}{},
	}
	for _, p := range prefixes {
		w.prefixes = append(w.prefixes, bytes.Clone(p))
	}
	return w
}

// run delivers changes until ctx ends or the hub closes.
func (w *watcher) run(ctx context.Context, done <-chan struct{}) {
	defer close(w.out)
	for {
		select {
		case <-w.wake:
		case <-ctx.Done():
			return
		case <-done:
			return
		}
		change, ok := w.take()
		if !ok {
			continue
		}
		select {
		case w.out <- change:
		case <-ctx.Done():
			return
		case <-done:
			return
		}
	}
}

func (w *watcher) add(keys [][]byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, key := range keys {
		if w.isWatching(key) {
			w.addKey(key)
		}
	}
	if w.resync || len(w.pending) > 0 {
		select {
		case w.wake <- struct{}{}:
		default: // a token is there already
		}
	}
}

// addKey notes one key. While a Resync waits nothing needs noting: the receiver
// will read everything after it, and so after this key's commit.
func (w *watcher) addKey(key []byte) {
	if w.resync {
		return
	}
	w.pending[string(key)] = struct{}{}
	if len(w.pending) > MaxPending {
		w.resync = true
		clear(w.pending)
	}
}

func (w *watcher) isWatching(key []byte) bool {
	if len(w.prefixes) == 0 {
		return true
	}
	for _, p := range w.prefixes {
		if bytes.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

// take empties what is pending into a Change. There is nothing to take if the
// keys that a wake token stands for left together with those of the token before.
func (w *watcher) take() (change Change, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.resync {
		w.resync = false
		return Change{Resync: true}, true
	}
	if len(w.pending) == 0 {
		return Change{}, false
	}
	keys := make([][]byte, 0, len(w.pending))
	for key := range w.pending {
		keys = append(keys, []byte(key))
	}
	clear(w.pending)
	return Change{Keys: keys}, true
}
