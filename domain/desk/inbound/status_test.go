package inbound_test

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestStatus_BounceOfALetter_FailsItAndSomebodyWaits(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	began := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?"))
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "On its way."))
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	d.Post(mail, carrier.Batch{Statuses: []carrier.InboundStatus{{
		Account: mail.Account, VendorID: "bounce-1", Ours: sent[0].ID.String(), State: domain.StateFailed, At: d.Clock.Now(),
		Failure: &domain.Failure{Class: "unreachable", Code: "5.1.1", Key: "provider.unreachable"},
	}}})
	d.Settle()
	var got domain.Message
	d.View(func(tx *store.Tx) (err error) { got, err = tx.Message(sent[0].ID); return err })
	if got.State != domain.StateFailed || got.Failure == nil || got.Failure.Code != "5.1.1" {
		t.Errorf("got %s %+v, want failed with the server's code", got.State, got.Failure)
	}
	var after domain.Conversation
	d.View(func(tx *store.Tx) (err error) { after, err = tx.Conversation(began.ID); return err })
	if !after.IsWaiting() {
		t.Error("nobody learns that the letter did not arrive")
	}
}

func TestStatus_DelayedLetter_IsToldOnceAndStaysSent(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	began := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Order 7", "Where is it?"))
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(began.ID, "On its way."))
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	for range 2 { // servers warn every few hours
		d.Post(mail, carrier.Batch{Statuses: []carrier.InboundStatus{{
			Account: mail.Account, VendorID: "warning", Ours: sent[0].ID.String(), State: domain.StateSent, At: d.Clock.Now(),
			Failure: &domain.Failure{Class: "temporary", Code: "4.4.1", Key: "provider.email.delayed"},
		}}})
		d.Settle()
	}
	told := 0
	for _, m := range d.Lines(d.Jana, began.ID) {
		if m.ID == sent[0].ID && m.State != domain.StateSent {
			t.Errorf("the letter is %s, want sent", m.State)
		}
		if m.ActivityCode == "provider.email.delayed" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times, want once", told)
	}
}

func TestStatus_AnyOrderEndsAtTheFurthest(t *testing.T) {
	for _, order := range [][]domain.MessageState{
		{domain.StateSent, domain.StateDelivered, domain.StateRead},
		{domain.StateRead, domain.StateSent, domain.StateDelivered},
		{domain.StateDelivered, domain.StateRead, domain.StateRead, domain.StateSent},
	} {
		d := desktest.New(t)
		c := d.Say(d.Channel, desktest.Anna, "Dotaz")
		sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Odpověď"))
		if err != nil {
			t.Fatal(err)
		}
		d.Settle()
		for _, s := range order {
			d.Post(d.Channel, carrier.Batch{Statuses: []carrier.InboundStatus{{
				Account:  "100",
				VendorID: "out-1",
				State:    s,
				At:       d.Clock.Now(),
			}}})
		}
		m, err := d.Chats.ReadMessage(t.Context(), d.Jana, sent[0].ID)
		if err != nil || m.State != domain.StateRead {
			t.Errorf("%v: got %s, %v; want read", order, m.State, err)
		}
		if row := d.With(d.Channel, desktest.Anna); row.LastMessage.State != domain.StateRead {
			t.Errorf("%v: the table shows %s, want read", order, row.LastMessage.State)
		}
	}
}

func TestStatus_BeforeTheSendIsAnsweredIsNotLost(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dotaz")
	d.Vendor.Answer(func(m carrier.Outgoing) (carrier.Receipt, error) {
		early := carrier.InboundStatus{Account: "100", VendorID: "early", State: domain.StateDelivered, At: d.Clock.Now()}
		if err := d.Inbound.Accept(t.Context(), d.Channel.Key, desktest.Webhook(carrier.Batch{Statuses: []carrier.InboundStatus{early}})); err != nil {
			t.Error(err)
		}
		return carrier.Receipt{VendorID: "early"}, nil
	})
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Odpověď"))
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	d.Settle()
	if m, err := d.Chats.ReadMessage(t.Context(), d.Jana, sent[0].ID); err != nil || m.State != domain.StateDelivered {
		t.Errorf("got %s, %v; want delivered", m.State, err)
	}
}
