package domain

import "time"

// Call is a telephone call as an entry of a conversation.
type Call struct {
	State      CallState     `cbor:"1,keyasint,omitzero"`
	StartedAt  time.Time     `cbor:"2,keyasint,omitzero"`
	AnsweredAt time.Time     `cbor:"3,keyasint,omitzero"` // zero = nobody answered
	EndedAt    time.Time     `cbor:"4,keyasint,omitzero"` // zero = it goes on
	Duration   time.Duration `cbor:"5,keyasint,omitzero"` // from the answer to the end, as the vendor counts it
	Operator   ID            `cbor:"6,keyasint,omitzero"` // who called or answered; zero = nobody
	Logged     bool          `cbor:"7,keyasint,omitzero"` // written down by hand: the desk carried no call
	Held       bool          `cbor:"8,keyasint,omitzero"` // the customer hears music
	Legs       []string      `cbor:"9,keyasint,omitzero"` // the vendor's ids of the calls that were bridged: ours first
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

// Over tells whether nothing more happens.
func (s CallState) Over() bool {
	return s != CallDialling && s != CallRinging && s != CallAnswered
}
