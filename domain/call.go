package domain

import "time"

// Call is a telephone call as an entry of a conversation. What is said of it after it ended is the entry's text.
type Call struct {
	State      CallState     `cbor:"1,keyasint,omitzero"`
	StartedAt  time.Time     `cbor:"2,keyasint,omitzero"`
	AnsweredAt time.Time     `cbor:"3,keyasint,omitzero"` // zero = nobody answered
	EndedAt    time.Time     `cbor:"4,keyasint,omitzero"` // zero = it goes on
	Duration   time.Duration `cbor:"5,keyasint,omitzero"` // from the answer to the end, as the vendor counts it
	Operator   ID            `cbor:"6,keyasint,omitzero"` // who called or answered; zero = nobody
	Logged     bool          `cbor:"7,keyasint,omitzero"` // written down by hand: the desk carried no call
	Held       bool          `cbor:"8,keyasint,omitzero"` // the customer hears music
	// the vendor's ids of the calls that were bridged: ours first
	Legs      []string `cbor:"9,keyasint,omitzero"`
	Number    string   `cbor:"10,keyasint,omitzero"` // the customer's, E.164; "" = withheld
	OurNumber string   `cbor:"11,keyasint,omitzero"` // our telephone that rang or answered, E.164
	// it was held once: from then on both sides meet in a conference
	Room bool `cbor:"12,keyasint,omitzero"`
	// the end was told by the customer's side, which nothing contradicts
	Settled  bool     `cbor:"13,keyasint,omitzero"`
	Language Language `cbor:"14,keyasint,omitzero"` // in which our side is spoken to
	Name     string   `cbor:"15,keyasint,omitzero"` // of Operator, as it was then
}

// CallState says where a call stands.
type CallState string

// The states of a call.
const (
	CallDialling CallState = "dialling" // our own telephone rings first
	CallRinging  CallState = "ringing"  // theirs rings, or ours for a call that comes in
	CallAnswered CallState = "answered"
	CallEnded    CallState = "ended"
	CallMissed   CallState = "missed" // came in, nobody answered
	CallBusy     CallState = "busy"
	CallNoAnswer CallState = "no_answer"
	CallFailed   CallState = "failed"
)

// CallOutcomes are the states in which a call that was written down by hand can have ended, in the order of a chooser.
var CallOutcomes = []CallState{CallEnded, CallNoAnswer, CallBusy, CallMissed}

// IsOver reports whether nothing more happens.
func (s CallState) IsOver() bool {
	return s != CallDialling && s != CallRinging && s != CallAnswered
}

// CallSide is one end of a call.
type CallSide string

// The ends of a call.
const (
	OurSide   CallSide = "ours"
	TheirSide CallSide = "theirs"
)

// CallReport is what a vendor tells about one end of a call. Reports come in any order and more than once.
type CallReport struct {
	Side      CallSide
	Bridge    bool      // about the connection of both ends and not about an end itself: a hold ends it too
	Leg       string    // the vendor's id of this end; "" = not told
	State     CallState // of this end; "" = nothing new, only the id
	At        time.Time
	Duration  time.Duration // how long they spoke; 0 = not told
	OurNumber string        // our telephone, for OurSide
	Operator  ID            // whose telephone that is
}

// Leg is the vendor's id of an end; "" = not known yet.
func (c *Call) Leg(side CallSide) string {
	if at := legIndex(side); at < len(c.Legs) {
		return c.Legs[at]
	}
	return ""
}

func legIndex(side CallSide) int {
	if side == OurSide {
		return 0
	}
	return 1
}

// SetLeg notes the vendor's id of an end and reports whether it is news. The first word counts.
func (c *Call) SetLeg(side CallSide, id string) bool {
	if id == "" || c.Leg(side) != "" {
		return false
	}
	legs := make([]string, 2) // a copy: calls are handed around by value
	copy(legs, c.Legs)
	legs[legIndex(side)] = id
	c.Legs = legs
	return true
}

