package connections_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestCatchUp_AsksForWhatCameWhileTheVendorWasUnreachable(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	var since []time.Time
	d.Vendor.PollWith(func(at time.Time) (carrier.Batch, error) {
		since = append(since, at)
		return carrier.Batch{}, nil
	})
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	failed := d.Clock.Now()
	d.Answer(d.Eva, c.ID, "one")
	d.Clock.Move(20 * time.Minute)
	d.Vendor.Answer(nil)
	d.Answer(d.Eva, c.ID, "two")
	if len(since) != 1 || !since[0].Before(failed) {
		t.Errorf("asked since %v, want once, from before %v", since, failed)
	}
}

func TestCatchUp_AtTheStartAsksForWhatCameWhileTheDeskWasAway(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	var since []time.Time
	missed := d.Text(d.Channel, desktest.Customer("Bob", "+420601999999"), "is anybody there?")
	d.Vendor.PollWith(func(at time.Time) (carrier.Batch, error) {
		since = append(since, at)
		return carrier.Batch{Messages: []carrier.InboundMessage{missed}}, nil
	})
	d.Clock.Move(time.Hour)
	last := domain.Channel{}
	if err := d.Store.View(t.Context(), func(tx *store.Tx) (err error) { last, err = tx.Channel(d.Channel.ID); return err }); err != nil {
		t.Fatal(err)
	}
	d.Restart()
	if len(since) != 1 || since[0].After(last.LastEvent) {
		t.Fatalf("asked since %v, want once, from before %v", since, last.LastEvent)
	}
	if got := d.With(d.Channel, missed.Contact).LastMessage.Text; got != missed.Text {
		t.Errorf("got %q, want the message that was missed", got)
	}
}
