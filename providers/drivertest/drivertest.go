// Package drivertest is what "this provider works" means: one suite that every driver runs in one line against a server
// that speaks its vendor's dialect.
//
//	func TestDriver(t *testing.T) { drivertest.Run(t, newHarness) }
//
// The suite looks at a driver only through the contract of package carrier and at the vendor only through a Harness.
// What a vendor or its stand-in cannot do, the harness says by skipping with the reason; Canceller, Idempotent and
// Forgetter say what it can do besides. Drivers for telephone calls run Calls instead.
//
//	drivertest.go, call_harness.go  what a harness must do for messages and for calls, and the faults of vendors
//	run.go, calls.go                the two suites: every case by name
//	inbound.go, statuses.go         what vendors tell: messages, reports
//	outbound.go, outcome.go         what is sent, and what became of it when nobody answered
//	files.go, account.go            files of the vendor's, the account's credentials
//	signature.go, errors.go         forged webhooks, classes of failures, secrets
//	capabilities.go, fuzz.go        what is not declared is refused; bodies made to break a parser
//	calls_*.go                      the cases of calls, and the desk that stands behind their webhooks (calls_desk.go)
//	hooks.go                        parts that harnesses embed
package drivertest

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// Harness is one driver and one pretend vendor with one customer who wrote a moment ago. Every case gets its own. A
// method that cannot do what it is asked calls t.Skip with the reason.
type Harness interface {
	Driver() carrier.Driver
	// Recipient is the customer, who can be written to freely now.
	Recipient() domain.Identity
	// Secrets are the texts that must never show.
	Secrets() []string
	// Say lets the customer say something and gives the webhooks it caused; ID is filled in by the vendor.
	Say(t testing.TB, s Said) []carrier.Webhook
	// Batch gives one webhook in which the customer says all the texts.
	Batch(t testing.TB, texts ...string) carrier.Webhook
	// UnknownPart gives a webhook with a message of a type that does not exist yet.
	UnknownPart(t testing.TB) carrier.Webhook
	// UnknownEvent gives a webhook about something that does not exist yet.
	UnknownEvent(t testing.TB) carrier.Webhook
	// Received is what the customer got as the message with the vendor's id.
	Received(t testing.TB, vendorID string) Said
	// Count is how many messages the customer got from us.
	Count(t testing.TB) int
	// Follow lets a message be delivered and read and gives the webhooks of that, in the vendor's order.
	Follow(t testing.TB, vendorID string) []carrier.Webhook
	// Break makes the vendor misbehave from now on.
	Break(t testing.TB, f Fault)
}

// Said is something said in either direction, told without any vendor's words.
type Said struct {
	ID       string
	Kind     domain.MessageKind
	Text     string
	Name     string // of the file
	MIME     string
	Data     []byte
	Location *domain.Location
	Cards    []domain.ContactCard
	ReplyTo  string
	Target   string
	Emoji    string
}

// Fault is a way in which a vendor misbehaves.
type Fault string

// The faults of the suite and what a driver must make of each.
const (
	Down        Fault = "down"         // an answer that says so: Temporary
	Refused     Fault = "refused"      // the message itself is at fault: never tried again
	Limited     Fault = "limited"      // RateLimited, with seconds to wait
	Expired     Fault = "expired"      // Unauthorised
	Closed      Fault = "closed"       // WindowClosed
	Cut         Fault = "cut"          // taken, then cut: Uncertain
	Gone        Fault = "gone"         // nobody listens: Temporary
	Silent      Fault = "silent"       // no answer comes
	NoSuchPhone Fault = "no_recipient" // Unreachable
)
