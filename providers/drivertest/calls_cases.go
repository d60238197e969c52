package drivertest

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// newCall is a call to the customer; each has an id of its own.
func newCall(h CallHarness) carrier.OutgoingCall {
	return carrier.OutgoingCall{
		ID:       ids.New(epoch),
		Agent:    h.Agent(),
		To:       domain.Identity{Kind: domain.PhoneIdentity, Value: h.Customer()},
		Language: domain.French,
	}
}

// beginCall makes a call and lets the operator's telephone ring.
func beginCall(t *testing.T, h CallHarness) {
	t.Helper()
	h.Desk().Begin(t, newCall(h))
	h.Pass(time.Second)
}

// takeCall answers a telephone as a person does.
func takeCall(t *testing.T, h CallHarness, phone string) {
	t.Helper()
	h.PickUp(t, phone)
	if liveTelephone(t, h, phone).Asked {
		h.Press(t, phone)
	}
}

// liveTelephone is the live call of a telephone that must have one.
func liveTelephone(t *testing.T, h CallHarness, phone string) Telephone {
	t.Helper()
	p, ok := h.At(phone)
	if !ok {
		t.Fatalf("no call at %s", phone)
	}
	return p
}

// checkIdle checks that telephones have no call.
func checkIdle(t *testing.T, h CallHarness, phones ...string) {
	t.Helper()
	for _, phone := range phones {
		if p, live := h.At(phone); live {
			t.Errorf("%s still has a call: %+v", phone, p)
		}
	}
}

// startTalk brings a call about in which both sides speak, and of which the desk knows.
func startTalk(t *testing.T, h CallHarness, incoming bool) {
	t.Helper()
	connectCall(t, h, incoming)
	h.Desk().CheckState(t, domain.CallAnswered)
}

// connectCall brings a call about in which both sides speak.
func connectCall(t *testing.T, h CallHarness, incoming bool) {
	t.Helper()
	if incoming {
		h.Incoming(t)
		takeCall(t, h, h.Agent())
	} else {
		beginCall(t, h)
		takeCall(t, h, h.Agent())
		takeCall(t, h, h.Customer())
	}
	checkConnected(t, h)
}

func checkConnected(t *testing.T, h CallHarness) {
	t.Helper()
	if us, them := liveTelephone(t, h, h.Agent()), liveTelephone(t, h, h.Customer()); us.With != h.Customer() ||
		them.With != h.Agent() {
		t.Fatalf("got %+v and %+v, want both connected", us, them)
	}
}

func testCallMade(t *testing.T, h CallHarness) {
	beginCall(t, h)
	h.Desk().CheckState(t, domain.CallDialling)
	if us := liveTelephone(t, h, h.Agent()); us.Shows != h.Number() {
		t.Errorf("our telephone shows %s, want the business's number", us.Shows)
	}
	checkIdle(t, h, h.Customer()) // until ours was answered
	takeCall(t, h, h.Agent())
	h.Desk().CheckState(t, domain.CallRinging)
	if them := liveTelephone(t, h, h.Customer()); them.Shows != h.Number() {
		t.Errorf("the customer sees %s, want the business's number", them.Shows)
	}
	h.Pass(4 * time.Second)
	takeCall(t, h, h.Customer())
	h.Desk().CheckState(t, domain.CallAnswered)
	checkConnected(t, h)
	h.Pass(83 * time.Second)
	h.HangUp(t, h.Customer())
	if c := h.Desk().CheckState(t, domain.CallEnded); c.Duration != 83*time.Second || !c.Settled {
		t.Errorf("got %v, want the 83 seconds they spoke", c.Duration)
	}
	for _, n := range h.Desk().Record().News {
		if d := n.Report.Duration; d != 0 && d != 83*time.Second {
			t.Errorf("got %v of %s, want only the time in which both spoke", d, n.Report.Side)
		}
	}
	checkIdle(t, h, h.Agent(), h.Customer())
}

func testCallMachine(t *testing.T, h CallHarness) {
	beginCall(t, h)
	h.PickUp(t, h.Agent()) // and no key
	h.Pass(long)
	h.Desk().CheckState(t, domain.CallFailed)
	if n := h.Count(); n != 1 {
		t.Errorf("got %d calls, want the customer's telephone left alone", n)
	}
}

// testOutcome is how a call that we make ends when nobody gets to speak.
func testOutcome(want domain.CallState, do func(*testing.T, CallHarness)) func(*testing.T, CallHarness) {
	return func(t *testing.T, h CallHarness) {
		beginCall(t, h)
		do(t, h)
		if c := h.Desk().CheckState(t, want); c.Duration != 0 || !c.AnsweredAt.IsZero() || c.EndedAt.IsZero() {
			t.Errorf("got %+v, want a call that nobody answered and that is over", c)
		}
		checkIdle(t, h, h.Agent(), h.Customer())
	}
}

func testCallReceived(t *testing.T, h CallHarness) {
	const other = "+420777000001"
	h.Desk().OnDuty(other, h.Agent())
	h.Incoming(t)
	h.Desk().CheckState(t, domain.CallRinging)
	h.PickUp(t, other) // an answering machine
	h.Desk().CheckState(t, domain.CallRinging)
	takeCall(t, h, h.Agent())
	if c := h.Desk().CheckState(t, domain.CallAnswered); c.OurNumber != h.Agent() {
		t.Errorf("answered by %s, want %s", c.OurNumber, h.Agent())
	}
	checkConnected(t, h)
	checkIdle(t, h, other)
	h.Pass(12 * time.Second)
	h.HangUp(t, h.Agent())
	if c := h.Desk().CheckState(t, domain.CallEnded); c.Duration != 12*time.Second {
		t.Errorf("got %v, want the 12 seconds they spoke", c.Duration)
	}
	checkIdle(t, h, h.Agent(), h.Customer())
	checkReceivedNews(t, h)
}

// checkReceivedNews checks that everything was about one call, and from whom it came.
func checkReceivedNews(t *testing.T, h CallHarness) {
	t.Helper()
	got := h.Desk().Record()
	_, want := h.Driver().IdentifyCall(got.Webhooks[0])
	for _, w := range got.Webhooks {
		if ours, vendorID := h.Driver().IdentifyCall(w); ours != "" || vendorID != want || want == "" {
			t.Errorf("got a webhook about %q and %q, want %q of the vendor's", ours, vendorID, want)
		}
	}
	for _, n := range got.News {
		if !n.Incoming || n.Ours != "" || n.VendorID != want || n.Account == "" || n.Report.At.IsZero() {
			t.Errorf("got %+v, want news of the call %s that came in", n, want)
		}
	}
	who := domain.Identity{Kind: domain.PhoneIdentity, Value: h.Customer()}
	if len(got.People) != 1 || len(got.People[0].Identities) == 0 || got.People[0].Identities[0] != who {
		t.Errorf("got %+v, want %+v", got.People, who)
	}
}

// testMissed is a call that comes in and that nobody takes.
func testMissed(before, do func(*testing.T, CallHarness)) func(*testing.T, CallHarness) {
	return func(t *testing.T, h CallHarness) {
		if before != nil {
			before(t, h)
		}
		h.Incoming(t)
		do(t, h)
		if c := h.Desk().CheckState(t, domain.CallMissed); !c.AnsweredAt.IsZero() {
			t.Errorf("got %+v, want no answer", c)
		}
		checkIdle(t, h, h.Agent())
	}
}
