package calls_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// A telephone that rings days later, because a backup says that it should, helps nobody.
func TestRestored_CallThatWasBeingSetUpIsClosedAndNotDialled(t *testing.T) {
	c := newCalling(t)
	c.Voice.OnDial(func(carrier.OutgoingCall) (carrier.CallReceipt, error) {
		return carrier.CallReceipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	})
	m := c.call(t)
	dialled := len(c.Voice.Dialled())
	c.Voice.OnDial(nil)
	c.BecomeRestored()
	for range 5 {
		c.Clock.Move(6 * time.Second)
		c.Settle()
	}
	if got := len(c.Voice.Dialled()); got != dialled {
		t.Errorf("%d more calls were made", got-dialled)
	}
	if m = c.entry(t, m.ID); m.Call.State != domain.CallFailed || m.Failure == nil || m.Failure.Key != "call.restored" {
		t.Errorf("got %s, %+v, want it closed with the reason", m.Call.State, m.Failure)
	}
}
