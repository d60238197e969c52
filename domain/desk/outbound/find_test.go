package outbound_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

func failUncertain(carrier.Outgoing) (carrier.Receipt, error) {
	return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
}

func TestFind_UncertainMessageIsSettledWhenTheVendorHasIt(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, desktest.Claire, "Bonjour")
	known := d.Answer(d.Jana, c.ID, "known")
	d.Social.Answer(failUncertain)
	m := d.Answer(d.Jana, c.ID, "cut")
	if m.State != domain.StateUncertain {
		t.Fatalf("got %s, want uncertain", m.State)
	}
	d.Social.Has(known.VendorID, "m_found")
	d.Clock.Move(time.Minute)
	d.Settle()
	if got := d.Message(d.Jana, m.ID); got.State != domain.StateSent || got.VendorID != "m_found" {
		t.Errorf("got %s as %q, want sent as m_found", got.State, got.VendorID)
	}
	d.Post(page, carrier.Batch{Statuses: []carrier.InboundStatus{{
		Account:  page.Account,
		VendorID: "m_found",
		State:    domain.StateDelivered,
		At:       d.Clock.Now(),
	}}})
	if got := d.Message(d.Jana, m.ID); got.State != domain.StateDelivered {
		t.Errorf("got %s, want later reports to find it", got.State)
	}
}

func TestFind_NotThere_TheOperatorDecides(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Page(), desktest.Claire, "Bonjour")
	d.Social.Answer(failUncertain)
	m := d.Answer(d.Jana, c.ID, "cut")
	for range 6 {
		d.Clock.Move(time.Minute)
		d.Settle()
	}
	if got := d.Message(d.Jana, m.ID); got.State != domain.StateUncertain {
		t.Errorf("got %s, want still uncertain", got.State)
	}
	if dead, err := d.Inbound.ListDeadJobs(t.Context(), d.Eva); err != nil || len(dead) != 0 {
		t.Errorf("got %d dead jobs, %v, want none", len(dead), err)
	}
}
