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
