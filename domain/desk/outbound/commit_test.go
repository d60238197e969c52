package outbound_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/store"
	"pult/internal/desktest"
)

func commits(d *desktest.Desk) int64 { return d.Store.Engine().Info().Commits }

func TestReply_IsTwoCommitsWithItsDelivery(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	for _, text := range []string{"první", "druhá"} {
		before := commits(d)
		m, err := answerAsJana(d, c, text)
		if err != nil || m.State != domain.StateSent {
			t.Fatalf("got %s, %v; want sent", m.State, err)
		}
		if got := commits(d) - before; got != 2 {
			t.Errorf("%d commits from the reply to what the vendor said, want 2", got)
		}
	}
}

// deadWorkers take jobs and die before they do anything.
type deadWorkers struct{}

func (deadWorkers) TakePlace(string) (begin func(*domain.Job), lease time.Duration, ok bool) {
	return func(*domain.Job) {}, jobs.Lease, true
}

// Between the commit of a reply and its end nobody knows whether the vendor has it.
func TestReply_CutOffAfterItsCommitIsUncertainAndNotRepeated(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Stop()
	d.Store.SetWorkers(deadWorkers{})
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Možná"))
	if err != nil || sent[0].State != domain.StateSending || len(sent[0].Attempts) != 1 {
		t.Fatalf("got %+v, %v; want a message whose first attempt is stored", sent, err)
	}
	d.View(func(tx *store.Tx) error {
		stored, err := tx.Message(sent[0].ID)
		if len(stored.Attempts) != 1 {
			t.Error("the attempt is not stored with the message")
		}
		return err
	})
	d.Restart()
	m := d.Message(d.Jana, sent[0].ID)
	if m.State != domain.StateUncertain || len(d.Vendor.Sent()) != 0 {
		t.Errorf("got %s after %d sends, want uncertain after none", m.State, len(d.Vendor.Sent()))
	}
	if err := d.Outbound.Retry(t.Context(), d.Jana, m.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if m := d.Message(d.Jana, m.ID); m.State != domain.StateSent || len(d.Vendor.Sent()) != 1 {
		t.Errorf("got %s after %d sends, want sent once a person said so", m.State, len(d.Vendor.Sent()))
	}
}

// An orderly end before the first byte is no uncertainty: the message leaves at the next start.
func TestReply_StoppedBeforeItWasSentLeavesAtTheNextStart(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Stop()
	d.Store.SetWorkers(deadWorkers{})
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Jistě"))
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	outcome, err := d.Outbound.Jobs()[domain.JobDeliver].Try(stopped, domain.Job{Subject: sent[0].ID, Begun: true, Attempt: 1})
	if err != nil || outcome == nil {
		t.Fatalf("no outcome, %v", err)
	}
	d.Update(func(tx *store.Tx) error {
		end, err := outcome(tx)
		var retry *jobs.Retry
		if !errors.As(end, &retry) {
			t.Errorf("ended with %v, want another try", end)
		}
		return err
	})
	d.Restart()
	if m := d.Message(d.Jana, sent[0].ID); m.State != domain.StateSent || len(d.Vendor.Sent()) != 1 {
		t.Errorf("got %s after %d sends, want sent once", m.State, len(d.Vendor.Sent()))
	}
}

func TestReply_MessagesOfAConversationLeaveInTheirOrder(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	hold := make(chan struct{})
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		<-hold
		return carrier.Receipt{}, nil
	})
	texts := []string{"1", "2", "3", "4"}
	for _, text := range texts {
		if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, text)); err != nil {
			t.Fatal(err)
		}
	}
	close(hold)
	d.Settle()
	for i, m := range d.Vendor.Sent() {
		if m.Text != texts[i] {
			t.Errorf("%s left as number %d", m.Text, i+1)
		}
	}
	if got := len(d.Vendor.Sent()); got != len(texts) {
		t.Errorf("%d messages left, want %d", got, len(texts))
	}
}
