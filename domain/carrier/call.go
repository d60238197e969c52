package carrier

import (
	"context"
	"time"

	"pult/domain"
)

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
	Held     bool // the operator put the customer on hold
	Room     bool // it was on hold at least once, so both ends meet in a conference
	Answered bool // a person of ours took the call
	// telephones of the operators on duty, E.164: where a new call goes unless the channel names others
	Ring []string
}

// Caller is for vendors that set up telephone calls: the operator's own telephone rings first, then the customer's.
type Caller interface {
	// Call makes the operator's telephone ring. An Uncertain failure is never repeated: FindCall tells what became of
	// it.
	Call(context.Context, OutgoingCall) (CallReceipt, error)
	// FindCall looks for a call that Call may have set up since then; ok is false when the vendor has none.
	FindCall(ctx context.Context, c OutgoingCall, since time.Time) (r CallReceipt, ok bool, err error)
	// Hangup ends whatever is left of a call. One that is over already is no failure.
	Hangup(context.Context, CallRef) error
	// Hold takes the customer away from the operator, to where they wait, or brings them back. Doing it twice is doing
	// it once.
	Hold(ctx context.Context, c CallRef, on bool) error
	// LookUpCall asks how a call stands, for what was missed. The answer is what the vendor's webhooks would have told.
	LookUpCall(context.Context, CallRef) ([]InboundCall, error)
}

// CallAnswerer is an Answerer whose answers say what a call does next, and depend on how the call stands at the desk.
type CallAnswerer interface {
	// IdentifyCall says which call a webhook is about: by our message id or by the vendor's id. Both are "" when it is
	// about none.
	IdentifyCall(Webhook) (ours, vendorID string)
	// AnswerCall gives what the call does next: media type and body.
	AnswerCall(Webhook, CallSnapshot) (mime, body string)
}

// CanCall reports whether calls can be set up.
func (c *Connection) CanCall() bool {
	return c.caps.Calls && isA[Caller](c)
}

// Call makes the operator's telephone ring (see Caller).
func (c *Connection) Call(ctx context.Context, o OutgoingCall) (CallReceipt, error) {
	return askVendor(ctx, c, RequestTimeout, func(v Caller, ctx context.Context) (CallReceipt, error) {
		return v.Call(ctx, o)
	})
}

// FindCall looks for a call of which nobody knows whether it was set up.
func (c *Connection) FindCall(
	ctx context.Context,
	o OutgoingCall,
	since time.Time,
) (r CallReceipt, ok bool, err error) {
	r, err = askVendor(ctx, c, RequestTimeout, func(v Caller, ctx context.Context) (r CallReceipt, err error) {
		r, ok, err = v.FindCall(ctx, o, since)
		return r, err
	})
	return r, ok, err
}

// Hangup ends whatever is left of a call.
func (c *Connection) Hangup(ctx context.Context, r CallRef) error {
	return tellVendor(ctx, c, func(v Caller, ctx context.Context) error { return v.Hangup(ctx, r) })
}

// Hold puts the customer on hold or brings them back.
func (c *Connection) Hold(ctx context.Context, r CallRef, on bool) error {
	return tellVendor(ctx, c, func(v Caller, ctx context.Context) error { return v.Hold(ctx, r, on) })
}

// LookUpCall asks the vendor how a call stands.
func (c *Connection) LookUpCall(ctx context.Context, r CallRef) ([]InboundCall, error) {
	return askVendor(ctx, c, RequestTimeout, func(v Caller, ctx context.Context) ([]InboundCall, error) {
		return v.LookUpCall(ctx, r)
	})
}

// IdentifyCall says which call a webhook is about; ok is false when the vendor does not ask what a call does next.
func (c *Connection) IdentifyCall(w Webhook) (ours, vendorID string, ok bool) {
	v, ok := c.driver.(CallAnswerer)
	if !ok {
		return "", "", false
	}
	ours, vendorID = v.IdentifyCall(w)
	return ours, vendorID, true
}

// AnswerCall gives what a call does next, and what any other webhook is answered with.
func (c *Connection) AnswerCall(w Webhook, now CallSnapshot) (mime, body string) {
	if v, ok := c.driver.(CallAnswerer); ok {
		return v.AnswerCall(w, now)
	}
	return c.Answer(w)
}
