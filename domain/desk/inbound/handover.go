package inbound

import (
	"context"
	"slices"
	"sync"
	"time"

	"pult/domain"
)

// Bounds of what is handed to the intake without being journalled.
const (
	handoverMost     = 16                     // webhooks that wait here or in the journal; further ones are journalled
	handoverBody     = 64 << 10               // bytes of a body; longer ones are journalled
	handoverPatience = 250 * time.Millisecond // after which a webhook that is not stored yet is journalled
)

// handover passes webhooks to the intake while their senders wait. A webhook that is stored before it is answered needs
// no journal, which saves its commit, and those that come meanwhile share the next one. Whatever stands in the way, be
// it a burst, something that nobody understands or a slow writer, sends a webhook to the journal, so nothing is lost
// that was answered. The intake takes what is journalled first, so that none overtakes one that was answered before it
// came.
type handover struct {
	arrived chan struct{} // set while webhooks may wait

	mu         sync.Mutex
	open       bool        // the intake runs; guarded by mu
	waiting    []*handedIn // guarded by mu
	journaling int         // webhooks that are being journalled; guarded by mu
	journalled int         // webhooks that were; guarded by mu
	taken      int         // as many of them were taken in; guarded by mu
}

// handedIn is a webhook that was handed over.
type handedIn struct {
	entry  domain.JournalEntry
	stored chan bool // false = it has to be journalled; buffered, because nobody may wait any more
}

// newHandover makes one that is closed, with entries in the journal that an earlier run may have left.
func newHandover() *handover { return &handover{arrived: make(chan struct{}, 1), journalled: 1} }

// offer hands an entry over and reports whether it was stored. Otherwise it has to be journalled.
func (h *handover) offer(ctx context.Context, e *domain.JournalEntry) bool {
	in := &handedIn{entry: *e, stored: make(chan bool, 1)}
	if len(e.Body) > handoverBody || !h.add(in) {
		return false
	}
	select {
	case h.arrived <- struct{}{}:
	default:
	}
	patience := time.NewTimer(handoverPatience)
	defer patience.Stop()
	select {
	case stored := <-in.stored:
		return stored
	case <-ctx.Done():
	case <-patience.C:
	}
	// It may be stored all the same; then the journalled one is a repeat, which changes nothing.
	h.withdraw(in)
	return false
}

// add adds a webhook to those that wait, if nothing keeps it out.
func (h *handover) add(in *handedIn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.open || len(h.waiting)+h.journaling+h.journalled-h.taken >= handoverMost {
		return false
	}
	h.waiting = append(h.waiting, in)
	return true
}

func (h *handover) withdraw(in *handedIn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting = slices.DeleteFunc(h.waiting, func(other *handedIn) bool { return other == in })
}

// takeWaiting gives the webhooks that wait, in the order in which they came.
func (h *handover) takeWaiting() (all []*handedIn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all, h.waiting = h.waiting, nil
	return all
}

// isBehind reports whether webhooks that were journalled are not taken in yet.
func (h *handover) isBehind() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.journalled != h.taken
}

// countJournalled gives how many webhooks were journalled so far, for noteTaken.
func (h *handover) countJournalled() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.journalled
}

// noteTaken says that the first n webhooks that were journalled are taken in.
func (h *handover) noteTaken(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.taken = n
}

// journal runs append, which journals a webhook.
func (h *handover) journal(append func() error) error {
	h.mu.Lock()
	h.journaling++
	h.mu.Unlock()
	err := append()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.journaling--
	h.journalled++
	return err
}

// setOpen says whether the intake runs. Those that wait when it ends are journalled.
func (h *handover) setOpen(open bool) {
	h.mu.Lock()
	h.open = open
	h.mu.Unlock()
	if !open {
		answerAll(h.takeWaiting(), false)
	}
}

func answerAll(all []*handedIn, stored bool) {
	for _, in := range all {
		in.stored <- stored
	}
}
