package calls_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

func TestStartCall_UncertainOutcomeIsLookedUp(t *testing.T) {
	for name, found := range map[string]string{"it rings": "CA-found", "it does not": ""} {
		t.Run(name, func(t *testing.T) {
			c := newCalling(t)
			c.Voice.OnDial(func(carrier.OutgoingCall) (carrier.CallReceipt, error) {
				return carrier.CallReceipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
			})
			c.Voice.Find(found)
			m := c.call(t)
			for range 6 {
				c.Clock.Move(10 * time.Second)
				c.Settle()
			}
			if n := len(c.Voice.Dialled()); n != 1 {
				t.Errorf("got %d calls, want one and no repeat", n)
			}
			m = c.entry(t, m.ID)
			if found != "" && (m.Call.Leg(domain.OurSide) != found || m.Call.State != domain.CallDialling) {
				t.Errorf("got %+v, want the call that was found", m.Call)
			}
			if found == "" && (m.Call.State != domain.CallFailed || m.Failure == nil || m.Failure.Key != "provider.uncertain") {
				t.Errorf("got %+v, %+v, want it closed with the reason", m.Call, m.Failure)
			}
		})
	}
}

func TestStartCall_FailuresTellWhy(t *testing.T) {
	for class, tries := range map[carrier.Class]int{carrier.Unreachable: 1, carrier.Temporary: 6} {
		c := newCalling(t)
		c.Voice.OnDial(func(carrier.OutgoingCall) (carrier.CallReceipt, error) {
			return carrier.CallReceipt{}, &carrier.Error{Class: class, Code: "1", Key: class.Sentence()}
		})
		m := c.call(t)
		for range 10 {
			c.Clock.Move(6 * time.Second)
			c.Settle()
		}
		if wantState(t, c.entry(t, m.ID), domain.CallFailed); c.entry(t, m.ID).Failure.Key != class.Sentence() {
			t.Errorf("%s: got %+v", class, c.entry(t, m.ID).Failure)
		}
		if n := len(c.Voice.Dialled()); n > tries {
			t.Errorf("%s: got %d tries, want at most %d: nobody waits for minutes", class, n, tries)
		}
	}
}

func TestHold_ThatFailsIsShownAsItIs(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallAnswered})
	c.Voice.Fail(&carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"})
	if err := c.Calls.Hold(t.Context(), c.Jana, m.ID, true); err != nil {
		t.Fatal(err)
	}
	c.Settle()
	if got := c.entry(t, m.ID).Call; got.Held || got.Room {
		t.Errorf("got %+v, want the call as it was", got)
	}
}

func TestCallCheck_RecoversWhatWasNeverTold(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallAnswered})
	c.Restart() // killed while they speak, and the vendor's last words were lost
	ended := domain.CallReport{
		Side:     domain.TheirSide,
		Leg:      "theirs-" + m.ID.String(),
		State:    domain.CallEnded,
		At:       c.Clock.Now().Add(time.Minute),
		Duration: time.Minute,
	}
	c.Voice.Know(carrier.InboundCall{Account: c.line.Account, Report: ended})
	c.Clock.Move(2 * time.Minute)
	c.Settle()
	if m = c.entry(t, m.ID); m.Call.State != domain.CallEnded || m.Call.Duration != time.Minute {
		t.Errorf("got %+v, want it over after a minute of speaking", m.Call)
	}
}

func TestCallCheck_ClosesWhatNobodyKnows(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	for range 7 * 60 {
		c.Clock.Move(time.Minute)
		c.Settle()
	}
	wantState(t, c.entry(t, m.ID), domain.CallFailed)
}

// A call that began while the clock was wrong is not asked about for a year.
func TestCallCheck_ClosesWhatBeganWhileTheClockWasWrong(t *testing.T) {
	for _, by := range []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour} {
		c := newCalling(t)
		c.Clock.Move(by)
		m := c.call(t)
		c.Clock.Move(-by)
		c.Settle()
		for range 7 * 60 {
			c.Clock.Move(time.Minute)
			c.Settle()
		}
		if got := c.entry(t, m.ID).Call.State; got != domain.CallFailed {
			t.Errorf("by %v: got %s, want it closed", by, got)
		}
	}
}
