// Package drivertest is what "this provider works" means: one suite that every driver runs in one line against a server
// that speaks its vendor's dialect.
//
//	func TestDriver(t *testing.T) { drivertest.Run(t, newHarness) }
//
// The suite looks at a driver only through the contract of package carrier and at the vendor only through a Harness.
// What a vendor or its stand-in cannot do, the harness says by skipping with the reason; Canceller, Idempotent and
// Forgetter say what it can do besides. Drivers for telephone calls run Calls instead.
//
//	drivertest.go, calls.go         the two suites: every case by name
//	harness.go, call_harness.go     what a harness must do for messages and for calls, and the faults of vendors
//	inbound.go, statuses.go         what vendors tell: messages, reports
//	outbound.go, outcome.go         what is sent, and what became of it when nobody answered
//	files.go, account.go            files of the vendor's, the account's credentials
//	signature.go, errors.go         forged webhooks, classes of failures, secrets
//	capabilities.go, fuzz.go        what is not declared is refused; bodies made to break a parser
//	calls_*.go                      the cases of calls, and the desk that stands behind their webhooks (calls_desk.go)
//	hooks.go, watch.go              parts that harnesses embed; standin/ is what all simulated vendors share besides
package drivertest

import "testing"

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
