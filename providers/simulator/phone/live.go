package phone

import (
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

// The stream of the telephones speaks now and then, or it would be taken for dead, and it ends after a while so that a
// forgotten one costs nothing; the browser comes back by itself.
const (
	keepAlive  = 10 * time.Second
	longStream = 30 * time.Minute
)

// What the stream says, in the words that the script of open pages understands (static/js/line.js).
const (
	pingEvent  = "event: ping\ndata: \n\n"
	movedEvent = "event: moved\ndata: {\"n\":0,\"moved\":[{}]}\n\n"
)

// streamChanges says that something changed, after every change: one stream for all telephones and mail programs that a
// browser has open. Those that are looked at ask for their part.
func (p *Page) streamChanges(w http.ResponseWriter, r *http.Request) {
	changes, end := p.world.Watch()
	defer end()
	letters, endLetters := p.watchLetters()
	defer endLetters()
	p.closeWithServer(r)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	control := http.NewResponseController(w)
	beat := time.NewTicker(keepAlive)
	defer beat.Stop()
	enough := time.After(longStream)
	for event := movedEvent; ; {
		_, err := w.Write([]byte(event))
		if err != nil || control.Flush() != nil {
			return
		}
		event = movedEvent
		select {
		case <-changes:
		case <-letters:
		case <-beat.C:
			event = pingEvent
		case <-enough:
			return
		case <-p.ended:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// watchLetters watches the mailboxes, if there are any.
func (p *Page) watchLetters() (changes <-chan struct{}, end func()) {
	if p.o.Mail.Server == nil {
		return nil, func() {}
	}
	return p.o.Mail.Server.Watch()
}

// answerNews keeps a telephone true that somebody looks at: its thread, when it is not what the page has already. It
// lies open in somebody's hand, so this is also what reads the shop's messages.
func (p *Page) answerNews(w http.ResponseWriter, r *http.Request, a *ask) {
	p.readArrived(a)
	p.sendNews(w, r, a, "phone/bundle", p.newChatView(a))
}

// sendNews answers with a block, or with nothing when the page has it.
func (p *Page) sendNews(w http.ResponseWriter, r *http.Request, a *ask, block string, view any) {
	html, err := p.render(a, block, view)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sum := fnv.New64a()
	_, _ = sum.Write(html) // a hash does not fail
	have := strconv.FormatUint(sum.Sum64(), 36)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pult-Have", have)
	if r.FormValue("have") != have {
		_, _ = w.Write(html) // who has gone meanwhile needs nothing
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
