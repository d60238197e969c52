package inbound_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

func newLetterHook(d *desktest.Desk, c domain.Channel, text string) (carrier.Webhook, string) {
	in := d.MailFrom(c, "Jana", desktest.JanaMail, "Order", text)
	return desktest.Webhook(carrier.Batch{Messages: []carrier.InboundMessage{in}}), in.VendorID
}

func TestReceiver_WhatItFetchesIsTakenInAndThePlaceMoves(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	<-d.Mail.Begun()
	hook, id := newLetterHook(d, mail, "Where is it?")
	if err := d.Mail.Deliver(hook, "uid 7"); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if got := d.Holding(mail, id); got.Subject != "Order" {
		t.Errorf("got %+v", got)
	}
	for range 2 { // a repeat, as after a crash between the journal and the place
		if err := d.Mail.Deliver(hook, "uid 7"); err != nil {
			t.Fatal(err)
		}
	}
	d.Settle()
	if thread := d.Thread(d.Holding(mail, id).ID); len(thread) != 1 {
		t.Errorf("got %d messages, want the repeats to change nothing", len(thread))
	}
	if err := d.Mail.Deliver(carrier.Webhook{}, "uid 9"); err != nil {
		t.Fatal(err)
	}
	d.View(func(tx *store.Tx) error {
		place, err := tx.ReceiverCursor(mail.ID)
		waiting, _, err2 := tx.Journal(10, 1<<20)
		if place != "uid 9" || len(waiting) != 0 {
			t.Errorf("got place %q and %d entries waiting, want the place alone to move", place, len(waiting))
		}
		return errors.Join(err, err2)
	})
}

func TestReceiver_BeginsAndEndsWithItsChannel(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	<-d.Mail.Begun()
	if err := d.Mail.Deliver(carrier.Webhook{}, "uid 3"); err != nil {
		t.Fatal(err)
	}
	if err := d.Channels.SetEnabled(t.Context(), d.Eva, mail.ID, false); err != nil {
		t.Fatal(err)
	}
	<-d.Mail.Ended()
	if err := d.Channels.SetEnabled(t.Context(), d.Eva, mail.ID, true); err != nil {
		t.Fatal(err)
	}
	<-d.Mail.Begun()
	if got := d.Mail.Places(); len(got) != 2 || got[0] != "" || got[1] != "uid 3" {
		t.Errorf("asked from %q, want first from the start and then from where it ended", got)
	}
	if err := d.Channels.SetOperators(t.Context(), d.Eva, mail.ID, []domain.ID{d.Jana.ID}); err != nil {
		t.Fatal(err)
	}
	if err := d.Mail.Deliver(carrier.Webhook{}, "uid 4"); err != nil {
		t.Fatal(err)
	}
	if got := d.Mail.Places(); len(got) != 2 {
		t.Errorf("connected %d times, want no new connection when only the operators changed", len(got))
	}
}
