package twilio

import (
	"net/url"
	"slices"
	"time"

	"pult/providers/simulator/world"
)

// The ways of a call.
const (
	inbound  = "inbound"
	outbound = "outbound-api"
	dialled  = "outbound-dial"
)

// leg is one end of a call with what it does next. All but what it was made with is guarded by the lock of its
// exchange.
type leg struct {
	exchange  *Voice
	number    world.Number
	parent    *leg // that rang this one; nil for the first
	direction string

	call     world.Call // what there is to see of it
	status   string     // the vendor's word
	room     string     // the conference it is in
	endsRoom bool       // leaving the conference ends it for the others
	program  []twiml
	turn     int // rises whenever something else happens to the call, so that what waited for it is void
	dialing  *dialing

	answerURL    string // of what happens when it is picked up
	actionURL    string // where a key is told
	recordingURL string // where a recording is told
	progressURL  string
	events       []string     // of its progress that are told
	reports      int          // told so far
	heldReports  []url.Values // kept back by the fault that reorders them
}

// dialing is what a call waits for that rings others.
type dialing struct {
	actionURL string
	rung      []*leg
	bridged   *leg
	bridgedAt time.Time
}

// newLeg stores a new call between two numbers, at a telephone. The lock is held.
func (v *Voice) newLeg(n world.Number, direction, from, to, phone, status string) *leg {
	l := &leg{exchange: v, number: n, direction: direction, status: status, call: world.Call{
		ID: newSID("CA", v.newID()), Number: n.ID, From: from, To: to, Phone: phone, StartedAt: v.world.Clock.Now(),
	}}
	v.legs = append(v.legs, l)
	v.world.Notify()
	return l
}

func (v *Voice) newID() (id string) {
	v.world.Do(func(s *world.State) { id = s.NewID() })
	return id
}

// legByID finds a call; nil when there is none.
func (v *Voice) legByID(id string) *leg {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := slices.IndexFunc(v.legs, func(l *leg) bool { return l.call.ID == id })
	if i < 0 {
		return nil
	}
	return v.legs[i]
}

// change does something to a call, alone, and reports it to all who watch.
func (l *leg) change(fn func()) {
	l.exchange.mu.Lock()
	fn()
	l.exchange.mu.Unlock()
	l.exchange.world.Notify()
}

// snapshot is what there is to see of a call. The lock is held.
func (l *leg) snapshot() world.Call {
	c := l.call
	c.Ringing = l.status == "ringing" && l.direction != inbound
	c.Heard = slices.Clone(c.Heard)
	return c
}

// look is the same for whoever does not hold the lock.
func (l *leg) look() world.Call {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	return l.snapshot()
}

// faults are those of its number.
func (l *leg) faults() world.Faults { return l.exchange.world.Faults(l.number.ID) }

// currentTurn is the turn the call is in.
func (l *leg) currentTurn() int {
	l.exchange.mu.Lock()
	defer l.exchange.mu.Unlock()
	return l.turn
}

// hear lets the telephone hear words.
func (l *leg) hear(words string) {
	l.change(func() { l.call.Heard = append(l.call.Heard, words) })
}
