// Package realtime tells open pages what changed: one ring of the newest events that all streams read, and who looks at
// which conversation.
//
// Publishers never wait, and a stream costs nothing while nothing happens: it holds a place in the ring, not a queue of
// its own. One that has fallen so far behind that its place was written over is told so and reads the stored events
// instead; it is never cut off. The hub knows nothing of permissions: the stream asks, for every event, at delivery.
package realtime

import (
	"sync"

	"pult/domain"
)

// Kept is how many events the ring holds: what the largest commits tell at once, some dozen times over.
const Kept = 2048

// Hub is the ring. The zero value is not usable: call NewHub.
type Hub struct {
	mu      sync.Mutex
	ring    []domain.Event // grows up to Kept, then the oldest is written over; guarded by mu
	told    uint64         // how many events were ever published; guarded by mu
	newest  uint64         // number of the newest event that has one; guarded by mu
	moved   chan struct{}  // closed when something is published, then replaced; guarded by mu
	done    chan struct{}  // closed when the hub closes
	empty   chan struct{}  // closed when the hub is closed and the last reader has left
	readers int            // guarded by mu
	closed  bool           // guarded by mu

	presence *presence
}

// NewHub makes a hub without readers.
func NewHub() *Hub {
	return &Hub{moved: make(chan struct{}), done: make(chan struct{}), empty: make(chan struct{}), presence: newPresence()}
}

// Reader is the place of one stream in the ring. It belongs to one goroutine.
type Reader struct {
	hub  *Hub
	next uint64 // place of the event to be read next
	left bool
}

// Join opens a place behind the newest event. Close must be called when the stream ends.
func (h *Hub) Join() *Reader {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.readers++
	}
	return &Reader{hub: h, next: h.told, left: h.closed}
}

// Close gives the place up; calling it twice is fine.
func (r *Reader) Close() {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	if r.left {
		return
	}
	r.left = true
	r.hub.readers--
	if r.hub.closed && r.hub.readers == 0 {
		close(r.hub.empty)
	}
}

// Done is closed when the hub closes: nothing more will come.
func (h *Hub) Done() <-chan struct{} { return h.done }

// Batch is what was read at once.
type Batch struct {
	Events []domain.Event // in the order they were published, at most as many as there was room for
	From   uint64         // place of the first of them; readers with equal From and To have read the same events
	To     uint64         // place behind the last of them
}

// Read takes the events since the last call into buf, whose capacity bounds them, and moves the reader on. What was
// written over meanwhile is left out: the numbers of the events show the gap. When there are none, more gives a channel
// that is closed as soon as there are; else it is nil.
func (r *Reader) Read(buf []domain.Event) (b Batch, more <-chan struct{}) {
	h := r.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	r.next = max(r.next, h.told-uint64(len(h.ring)))
	if r.next == h.told {
		return b, h.moved
	}
	b.From, b.To = r.next, min(h.told, r.next+uint64(cap(buf)))
	b.Events = buf[:0]
	for at := b.From; at < b.To; at++ {
		b.Events = append(b.Events, h.ring[at%Kept])
	}
	r.next = b.To
	return b, nil
}

// Publish tells every reader, in order, without waiting for any.
func (h *Hub) Publish(events ...domain.Event) {
	if len(events) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		if len(h.ring) < Kept {
			h.ring = append(h.ring, e)
		} else {
			h.ring[h.told%Kept] = e
		}
		h.told++
		h.newest = max(h.newest, e.Seq)
	}
	close(h.moved)
	h.moved = make(chan struct{})
}

// Position tells how far the hub is: places of the ring that were ever filled, and the number of the newest event, 0
// when none with a number was published yet. While the first stands still, nothing has happened.
func (h *Hub) Position() (place, newest uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.told, h.newest
}

// Since gives the numbered events after a number, oldest first, at most so many. The second result is false when the
// ring does not reach back so far: the stored events have to be asked.
func (h *Hub) Since(after uint64, limit int) ([]domain.Event, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if after >= h.newest {
		return nil, after == h.newest && h.newest > 0
	}
	oldest := h.told - uint64(len(h.ring))
	at, reached := h.told, false
	for ; at > oldest && !reached; at-- {
		seq := h.ring[(at-1)%Kept].Seq
		reached = seq > 0 && seq <= after+1
	}
	if !reached {
		return nil, false
	}
	var list []domain.Event
	for ; at < h.told && len(list) < limit; at++ {
		if e := h.ring[at%Kept]; e.Seq > after {
			list = append(list, e)
		}
	}
	return list, true
}

// Len is how many streams are open.
func (h *Hub) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.readers
}

// Close ends every stream, for a quick stop of the program. Those that want to join later are done at once.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	close(h.done)
	if h.readers == 0 {
		close(h.empty)
	}
}

// Empty is closed when the hub is closed and the last stream has left it: what streams read may be taken away then.
func (h *Hub) Empty() <-chan struct{} { return h.empty }
