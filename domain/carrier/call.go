package carrier

import "pult/domain"

// OutgoingCall is a call that an operator makes.
type OutgoingCall struct {
	ID       domain.ID // of the entry; echoed in everything the vendor tells
	Agent    string    // the operator's own telephone, E.164
	To       domain.Identity
	Language domain.Language // in which the operator is spoken to
}

// CallReceipt is the vendor's word that the operator's telephone rings.
type CallReceipt struct{ Leg string }

// CallRef names a call that exists.
type CallRef struct {
	ID       domain.ID
	Incoming bool
	Ours     string // the vendor's id of our end; "" = none yet
	Theirs   string
	Room     bool // both ends met in a conference already, see domain.Call
	Language domain.Language
}

// InboundCall is news of a call.
type InboundCall struct {
	Account   string // the vendor's id of our number: finds the channel
	Ours      string // our message id, echoed; "" for calls that came in
	VendorID  string // of the whole call, for those that came in
	Incoming  bool
	Person    Person // who calls; only needed for the first news of a call that came in
	Report    domain.CallReport
	Failure   *domain.Failure    // why an end failed
	Recording *domain.Attachment // what the caller said to the machine, State FileFetching
	Raw       []byte
}

// CallSnapshot is what the desk knows of a call at the moment it is asked what happens next.
type CallSnapshot struct {
	Held     bool     // the operator put the customer on hold
	Room     bool     // it was on hold at least once, so both ends meet in a conference
	Answered bool     // a person of ours took the call
	Ring     []string // telephones of the operators on duty, E.164: where a new call goes unless the channel names others
}
