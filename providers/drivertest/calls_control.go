package drivertest

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// testCallCapabilities checks that a telephone channel says so, and that nothing can be written to it.
func testCallCapabilities(t *testing.T, h CallHarness) {
	caps, channel := h.Driver().Capabilities(), carrier.NewConnection(domain.Channel{}, h.Driver(), nil)
	if !caps.Calls || !caps.CallsOnly || !channel.CanCall() {
		t.Errorf("got %+v, want a telephone channel", caps)
	}
	if caps.StartFree || caps.StartTemplate || caps.Templates || len(caps.Files) > 0 {
		t.Errorf("got %+v, want nothing that is written", caps)
	}
	m := carrier.Outgoing{ID: ids.New(epoch), To: newCall(h).To, Kind: domain.KindText, Text: "x"}
	_, err := h.Driver().Send(t.Context(), m)
	checkClass(t, h, "the driver's Send", err, carrier.InvalidValue)
	_, err = channel.Send(t.Context(), m)
	checkClass(t, h, "the channel's Send", err, carrier.InvalidValue)
}

// testCallNobody asks for calls to telephones that are none.
func testCallNobody(t *testing.T, h CallHarness) {
	for name, change := range map[string]func(*carrier.OutgoingCall){
		"no telephone of ours":   func(o *carrier.OutgoingCall) { o.Agent = "" },
		"nobody":                 func(o *carrier.OutgoingCall) { o.To = domain.Identity{} },
		"somebody without one":   func(o *carrier.OutgoingCall) { o.To.Kind = domain.UserIdentity },
		"a number that is words": func(o *carrier.OutgoingCall) { o.To.Value = "anonymous" },
	} {
		o := newCall(h)
		change(&o)
		_, err := h.Driver().Call(t.Context(), o)
		checkClass(t, h, name, err, carrier.InvalidValue)
	}
	if n := h.Count(); n != 0 {
		t.Errorf("got %d calls, want none", n)
	}
}

// testCallUncertain looks for a call that was set up without anybody having been told.
func testCallUncertain(t *testing.T, h CallHarness) {
	o, since, channel := newCall(h), h.Desk().now(), carrier.NewConnection(domain.Channel{}, h.Driver(), nil)
	if r, ok, err := channel.FindCall(t.Context(), o, since); ok || err != nil {
		t.Fatalf("got %+v, %t, %v before there was a call", r, ok, err)
	}
	h.Break(t, Cut)
	_, err := channel.Call(t.Context(), o)
	checkClass(t, h, "cut", err, carrier.Uncertain)
	h.Break(t, Mended)
	r, ok, err := channel.FindCall(t.Context(), o, since)
	if err != nil || !ok || r.Leg == "" {
		t.Fatalf("got %+v, %t, %v, want the call that was set up", r, ok, err)
	}
	if n := h.Count(); n != 1 {
		t.Errorf("got %d calls, want the one", n)
	}
	if r, ok, err := channel.FindCall(t.Context(), o, since.Add(time.Hour)); ok || err != nil {
		t.Errorf("got %+v, %t, %v, want an older call not taken for this one", r, ok, err)
	}
	h.Pass(time.Second)
	liveTelephone(t, h, h.Agent())
	if err := channel.Hangup(t.Context(), carrier.CallRef{ID: o.ID, Ours: r.Leg}); err != nil {
		t.Fatalf("Hangup of what was found: %v", err)
	}
	checkIdle(t, h, h.Agent())
}

func testCallHangup(t *testing.T, h CallHarness) {
	startTalk(t, h, false)
	ref := h.Desk().CallRef(t, false)
	for range 2 {
		if err := h.Driver().Hangup(t.Context(), ref); err != nil {
			t.Fatalf("Hangup: %v", err)
		}
		h.Desk().CheckState(t, domain.CallEnded)
		checkIdle(t, h, h.Agent(), h.Customer())
	}
	if err := h.Driver().Hangup(t.Context(), carrier.CallRef{ID: ref.ID, Ours: "1234567890"}); err != nil {
		t.Errorf("Hangup of a call that the vendor does not know any more: %v", err)
	}
}

func testCallHangupEarly(t *testing.T, h CallHarness) {
	beginCall(t, h)
	if err := h.Driver().Hangup(t.Context(), h.Desk().CallRef(t, false)); err != nil {
		t.Fatalf("Hangup: %v", err)
	}
	h.Desk().CheckState(t, domain.CallFailed)
	checkIdle(t, h, h.Agent(), h.Customer())
}

// testCallHangupHeld ends a call whose ends are not connected with each other.
func testCallHangupHeld(incoming bool) func(*testing.T, CallHarness) {
	return func(t *testing.T, h CallHarness) {
		startTalk(t, h, incoming)
		h.Desk().Hold(t, incoming, true)
		if err := h.Driver().Hangup(t.Context(), h.Desk().CallRef(t, incoming)); err != nil {
			t.Fatalf("Hangup: %v", err)
		}
		h.Desk().CheckState(t, domain.CallEnded)
		checkIdle(t, h, h.Agent(), h.Customer())
	}
}

// testCallHold takes the customer away and back, twice, and says everything twice.
func testCallHold(incoming bool) func(*testing.T, CallHarness) {
	return func(t *testing.T, h CallHarness) {
		startTalk(t, h, incoming)
		for range 2 {
			for range 2 {
				h.Desk().Hold(t, incoming, true)
				if us, them := liveTelephone(t, h, h.Agent()), liveTelephone(t, h, h.Customer()); us.With != "" ||
					them.With != "" {
					t.Fatalf("on hold: got %+v and %+v, want them apart", us, them)
				}
				h.Desk().CheckState(t, domain.CallAnswered)
			}
			for range 2 {
				h.Desk().Hold(t, incoming, false)
				checkConnected(t, h)
				h.Desk().CheckState(t, domain.CallAnswered)
			}
		}
		h.HangUp(t, h.Agent())
		h.Desk().CheckState(t, domain.CallEnded)
		checkIdle(t, h, h.Agent(), h.Customer())
	}
}

// testCallLookUp asks for what a vendor did not tell.
func testCallLookUp(incoming bool) func(*testing.T, CallHarness) {
	return func(t *testing.T, h CallHarness) {
		h.Break(t, Untold)
		connectCall(t, h, incoming)
		ref := h.Desk().CallRef(t, incoming)
		h.Pass(20 * time.Second)
		h.HangUp(t, h.Customer())
		list, err := h.Driver().LookUpCall(t.Context(), ref)
		if err != nil {
			t.Fatalf("LookUp: %v", err)
		}
		_, c := h.Desk().onlyCall(t)
		for range 2 { // what is told twice changes nothing
			for _, in := range list {
				c.Apply(incoming, in.Report)
			}
		}
		if c.State != domain.CallEnded || c.Duration != 20*time.Second {
			t.Errorf("got %+v, want an ended call of 20 seconds", c)
		}
	}
}
