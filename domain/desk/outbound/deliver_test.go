package outbound_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

func TestDeliver_TemporaryFailureIsTriedAgainInOrder(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	})
	first, err := answerAsJana(d, c, "První")
	if err != nil || first.State != domain.StateQueued {
		t.Fatalf("got %s, %v; want queued", first.State, err)
	}
	if _, err := answerAsJana(d, c, "Druhá"); err != nil {
		t.Fatal(err)
	}
	d.Vendor.Answer(nil)
	d.Clock.Move(time.Minute)
	d.Settle()
	var order []string
	for _, m := range d.Vendor.Sent() {
		order = append(order, m.Text)
	}
	if got := strings.Join(order, " "); got != "První První Druhá" {
		t.Errorf("got %q, want the first tried again before the second left", got)
	}
}

func TestDeliver_GivenUpWhenItsTimeIsOverAndTheCustomerWaitsAgain(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	})
	m, err := answerAsJana(d, c, "Marně")
	if err != nil {
		t.Fatal(err)
	}
	for range 23 {
		d.Clock.Move(time.Hour)
		d.Settle()
	}
	got, err := d.Chats.ReadMessage(t.Context(), d.Jana, m.ID)
	if err != nil || got.State != domain.StateQueued || got.Wait == nil || got.Wait.Failure.Key != "provider.temporary" {
		t.Fatalf("an hour before the window closes: got %s, %+v, %v; want it to wait still", got.State, got.Wait, err)
	}
	d.Clock.Move(got.Wait.Until.Sub(d.Clock.Now()))
	d.Settle()
	got, err = d.Chats.ReadMessage(t.Context(), d.Jana, m.ID)
	if err != nil || got.State != domain.StateFailed || got.Failure.Class != string(carrier.WindowClosed) || got.Wait != nil || !got.CanRetry {
		t.Errorf("got %s, %+v, retry %v, %v; want failed because the window closed", got.State, got.Failure, got.CanRetry, err)
	}
	if n := len(got.Attempts); n < 3 || n > domain.MaxAttempts || got.Attempts[0].Number != 1 {
		t.Errorf("%d attempts are kept, want a few", n)
	}
	if row := d.With(d.Channel, desktest.Anna); !row.IsWaiting() {
		t.Error("the beacon is dark although the customer got no answer")
	}
}

func TestDeliver_UncertainIsNotRepeatedUntilAPersonSaysSo(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
	})
	m, err := answerAsJana(d, c, "Možná")
	d.Clock.Move(time.Hour)
	d.Settle()
	if err != nil || m.State != domain.StateUncertain || len(d.Vendor.Sent()) != 1 {
		t.Fatalf("got %s after %d sends, %v; want uncertain after 1", m.State, len(d.Vendor.Sent()), err)
	}
	d.Vendor.Answer(nil)
	if err := d.Outbound.Retry(t.Context(), d.Jana, m.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if got, _ := d.Chats.ReadMessage(t.Context(), d.Jana, m.ID); got.State != domain.StateSent || len(d.Vendor.Sent()) != 2 {
		t.Errorf("got %s after %d sends, want sent after 2", got.State, len(d.Vendor.Sent()))
	}
}

func TestDeliver_UncertainIsSettledByTheVendorsEcho(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) { return carrier.Receipt{}, errors.New("cut") })
	m, err := answerAsJana(d, c, "Možná")
	if err != nil || m.State != domain.StateUncertain {
		t.Fatalf("got %s, %v; want uncertain", m.State, err)
	}
	d.Post(d.Channel, carrier.Batch{Statuses: []carrier.InboundStatus{{
		Account:  "100",
		VendorID: "wamid.X",
		Ours:     m.ID.String(),
		State:    domain.StateDelivered,
		At:       d.Clock.Now(),
	}}})
	if got, _ := d.Chats.ReadMessage(t.Context(), d.Jana, m.ID); got.State != domain.StateDelivered || got.VendorID != "wamid.X" {
		t.Errorf("got %s %q, want delivered wamid.X", got.State, got.VendorID)
	}
}

func TestDeliver_LateFailureOfAnEarlierTryDoesNotSpeakForTheNext(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	m, err := answerAsJana(d, c, "Poprvé")
	if err != nil {
		t.Fatal(err)
	}
	fail := carrier.Batch{Statuses: []carrier.InboundStatus{{
		Account:  "100",
		VendorID: "out-1",
		State:    domain.StateFailed,
		At:       d.Clock.Now(),
		Failure:  &domain.Failure{Code: "131000"},
	}}}
	d.Post(d.Channel, fail)
	if err := d.Outbound.Retry(t.Context(), d.Jana, m.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	d.Post(d.Channel, fail)
	if got, _ := d.Chats.ReadMessage(t.Context(), d.Jana, m.ID); got.State != domain.StateSent {
		t.Errorf("got %s, want sent", got.State)
	}
}
