package inbound_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

func TestReceive_UnreadableWebhookIsParkedAndReplayed(t *testing.T) {
	d := desktest.New(t)
	w := desktest.Webhook(carrier.Batch{})
	w.Body = []byte(`{"Messages":`)
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, w); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	parked, err := d.Inbound.ListParked(t.Context(), d.Eva)
	if err != nil || len(parked) != 1 {
		t.Fatalf("got %d parked, %v; want 1", len(parked), err)
	}
	if _, err := d.Inbound.ListParked(t.Context(), d.Jana); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("an operator sees parked entries: %v", err)
	}
	if err := d.Inbound.ReplayParked(t.Context(), d.Eva, parked[0].ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if again, _ := d.Inbound.ListParked(t.Context(), d.Eva); len(again) != 1 {
		t.Errorf("got %d parked after a replay that fails again, want 1", len(again))
	}
}

func TestReceive_ItemThatCannotBeStoredIsParkedWithoutItsNeighbours(t *testing.T) {
	d := desktest.New(t)
	var b carrier.Batch
	for _, text := range []string{"před", strings.Repeat("x", 300<<10), "po"} {
		m := d.Text(d.Channel, desktest.Anna, text)
		m.VendorID = text[:2]
		b.Messages = append(b.Messages, m)
	}
	b.Unknown = []carrier.Unknown{{What: "new", Raw: []byte("{}")}}
	d.Post(d.Channel, b)
	if got := len(d.Thread(d.With(d.Channel, desktest.Anna).ID)); got != 2 {
		t.Errorf("got %d messages, want the two that fit", got)
	}
	if parked, err := d.Inbound.ListParked(t.Context(), d.Eva); err != nil || len(parked) != 2 {
		t.Errorf("got %d parked, %v; want the long message and the unknown part", len(parked), err)
	}
}

func TestReceive_EveryPartThatIsNotUnderstoodIsParked(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, desktest.Anna, "Pro cizí číslo")
	m.Account = "nobody's"
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}, Unknown: []carrier.Unknown{{What: "new", Raw: []byte("{}")}}})
	if parked, err := d.Inbound.ListParked(t.Context(), d.Eva); err != nil || len(parked) != 2 {
		t.Errorf("got %d parked, %v; want 2", len(parked), err)
	}
}
