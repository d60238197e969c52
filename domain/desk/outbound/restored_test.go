package outbound_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

// A backup is restored in which replies wait: they may have left from the desk it was made of.
func TestRestored_WhatWaitedIsLeftToPeopleAndNothingLeaves(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	})
	tried, err := answerAsJana(d, c, "První")
	if err != nil {
		t.Fatal(err)
	}
	untried, err := answerAsJana(d, c, "Druhá")
	if err != nil {
		t.Fatal(err)
	}
	said := d.Thread(c.ID)[0].ID
	d.Update(func(tx *store.Tx) error { // what waits to be told of reading, and a reaction
		for _, kind := range []domain.JobKind{domain.JobMarkRead, domain.JobReact} {
			if err := tx.Enqueue(domain.Job{Kind: kind, Subject: said, Due: tx.Now.Add(time.Minute)}); err != nil {
				return err
			}
		}
		return nil
	})
	d.Vendor.Answer(nil)
	sent, read := len(d.Vendor.Sent()), len(d.Vendor.ReadReceipts())
	d.BecomeRestored()
	for range 3 {
		d.Clock.Move(time.Hour)
		d.Settle()
	}
	if got := len(d.Vendor.Sent()); got != sent {
		t.Errorf("%d messages left by themselves", got-sent)
	}
	if got := len(d.Vendor.ReadReceipts()); got != read {
		t.Errorf("the vendor was told %d times that something was read", got-read)
	}
	for _, id := range []domain.ID{tried.ID, untried.ID} {
		m := d.Message(d.Jana, id)
		if m.State != domain.StateUncertain || m.Failure == nil || m.Failure.Key != "provider.restored" {
			t.Errorf("got %s, %+v, want uncertain, with the reason", m.State, m.Failure)
		}
	}
	if err := d.Outbound.Retry(t.Context(), d.Jana, untried.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if m := d.Message(d.Jana, untried.ID); m.State != domain.StateSent || len(d.Vendor.Sent()) != sent+1 {
		t.Errorf("sent again by a person: got %s, %d sends, want sent, one", m.State, len(d.Vendor.Sent())-sent)
	}
	d.Restart()
	if m := d.Message(d.Jana, tried.ID); m.State != domain.StateUncertain {
		t.Errorf("after another start: got %s, want it still uncertain", m.State)
	}
}

// New replies are not those of the backup.
func TestRestored_WhatIsWrittenAfterwardsLeaves(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.BecomeRestored()
	if m := d.Answer(d.Jana, c.ID, "Nová"); m.State != domain.StateSent {
		t.Errorf("got %s, want sent", m.State)
	}
	d.Restart()
	if got := len(d.Vendor.Sent()); got != 1 {
		t.Errorf("got %d sends, want one", got)
	}
}

// Messages that come again after a restore were greeted by the desk of which the backup was made.
func TestRestored_OnlyNewMessagesAreGreeted(t *testing.T) {
	d := newGreetingDesk(t)
	old := d.Text(d.Channel, desktest.Anna, "Haló")
	d.Clock.Move(time.Minute)
	d.BecomeRestored()
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{old}})
	if got := greetingsIn(d, d.With(d.Channel, desktest.Anna)); len(got) != 0 {
		t.Errorf("a message from before was greeted: %q", got[0].Text)
	}
	d.Clock.Move(time.Minute)
	c := d.Say(d.Channel, desktest.Bob, "Dobrý den")
	if got := greetingsIn(d, c); len(got) != 1 {
		t.Errorf("a new message: got %d greetings, want one", len(got))
	}
}
