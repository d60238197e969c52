// Package drivertest is what "this provider works" means: one suite that every driver runs in one line against a server that
// speaks its vendor's dialect.
//
//	func TestDriver(t *testing.T) { drivertest.Run(t, newHarness) }
//
// The suite looks at a driver only through the contract of package providers and at the vendor only through a Harness. What a
// vendor or its stand-in cannot do, the harness says by skipping with the reason; Canceller, Idempotent and Forgetter say what it
// can do besides. Drivers for telephone calls run Calls instead.
package drivertest

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// Harness is one driver and one pretend vendor with one customer who wrote a moment ago. Every case gets its own. A method that
// cannot do what it is asked calls t.Skip with the reason.
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

// Run runs every case. newHarness must give an independent harness each time and clean up through t.
func Run(t *testing.T, newHarness func(t *testing.T) Harness) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := newHarness(t)
			c.run(t, h)
		})
	}
}

var cases = []struct {
	name string
	run  func(*testing.T, Harness)
}{
	{"Inbound_Texts", testInboundTexts},
	{"Inbound_Files", testInboundFiles},
	{"Inbound_LocationCardsReaction", testInboundOthers},
	{"Inbound_Reply", testInboundReply},
	{"Inbound_SameTwice_SameBatch", testInboundTwice},
	{"Inbound_Batch_AllInOrder", testInboundBatch},
	{"Inbound_UnknownPart_KeptAsPlaceholder", testInboundUnknownPart},
	{"Inbound_UnknownEvent_NoMessages", testInboundUnknownEvent},
	{"Inbound_Garbage_NoPanic", testInboundGarbage},
	{"Inbound_Broken_NoPanic", testInboundBroken},
	{"Signature_Right_Accepted", testSignatureRight},
	{"Signature_MissingWrongTruncated_Refused", testSignatureWrong},
	{"Signature_AnyByteChanged_Refused", testSignatureChanged},
	{"Handshake_OnlyWithToken", testHandshake},
	{"Outbound_Texts", testOutboundTexts},
	{"Outbound_Files", testOutboundFiles},
	{"Outbound_UploadedFile", testOutboundUploaded},
	{"Outbound_LocationCardsReaction", testOutboundOthers},
	{"Outbound_Quote", testOutboundQuote},
	{"Outbound_Template", testOutboundTemplate},
	{"Outbound_NotDeclared_Refused", testUndeclared},
	{"Outbound_NoRecipient_Refused", testOutboundNobody},
	{"Outbound_SameTwice_OneMessage", testSameTwice},
	{"Outbound_Taken_Found", testFind},
	{"Outbound_ManyAtOnce", testOutboundMany},
	{"Outbound_Cancelled", testOutboundCancelled},
	{"Statuses_MatchAndAdvance", testStatuses},
	{"Statuses_OutOfOrder_SameEnd", testStatusesReversed},
	{"Fetch_SameBytes", testFetch},
	{"Fetch_UnknownFile_Permanent", testFetchUnknown},
	{"Extract_SameBytes", testExtract},
	{"Account_Tested", testAccount},
	{"Errors_ClassAndNoSecret", testFailures},
}
