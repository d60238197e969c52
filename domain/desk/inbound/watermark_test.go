package inbound_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

func newWatermark(page domain.Channel, state domain.MessageState, until time.Time) carrier.Batch {
	return carrier.Batch{Statuses: []carrier.InboundStatus{{
		Account: page.Account,
		State:   state,
		At:      until,
		Until:   until,
		Contact: desktest.Claire.Identities[0],
	}}}
}

func TestWatermark_MovesEverythingSentByThenAndNothingElse(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, desktest.Claire, "Bonjour")
	first, second := d.Answer(d.Jana, c.ID, "one"), d.Answer(d.Jana, c.ID, "two")
	d.Social.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"}
	})
	failed := d.Answer(d.Jana, c.ID, "failed")
	d.Social.Answer(nil)
	until := d.Clock.Now()
	d.Clock.Move(time.Minute)
	later := d.Answer(d.Jana, c.ID, "later")
	d.Post(page, newWatermark(page, domain.StateRead, until))
	for id, want := range map[domain.ID]domain.MessageState{
		first.ID: domain.StateRead, second.ID: domain.StateRead, failed.ID: domain.StateFailed, later.ID: domain.StateSent,
	} {
		if got := d.Message(d.Jana, id); got.State != want {
			t.Errorf("%s: got %s, want %s", got.Text, got.State, want)
		}
	}
	d.Post(page, newWatermark(page, domain.StateDelivered, d.Clock.Now()))
	if got := d.Message(d.Jana, first.ID).State; got != domain.StateRead {
		t.Errorf("a late delivery: got %s, want it still read", got)
	}
	if got := d.Message(d.Jana, later.ID).State; got != domain.StateDelivered {
		t.Errorf("got %s, want delivered", got)
	}
}

func TestWatermark_OfNobody_ChangesNothing(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	d.Post(page, newWatermark(page, domain.StateRead, d.Clock.Now()))
	if list, err := d.Inbound.ListParked(t.Context(), d.Eva); err != nil || len(list) != 0 {
		t.Errorf("got %d parked, %v, want none", len(list), err)
	}
}
