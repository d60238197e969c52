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
	Say(t testing.TB, s Message) []carrier.Webhook
	// Batch gives one webhook in which the customer says all the texts.
	Batch(t testing.TB, texts ...string) carrier.Webhook
	// UnknownPart gives a webhook with a message of a type that does not exist yet.
	UnknownPart(t testing.TB) carrier.Webhook
	// UnknownEvent gives a webhook about something that does not exist yet.
	UnknownEvent(t testing.TB) carrier.Webhook
	// Received is what the customer got as the message with the vendor's id.
	Received(t testing.TB, vendorID string) Message
	// Count is how many messages the customer got from us.
	Count(t testing.TB) int
	// Follow lets a message be delivered and read and gives the webhooks of that, in the vendor's order.
	Follow(t testing.TB, vendorID string) []carrier.Webhook
	// Break makes the vendor misbehave from now on.
	Break(t testing.TB, f Fault)
}

// Message is what is said in either direction, told without any vendor's words.
type Message struct {
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
