// Package realtime tells open pages what changed: a hub with bounded queues, and who looks at which conversation.
//
// Publishers never wait. A subscriber that does not keep up is dropped; its page connects again and catches up from the
// stored events. The hub knows nothing of permissions: the stream asks, for every event, at delivery.
package realtime

import (
	"sync"

	"pult/domain"
)

// Queue is how many events may wait for one subscriber before it is dropped.
const Queue = 256

// Hub fans events out. The zero value is not usable: call NewHub.
type Hub struct {
	mu     sync.Mutex
	subs   map[*Subscription]struct{} // guarded by mu
	closed bool                       // guarded by mu

	presence *presence
}

// NewHub makes a hub without subscribers.
func NewHub() *Hub {
	return &Hub{subs: map[*Subscription]struct{}{}, presence: newPresence()}
}

// Subscription is one open stream.
type Subscription struct {
	C    <-chan domain.Event
	Done <-chan struct{} // closed when the subscriber was too slow or the hub closed
	c    chan domain.Event
	done chan struct{}
	once sync.Once
	hub  *Hub
}

// Subscribe opens a stream of all events from now on. On a closed hub it is done at once.
func (h *Hub) Subscribe() *Subscription {
	s := &Subscription{c: make(chan domain.Event, Queue), done: make(chan struct{}), hub: h}
	s.C, s.Done = s.c, s.done
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		s.end()
		return s
	}
	h.subs[s] = struct{}{}
	return s
}

// Close ends the subscription; calling it twice is fine.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	delete(s.hub.subs, s)
	s.end()
}

func (s *Subscription) end() { s.once.Do(func() { close(s.done) }) }

// Publish tells every subscriber, in order, without waiting: whose queue is full is dropped.
func (h *Hub) Publish(events ...domain.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		if !s.offer(events) {
			delete(h.subs, s)
			s.end()
		}
	}
}

func (s *Subscription) offer(events []domain.Event) bool {
	for _, e := range events {
		select {
		case s.c <- e:
		default:
			return false
		}
	}
	return true
}

// Len is how many streams are open.
func (h *Hub) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs)
}

// Close ends every subscription, for a quick stop of the program. Later ones are done at once.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		s.end()
	}
	h.subs = map[*Subscription]struct{}{}
}
