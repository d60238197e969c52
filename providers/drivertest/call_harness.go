package drivertest

import (
	"testing"
	"time"

	"pult/domain/carrier"
)

// CallDriver is a driver for telephone calls.
type CallDriver interface {
	carrier.Driver
	carrier.Caller
	carrier.CallAnswerer
}

// CallHarness is one driver for calls, a CallDesk that its webhooks reach, and one pretend vendor with telephones.
// Every case gets its own. A method returns when the vendor has told the desk all that came of it; one that cannot do
// what it is asked calls t.Skip with the reason. A harness that is a Canceller as well has its vendor's silence tried.
type CallHarness interface {
	Driver() CallDriver
	Desk() *CallDesk
	// Secrets are the texts that must never show.
	Secrets() []string
	// Number is the business's, Agent that of the operator's own telephone and Customer that of the other one; all are
	// E.164.
	Number() string
	Agent() string
	Customer() string
	// Incoming lets the customer call the business.
	Incoming(t testing.TB)
	// PickUp answers a telephone that rings, as an answering machine does as well; Press is what only a person does
	// then.
	PickUp(t testing.TB, phone string)
	Press(t testing.TB, phone string)
	// Decline lets a telephone that rings be busy.
	Decline(t testing.TB, phone string)
	HangUp(t testing.TB, phone string)
	// Pass lets time pass.
	Pass(d time.Duration)
	// At is the live call of a telephone; false when there is none.
	At(phone string) (Telephone, bool)
	// Count is how many calls the vendor began so far, one for each telephone.
	Count() int
	// Break makes the vendor misbehave from now on, and in no other way.
	Break(t testing.TB, f Fault)
}

// Telephone is a telephone that rings or is talked at.
type Telephone struct {
	Shows string // the number it displays
	Asked bool   // a key is waited for
	With  string // the number of the other end while both are connected
}

// The faults of vendors that carry calls, beside those of the ones that carry messages.
const (
	Mended Fault = "" // everything works again
	// an answer that proves nothing: Uncertain of a call to be set up, Temporary of anything else
	Failing    Fault = "failing"
	Twice      Fault = "twice"      // everything is asked and told twice
	Disordered Fault = "disordered" // progress is told in another order
	Untold     Fault = "untold"     // no progress is told
)
