package connections_test

import (
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
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

// chainOf is the one waiting job of a lane, and how many there are.
func chainOf(d *desktest.Desk, lane string) (j domain.Job, n int) {
	d.T.Helper()
	d.View(func(tx *store.Tx) (err error) {
		if n, err = tx.CountInLane(lane, 10); n == 0 {
			return err
		}
		id, _, err := tx.NextInLane(lane)
		if err == nil {
			j, err = tx.Job(id)
		}
		return err
	})
	return j, n
}

func TestScheduleChecks_MakesOneChainOfAChannel(t *testing.T) {
	d := desktest.New(t)
	d.Stop()
	lane := "check/" + d.Channel.ID.String()
	before, n := chainOf(d, lane)
	if n != 1 || !before.Due.Equal(d.Clock.Now().Add(connections.CheckEvery)) {
		t.Fatalf("got %d checks, the first due %v; want one in an hour", n, before.Due)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := d.Connections.ScheduleChecks(t.Context(), false); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if after, n := chainOf(d, lane); n != 1 || after.ID != before.ID || !after.Due.Equal(before.Due) {
		t.Errorf("got %d checks, the first %+v; want the one there was", n, after)
	}
	for range 2 { // at a start everybody is looked at right away
		if err := d.Connections.ScheduleChecks(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
	if after, n := chainOf(d, lane); n != 1 || after.ID != before.ID || !after.Due.Equal(d.Clock.Now()) {
		t.Errorf("got %d checks, the first due %v; want the same one, now", n, after.Due)
	}
}

func TestScheduleChecks_OnlyOfChannelsInService(t *testing.T) {
	d := desktest.New(t)
	off, removed := d.AddVoiceChannel("off"), d.AddVoiceChannel("removed")
	d.Stop()
	removeChannel(t, d, removed)
	if err := d.Channels.SetEnabled(t.Context(), d.Eva, off.ID, false); err != nil {
		t.Fatal(err)
	}
	d.Update(func(tx *store.Tx) error {
		for _, c := range []domain.Channel{off, removed} {
			id, ok, err := tx.NextInLane("check/" + c.ID.String())
			if err != nil || !ok {
				return err
			}
			j, err := tx.Job(id)
			if err != nil {
				return err
			}
			if err := tx.DropJob(&j); err != nil {
				return err
			}
		}
		return nil
	})
	if err := d.Connections.ScheduleChecks(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for _, c := range []domain.Channel{off, removed} {
		if _, n := chainOf(d, "check/"+c.ID.String()); n != 0 {
			t.Errorf("%s: %d checks, want none", c.Name, n)
		}
	}
}

func TestScheduleNext_NeverBeginsASecondChain(t *testing.T) {
	d := desktest.New(t)
	d.Stop()
	lane := "check/" + d.Channel.ID.String()
	running, _ := chainOf(d, lane)
	for range 3 { // it is run again after a crash
		if err := d.Connections.ScheduleNext(t.Context(), running, time.Hour, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, n := chainOf(d, lane); n != 2 {
		t.Errorf("got %d jobs in the lane, want the one that runs and the next", n)
	}
}