// Apply moves the call on by a report and reports whether anything changed. A call never goes back: what comes late
// only adds what was not known, and the customer's side is believed over ours about how it ended.
func (c *Call) Apply(incoming bool, r CallReport) bool {
	before := *c
	switch {
	case r.Bridge && (c.Held || c.Room):
		// The direct connection ended because the call was put on hold.
	case incoming && r.Side == OurSide:
		c.applyAnswering(r)
	case incoming:
		c.applyCaller(r)
	case r.Side == OurSide:
		c.SetLeg(OurSide, r.Leg)
		c.applyOwn(r)
	default:
		c.SetLeg(TheirSide, r.Leg)
		c.applyCalled(r)
	}
	return !c.isSame(&before)
}

func (c *Call) isSame(o *Call) bool {
	return c.State == o.State && c.AnsweredAt.Equal(o.AnsweredAt) && c.EndedAt.Equal(o.EndedAt) && c.Duration == o.Duration &&
		c.Operator == o.Operator && c.Settled == o.Settled && c.Leg(OurSide) == o.Leg(OurSide) &&
		c.Leg(TheirSide) == o.Leg(TheirSide)
}

// applyAnswering is about a telephone of ours that an incoming call rings. Several may ring; only the one that answered
// ends it.
func (c *Call) applyAnswering(r CallReport) {
	switch {
	case r.State == CallAnswered && (!c.State.IsOver() || c.AnsweredAt.IsZero()):
		if c.Leg(OurSide) != "" {
			return
		}
		c.SetLeg(OurSide, r.Leg)
		c.OurNumber, c.Operator = r.OurNumber, r.Operator
		c.markAnswered(r.At)
	case r.State.saysOver() && r.Leg != "" && r.Leg == c.Leg(OurSide) && c.State == CallAnswered:
		c.markEnded(CallEnded, r, false)
	}
}

// applyCaller is about the end of whoever calls us.
func (c *Call) applyCaller(r CallReport) {
	c.SetLeg(TheirSide, r.Leg)
	switch {
	case !r.State.saysOver() || c.Settled:
	case c.State == CallEnded || c.State == CallAnswered:
		c.markEnded(CallEnded, r, true)
	case r.Duration > 0 && r.State == CallEnded && r.Bridge:
		c.markEnded(CallEnded, r, true)
	case c.State == CallRinging:
		c.markEnded(CallMissed, r, false)
	}
}

// applyOwn is about the operator's telephone, which rings before the customer's.
func (c *Call) applyOwn(r CallReport) {
	if !r.State.saysOver() || c.State.IsOver() {
		return
	}
	switch c.State {
	case CallAnswered:
		c.markEnded(CallEnded, r, false)
	case CallRinging:
		c.markEnded(CallNoAnswer, r, false)
	default:
		c.markEnded(CallFailed, r, false)
	}
}

// applyCalled is about the customer's telephone.
func (c *Call) applyCalled(r CallReport) {
	switch {
	case r.State == CallRinging && c.State == CallDialling:
		c.State = CallRinging
	case r.State == CallAnswered && c.AnsweredAt.IsZero() && (!c.Settled || c.State == CallEnded):
		c.markAnswered(r.At)
	case r.State.saysOver() && !c.Settled:
		c.markEnded(r.State, r, true)
	}
}

// saysOver reports whether an end is gone by a report; no state is no report.
func (s CallState) saysOver() bool { return s != "" && s.IsOver() }

// markAnswered notes that both sides speak. An answer that is told after the end proves that there was one.
func (c *Call) markAnswered(at time.Time) {
	c.AnsweredAt = at
	if !c.State.IsOver() {
		c.State = CallAnswered
		return
	}
	c.State = CallEnded
	if c.Duration == 0 && c.EndedAt.After(at) {
		c.Duration = c.EndedAt.Sub(at)
	}
}

// markEnded closes the call. The vendor's count of the time spoken is taken over our own.
func (c *Call) markEnded(state CallState, r CallReport, settled bool) {
	c.State, c.Settled, c.Held = state, settled, false
	if c.EndedAt.IsZero() || settled {
		c.EndedAt = r.At
	}
	switch {
	case state != CallEnded:
		return
	case r.Duration > 0:
		c.Duration = r.Duration
	case !c.AnsweredAt.IsZero() && c.EndedAt.After(c.AnsweredAt):
		c.Duration = c.EndedAt.Sub(c.AnsweredAt)
	}
	if c.AnsweredAt.IsZero() {
		c.AnsweredAt = c.EndedAt.Add(-c.Duration)
	}
}
