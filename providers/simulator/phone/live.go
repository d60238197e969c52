package phone

import (
	"bytes"
	"net/http"
	"slices"
	"time"

	"pult/domain"
	"pult/providers/simulator"
)

// The stream of an open telephone: a comment now and then keeps it from being taken for dead, and it ends after a while so
// that a forgotten one costs nothing; the browser comes back by itself.
const (
	keepAlive  = 20 * time.Second
	longStream = 30 * time.Minute
)

// live keeps an open telephone true: its thread after every change, a word to the list of customers, and the reading of what
// the shop wrote.
func (p *Page) live(w http.ResponseWriter, r *http.Request, a *ask) {
	changes, end := p.sim.Watch()
	defer end()
	p.follow(w, r, changes, func() ([]byte, error) {
		p.read(a)
		return p.render(a, "phone/bundle", p.chat(a))
	})
}

// follow streams what draw gives, after every change. The first is sent at once, so that nothing falls between the page and its
// stream.
func (p *Page) follow(w http.ResponseWriter, r *http.Request, changes <-chan struct{}, draw func() ([]byte, error)) {
	p.heedStop(r)
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

// heedStop ends the streams when their server stops: it would wait for them in vain.
func (p *Page) heedStop(r *http.Request) {
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok {
		p.heed.Do(func() { server.RegisterOnShutdown(p.Close) })
	}
}

// stream is one open telephone.
type stream struct {
	draw    func() ([]byte, error)
	w       http.ResponseWriter
	control *http.ResponseController
	last    []byte // the bundle that was sent last
	err     error
}

// tell sends what is new, if anything, and tells whether the browser still listens.
func (s *stream) tell() bool {
	bundle, err := s.draw()
	if err != nil {
		return false
	}
	if !bytes.Equal(bundle, s.last) {
		s.last = bundle
		s.event("", bundle)
	}
	s.event("people", nil) // of other telephones nothing is known here: the list asks
	if s.err == nil {
		s.err = s.control.Flush()
	}
	return s.err == nil
}

// read lets the customer read what has arrived, unless they send no receipts. What is still on its way arrives first.
func (p *Page) read(a *ask) {
	arrived := slices.ContainsFunc(p.sim.Thread(a.number.ID, a.customer.ID), func(m simulator.Message) bool {
		return !m.FromCustomer && !m.Echo && m.State == domain.StateDelivered
	})
	if arrived && a.number.Abilities().Receipts && p.sendsReceipts(a.number.ID) {
		_ = p.sim.Read(a.number.ID, a.customer.ID) // fails only for people who do not exist
	}
}

// event writes one event. Every kind of line end begins a new data line, so no text can end the event.
func (s *stream) event(name string, data []byte) {
	var b bytes.Buffer
	if name != "" {
		b.WriteString("event: " + name + "\n")
	}
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		b.WriteString("data: ")
		b.Write(line)
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	s.write(b.Bytes())
}

func (s *stream) write(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
}
