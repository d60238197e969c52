package drivertest

import (
	"testing"
	"time"

	"pult/domain"
)

// Calls runs every case of what a driver for calls must do. newHarness must give an independent harness each time and
// clean up through t.
func Calls(t *testing.T, newHarness func(t *testing.T) CallHarness) {
	for _, c := range callCases {
		t.Run(c.name, func(t *testing.T) { c.run(t, newHarness(t)) })
	}
}

var callCases = []struct {
	name string
	run  func(*testing.T, CallHarness)
}{
	{"Capabilities_NothingIsWritten", testCallCapabilities},
	{"Made_RingsUsThenThem", testCallMade},
	{"Made_AnsweringMachineOfOurs_CustomerLeftAlone", testCallMachine},
	{
		"Made_TheyAreBusy",
		testOutcome(
			domain.CallBusy,
			func(t *testing.T, h CallHarness) { takeCall(t, h, h.Agent()); h.Decline(t, h.Customer()) },
		),
	},
	{
		"Made_TheyDoNotAnswer",
		testOutcome(domain.CallNoAnswer, func(t *testing.T, h CallHarness) { takeCall(t, h, h.Agent()); h.Pass(long) }),
	},
	{
		"Made_WeGiveUp",
		testOutcome(
			domain.CallNoAnswer,
			func(t *testing.T, h CallHarness) { takeCall(t, h, h.Agent()); h.HangUp(t, h.Agent()) },
		),
	},
	{"Made_WeDoNotAnswer", testOutcome(domain.CallFailed, func(_ *testing.T, h CallHarness) { h.Pass(long) })},
	{"Made_WeDecline", testOutcome(domain.CallFailed, func(t *testing.T, h CallHarness) { h.Decline(t, h.Agent()) })},
	{"Made_EverythingEchoesOurID", testCallEchoes},
	{"Made_NoNumber_Refused", testCallNobody},
	{"Made_Uncertain_FoundAndNotRepeated", testCallUncertain},
	{"Received_TakenByWhoPresses", testCallReceived},
	{
		"Received_NobodyOnDuty",
		testMissed(func(_ *testing.T, h CallHarness) { h.Desk().OnDuty() }, func(*testing.T, CallHarness) {}),
	},
	{"Received_NobodyAnswers", testMissed(nil, func(_ *testing.T, h CallHarness) { h.Pass(long) })},
	{"Received_TheyGiveUp", testMissed(nil, func(t *testing.T, h CallHarness) { h.HangUp(t, h.Customer()) })},
	{"Received_Declined", testMissed(nil, func(t *testing.T, h CallHarness) { h.Decline(t, h.Agent()) })},
	{"Hangup_BothEnds_TwiceIsOnce", testCallHangup},
	{"Hangup_WhileOursRings", testCallHangupEarly},
	{"Hangup_OnHold_Made", testCallHangupHeld(false)},
	{"Hangup_OnHold_Received", testCallHangupHeld(true)},
	{"Hold_OfACallWeMade", testCallHold(false)},
	{"Hold_OfACallThatCameIn", testCallHold(true)},
	{"LookUp_OfACallWeMade", testCallLookUp(false)},
	{"LookUp_OfACallThatCameIn", testCallLookUp(true)},
	{"News_AnyOrder_SameEnd_Made", testCallOrder(false)},
	{"News_AnyOrder_SameEnd_Received", testCallOrder(true)},
	{"News_Twice_Harmless_Made", testCallFault(Twice, false)},
	{"News_Twice_Harmless_Received", testCallFault(Twice, true)},
	{"News_Disordered_Harmless_Made", testCallFault(Disordered, false)},
	{"News_Disordered_Harmless_Received", testCallFault(Disordered, true)},
	{"Questions_SameAnswerHoweverOften", testCallQuestions},
	{"Webhooks_Garbage_NoPanic", testCallGarbage},
	{"Webhooks_Forged_Refused", testCallForged},
	{"Errors_ClassAndNoSecret", testCallFailures},
	{"Errors_OfACallThatGoesOn", testLiveCallFailures},
	{"Cancelled_NobodyIsRung", testCallCancelled},
}

// long is more than any telephone rings.
const long = 2 * time.Minute
