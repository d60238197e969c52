package drivertest

import (
	"context"
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// Idempotent is a harness whose vendor takes a message once, however often it is sent.
type Idempotent interface{ Idempotent() }

// testSameTwice sends a message again, as after an outcome nobody knows.
func testSameTwice(t *testing.T, h Harness) {
	if _, ok := h.(Idempotent); !ok {
		t.Skip("the vendor takes everything it is sent for a message of its own")
	}
	before, m := h.Count(t), newMessage(h, Message{Kind: domain.KindText, Text: "x"})
	var receipts [2]carrier.Receipt
	for i := range receipts {
		var err error
		if receipts[i], err = h.Driver().Send(context.Background(), m); err != nil {
			t.Fatalf("send: %v", err)
		}
	}
	if receipts[0].VendorID != receipts[1].VendorID {
		t.Errorf("got ids %s and %s, want the same", receipts[0].VendorID, receipts[1].VendorID)
	}
	if took := h.Count(t) - before; took != 1 {
		t.Errorf("got %d messages at the customer, want 1", took)
	}
}

// Forgetter is a harness whose vendor keeps nothing of what it took: Find must find nothing there, and not make it up.
type Forgetter interface{ Forgets() }

// testFind looks for a message that was taken, as if its sending had ended without an answer.
func testFind(t *testing.T, h Harness) {
	f, ok := h.Driver().(carrier.Finder)
	if !ok {
		t.Skip("the vendor cannot be asked")
	}
	m := newMessage(h, Message{Kind: domain.KindText, Text: "Where is it?"})
	r, err := h.Driver().Send(context.Background(), m)
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	want := []string{r.VendorID}
	if _, forgets := h.(Forgetter); forgets {
		want = nil
	}
	if got, err := f.Find(context.Background(), m, epoch.AddDate(-1, 0, 0)); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
