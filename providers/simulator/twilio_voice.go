package simulator

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// TwilioVoice is a number of Twilio's that telephones can be called from and at.
const TwilioVoice = "twilio-voice"

// Call is one end of a telephone call: a telephone, and the vendor that rings it or was rung by it.
type Call struct {
	ID         string // the vendor's
	Parent     string // the call that rang this one; "" for the first
	Number     string // id of the business number
	Direction  string // inbound, outbound-api or outbound-dial
	From, To   string // E.164; From may be a word where the caller withholds the number
	Phone      string // the telephone at this end
	Status     string // the vendor's word
	Asked      bool   // a key is waited for
	Recorded   bool   // what is said is recorded
	With       string // the telephone at the other end, while they are connected
	Room       string // the conference it is in
	Heard      []string
	StartedAt  time.Time
	AnsweredAt time.Time
	EndedAt    time.Time
}

// Rings tells whether the telephone can be answered or declined.
func (c Call) Rings() bool { return c.Status == "ringing" && c.Direction != "inbound" }

// Over tells whether the call has ended.
func (c Call) Over() bool { return !c.EndedAt.IsZero() }

// leg is a call with what it does next.
type leg struct {
	Call
	number   Number
	parent   *leg
	answer   string // address of what happens when it is picked up
	callback string // address for its progress
	events   []string
	late     []url.Values // reports held back by the fault that reorders them
	program  []twiml
	turn     int    // rises whenever something else happens to the call, so that what waited for it is void
	action   string // where a key, or the end of a recording, is told
	news     string // where a recording is told
	exits    bool   // leaving the conference ends it
	dial     *dialling
	reports  int
}

// dialling is what a call waits for that rings others.
type dialling struct {
	action  string
	rung    []*leg
	bridged *leg
	at      time.Time // of the bridge
}

// twiml is a verb of the vendor's markup, or a noun in it.
type twiml struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []twiml    `xml:",any"`
}

func (t twiml) attr(name string) string {
	for _, a := range t.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (t twiml) seconds(name string, otherwise int) time.Duration {
	n, err := strconv.Atoi(t.attr(name))
	if err != nil {
		n = otherwise
	}
	return time.Duration(n) * time.Second
}

// Calls lists all calls, the oldest first.
func (s *Simulator) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Call, 0, len(s.calls))
	for _, l := range s.calls {
		c := l.Call
		c.Heard = slices.Clone(c.Heard)
		out = append(out, c)
	}
	return out
}

// CallAt is the newest call of a telephone that has not ended; false when there is none.
func (s *Simulator) CallAt(phone string) (Call, bool) {
	for _, c := range slices.Backward(s.Calls()) {
		if c.Phone == phone && !c.Over() {
			return c, true
		}
	}
	return Call{}, false
}

func (s *Simulator) leg(id string) *leg {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.calls {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// newLeg stores a new call. s.mu is held.
func (s *Simulator) newLeg(n Number, c Call) *leg {
	c.ID, c.Number, c.StartedAt = twilioSID("CA", s.newID()), n.ID, s.clock.Now()
	l := &leg{Call: c, number: n}
	s.calls = append(s.calls, l)
	s.changed()
	return l
}

func (s *Simulator) snapshot(l *leg) Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := l.Call
	c.Heard = slices.Clone(c.Heard)
	return c
}

func (s *Simulator) turnOf(l *leg) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return l.turn
}
