package phone

import (
	"net/http"
	"slices"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

// The stream of an open telephone: a comment now and then keeps it from being taken for dead, and it ends after a
// while so that a forgotten one costs nothing; the browser comes back by itself.
const (
	keepAlive  = 20 * time.Second
	longStream = 30 * time.Minute
)

// streamThread keeps an open telephone true: its thread after every change, a word to the list of customers, and the
// reading of what the shop wrote.
func (p *Page) streamThread(w http.ResponseWriter, r *http.Request, a *ask) {
	changes, end := p.world.Watch()
	defer end()
	p.streamChanges(w, r, changes, func() ([]byte, error) {
		p.readArrived(a)
		return p.render(a, "phone/bundle", p.newChatView(a))
	})
}

// streamChanges streams what draw gives, after every change. The first is sent at once, so that nothing falls between
// the page and its stream.
func (p *Page) streamChanges(
	w http.ResponseWriter, r *http.Request, changes <-chan struct{}, draw func() ([]byte, error),
) {
	p.closeWithServer(r)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	s := &stream{draw: draw, w: w, control: http.NewResponseController(w)}
	beat := time.NewTicker(keepAlive)
	defer beat.Stop()
	enough := time.After(longStream)
	for s.tell() {
		select {
		case <-changes:
		case <-beat.C:
			s.write([]byte(": here\n\n"))
		case <-enough:
			return
		case <-p.ended:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// closeWithServer ends the streams when their server stops: it would wait for them in vain.
func (p *Page) closeWithServer(r *http.Request) {
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok {
		p.heed.Do(func() { server.RegisterOnShutdown(p.Close) })
	}
}

// readArrived lets the customer read what has arrived, unless they send no receipts. What is still on its way arrives
// first.
func (p *Page) readArrived(a *ask) {
	arrived := slices.ContainsFunc(p.world.Thread(a.number.ID, a.customer.ID), func(m world.Message) bool {
		return !m.FromCustomer && !m.Echo && m.State == domain.StateDelivered
	})
	if arrived && a.traits.Abilities.Receipts && p.sendsReceipts(a.number.ID) {
		_ = p.world.Read(a.number.ID, a.customer.ID) // fails only for people who do not exist
	}
}
