package inbound_test

import (
	"strings"
	"testing"

	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestIntake_ManyLargeLetters_OneAfterTheOther(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	d.Stop() // the journal fills while nothing is taken in
	var ids []string
	for range 4 {
		in := d.MailFrom(mail, "Jana", desktest.JanaMail, "Order", "text")
		in.Source, in.HTML = true, strings.Repeat("x", 5<<20)
		if err := d.Inbound.Accept(t.Context(), mail.Key, desktest.Webhook(carrier.Batch{Messages: []carrier.InboundMessage{in}})); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, in.VendorID)
	}
	d.View(func(tx *store.Tx) error {
		entries, more, err := tx.Journal(64, 8<<20)
		if len(entries) != 1 || !more {
			t.Errorf("%d entries are read at once, more %v; want one of five megabytes and three behind it", len(entries), more)
		}
		return err
	})
	d.Restart()
	d.Settle()
	for _, id := range ids {
		if got := d.Holding(mail, id); got.Subject != "Order" {
			t.Errorf("%s: got %+v", id, got)
		}
	}
}

func TestReceive_LargeBatchIsStoredWholeAndInOrder(t *testing.T) {
	d := desktest.New(t)
	var b carrier.Batch
	for range 60 {
		m := d.Text(d.Channel, desktest.Anna, strings.Repeat("slovo ", 40)+"konec "+string(rune('A'+len(b.Messages)%26)))
		m.VendorID = m.VendorID + string(rune(len(b.Messages)))
		b.Messages = append(b.Messages, m)
	}
	d.Post(d.Channel, b)
	thread := d.Thread(d.With(d.Channel, desktest.Anna).ID)
	if len(thread) != 60 {
		t.Fatalf("got %d messages, want 60", len(thread))
	}
	for i, m := range thread {
		if want := string(rune('A' + i%26)); !strings.HasSuffix(m.Text, want) {
			t.Fatalf("message %d ends %q, want %q", i, m.Text[len(m.Text)-1:], want)
		}
	}
}

func TestReceive_ItemForAnotherNumberGoesToItsChannel(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Private, desktest.Anna, "Pro druhé číslo")
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	if c := d.With(d.Private, desktest.Anna); c.ChannelID != d.Private.ID {
		t.Errorf("got channel %s, want %s", c.ChannelID, d.Private.ID)
	}
}

func TestReceive_LongWebhookSurvivesTheLimitOfAValue(t *testing.T) {
	d := desktest.New(t)
	var b carrier.Batch
	for i := range 40 {
		m := d.Text(d.Channel, desktest.Anna, "dlouhá")
		m.VendorID += string(rune('0' + i))
		m.Raw = []byte(strings.Repeat("x", 20<<10))
		b.Messages = append(b.Messages, m)
	}
	d.Post(d.Channel, b)
	if got := len(d.Thread(d.With(d.Channel, desktest.Anna).ID)); got != 40 {
		t.Errorf("got %d messages, want 40", got)
	}
}
