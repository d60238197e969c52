// Package heads remembers where queues in an ordered key-value store begin.
//
// A queue is a part of the key space whose keys are removed soon after they were written, most of them from its front.
// An engine keeps a mark for each removed key until it compacts its files, so whoever reads a queue from its beginning
// walks over everything that ever was in it. Heads remember a key before which nothing of a queue is left, its head, and
// reading begins there.
package heads

import (
	"slices"
	"strings"
	"sync"
)

// Bounds of what is remembered.
const (
	maxHeads    = 4096 // heads of forgettable queues; one that was forgotten is found again by walking
	keptWritten = 1024 // keys written lately
)

// Heads remember where each queue begins. A head moves back when a key before it is about to be written, and forward
// when a transaction saw that nothing is left before a key. A transaction sees no key that is committed after its
// snapshot was taken, so none moves a head past a key that was being written since then. Keys of one process only are
// known here: a store that several processes write needs to be told of the others' keys. It is safe for many callers.
type Heads struct {
	forgettable func(queue string) bool

	mu      sync.Mutex
	head    map[string]string // by queue; every key of it is at or after this; guarded by mu
	writing map[string]int    // keys of transactions that have not ended; guarded by mu
	written []writtenKey      // keys of those that ended lately, oldest first; guarded by mu
	clock   Moment            // counts ended transactions; guarded by mu
	dropped Moment            // written lacks keys of transactions that ended up to here; guarded by mu
}

// Moment is a point in the order in which transactions ended.
type Moment uint64

// writtenKey is a key with the moment at which its transaction ended.
type writtenKey struct {
	key string
	at  Moment
}

// New makes heads of queues that are not known yet. forgettable says which queues are many, so that the heads of some
// of them may be forgotten.
func New(forgettable func(queue string) bool) *Heads {
	return &Heads{forgettable: forgettable, head: map[string]string{}, writing: map[string]int{}}
}

// Now is the moment that MoveForward has to be told by a transaction whose snapshot is taken after it.
func (h *Heads) Now() Moment {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

// StartWriting moves the head of a queue back before a key of it can be read by anybody. StopWriting must follow.
func (h *Heads) StartWriting(queue, key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writing[key]++
	if head, known := h.head[queue]; known && key < head {
		h.head[queue] = key
	}
}

// StopWriting ends what StartWriting began, after the commit or instead of it.
func (h *Heads) StopWriting(keys ...string) {
	if len(keys) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	for _, k := range keys {
		if h.writing[k]--; h.writing[k] <= 0 {
			delete(h.writing, k)
		}
		h.written = append(h.written, writtenKey{k, h.clock})
	}
	if over := len(h.written) - keptWritten; over > 0 {
		h.dropped = h.written[over-1].at
		h.written = slices.Delete(h.written, 0, over)
	}
}

// Find gives the key at which reading a queue begins; known is false when that is not remembered.
func (h *Heads) Find(queue string) (head string, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	head, known = h.head[queue]
	return head, known
}

// MoveForward says that a transaction whose snapshot was taken after a moment saw nothing of a queue before a key.
// queue is what all keys of the queue begin with.
func (h *Heads) MoveForward(queue, key string, since Moment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.moveForward(queue, key, since)
}

// PassRemoved moves the head of a queue past a key, if that was the head, which a committed transaction removed.
func (h *Heads) PassRemoved(queue, key string, since Moment) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.head[queue] == key {
		h.moveForward(queue, key+"\x00", since)
	}
}

// moveForward is MoveForward with mu held.
func (h *Heads) moveForward(queue, key string, since Moment) {
	if since < h.dropped {
		return
	}
	for k := range h.writing {
		if k < key && strings.HasPrefix(k, queue) {
			key = k
		}
	}
	for i := len(h.written) - 1; i >= 0 && h.written[i].at > since; i-- {
		if k := h.written[i].key; k < key && strings.HasPrefix(k, queue) {
			key = k
		}
	}
	if head, known := h.head[queue]; known && head >= key {
		return
	}
	h.head[queue] = key
	h.forgetSome()
}

// forgetSome forgets heads when there are too many. Call with mu held.
func (h *Heads) forgetSome() {
	if len(h.head) <= maxHeads {
		return
	}
	for queue := range h.head {
		if len(h.head) <= maxHeads/2 {
			return
		}
		if h.forgettable(queue) {
			delete(h.head, queue)
		}
	}
}
