package desk_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

func healthOf(t *testing.T, d *desktest.Desk, c domain.Channel) connections.ChannelHealth {
	t.Helper()
	h, err := d.Connections.ReadHealth(t.Context(), d.Eva, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func answered(t *testing.T, d *desktest.Desk, c domain.Conversation, text string) domain.Message {
	t.Helper()
	sent, err := d.Outbound.Reply(t.Context(), d.Eva, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	m, err := d.Chats.ReadMessage(t.Context(), d.Eva, sent[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return m.Message
}

func TestHealth_WaitsThenConnected(t *testing.T) {
	d := desktest.New(t)
	if got := healthOf(t, d, d.Channel).State; got != connections.HealthWaits {
		t.Errorf("before anything came: got %s, want %s", got, connections.HealthWaits)
	}
	d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	if got := healthOf(t, d, d.Channel); got.State != connections.HealthGood || got.LastEvent.IsZero() {
		t.Errorf("after a message: got %s, last event %v", got.State, got.LastEvent)
	}
}

func TestHealth_RefusedCredentialsAlertAdministratorsUntilTheyWork(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	answered(t, d, c, "one")
	h := healthOf(t, d, d.Channel)
	if h.State != connections.HealthFailing || h.Words != "provider.unauthorised" || !h.Since.Equal(d.Clock.Now()) || h.Errors != 1 {
		t.Errorf("got %+v, want failing since now with the sentence", h)
	}
	alerts, err := d.Connections.ListAlerts(t.Context(), d.Eva)
	if err != nil || len(alerts) != 1 || alerts[0].Channel != d.Channel.ID {
		t.Errorf("administrator: got %+v, %v, want the channel", alerts, err)
	}
	if alerts, err = d.Connections.ListAlerts(t.Context(), d.Jana); err != nil || len(alerts) != 0 {
		t.Errorf("operator: got %+v, %v, want nothing", alerts, err)
	}
	d.Vendor.Answer(nil)
	answered(t, d, c, "two")
	if got := healthOf(t, d, d.Channel); got.State != connections.HealthGood || got.Calls < 2 {
		t.Errorf("once it works: got %+v", got)
	}
}

// Refusals of single messages, and a call or two without an answer, are no reason to call an administrator.
func TestHealth_SingleFailuresAreNotAFailingChannel(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	for _, e := range []*carrier.Error{
		{Class: carrier.Uncertain, Key: "provider.uncertain"}, {Class: carrier.Uncertain, Key: "provider.uncertain"},
		{Class: carrier.Unreachable, Code: "131026", Key: "provider.unreachable"}, {Class: carrier.Uncertain, Key: "provider.uncertain"},
	} {
		d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) { return carrier.Receipt{}, e })
		answered(t, d, c, "x")
		if got := healthOf(t, d, d.Channel).State; got != connections.HealthGood {
			t.Errorf("after %s: got %s, want %s", e.Class, got, connections.HealthGood)
		}
	}
}

// A vendor that accepts connections and never answers, on one channel; the other channel's messages and all webhooks pass.
func TestBulkhead_DeadVendorHoldsUpNeitherOtherChannelsNorWebhooks(t *testing.T) {
	d := desktest.New(t)
	release := make(chan struct{})
	sent := make(chan string, 10)
	var dead []domain.Conversation
	for i := range 20 {
		dead = append(dead, d.Say(d.Channel, desktest.Customer("Anna", "+42060123450"+string(rune('0'+i/10))+string(rune('0'+i%10))), "hello"))
	}
	alive := d.Say(d.Private, desktest.Customer("Bob", "+420601999999"), "hello")
	d.Vendor.Answer(func(m carrier.Outgoing) (carrier.Receipt, error) {
		if m.Text == "dead" {
			<-release
			return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
		}
		sent <- m.Text
		return carrier.Receipt{VendorID: "alive"}, nil
	})
	t.Cleanup(func() { close(release) })
	reply := func(c domain.Conversation, text string) {
		if _, err := d.Outbound.Reply(t.Context(), d.Eva, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range dead {
		reply(c, "dead")
	}
	reply(alive, "alive")
	select {
	case got := <-sent:
		if got != "alive" {
			t.Errorf("sent %q, want the other channel's message", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the other channel's message did not leave")
	}
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, desktest.Webhook(carrier.Batch{Messages: []carrier.InboundMessage{
		d.Text(d.Channel, desktest.Customer("Cyril", "+420601777777"), "do you hear me?"),
	}})); err != nil {
		t.Errorf("a webhook of the dead vendor's channel was not taken: %v", err)
	}
	for d.Hub != nil { // the intake has taken it in once the conversation exists
		if list, err := d.Chats.List(t.Context(), d.Eva, chats.Query{View: "all", Limit: 100}); err != nil {
			t.Fatal(err)
		} else if len(list.Rows) == 22 {
			break
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the webhook was not taken in")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestCircuit_QueueOfADeadVendorWaitsAndHealsByItself(t *testing.T) {
	d := desktest.New(t)
	tries := 0
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		tries++
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
	})
	c := d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	for range 3 {
		answered(t, d, c, "x")
	}
	var waiting []domain.Message
	for range 10 {
		waiting = append(waiting, answered(t, d, c, "y"))
	}
	if tries != 3 || waiting[9].State != domain.StateQueued {
		t.Fatalf("%d tries, last message %s; want 3 tries and the others waiting", tries, waiting[9].State)
	}
	if h := healthOf(t, d, d.Channel); h.State != connections.HealthFailing || h.Waiting != 10 || h.Oldest.IsZero() {
		t.Errorf("got %s with %d waiting, want failing with 10", h.State, h.Waiting)
	}
	d.Vendor.Answer(nil)
	d.Clock.Move(time.Minute)
	d.Settle()
	for _, m := range waiting {
		if got, err := d.Chats.ReadMessage(t.Context(), d.Eva, m.ID); err != nil || got.State != domain.StateSent {
			t.Fatalf("got %s, %v, want everything sent", got.State, err)
		}
	}
	if h := healthOf(t, d, d.Channel); h.State != connections.HealthGood || h.Waiting != 0 {
		t.Errorf("got %s with %d waiting, want it healed", h.State, h.Waiting)
	}
}

func TestCheck_HourlyLookFindsBrokenCredentials(t *testing.T) {
	d := desktest.New(t)
	d.Vendor.TestWith(func() (carrier.Account, error) {
		return carrier.Account{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	d.Clock.Move(time.Hour + time.Minute)
	d.Settle()
	if got := healthOf(t, d, d.Channel).State; got != connections.HealthFailing {
		t.Errorf("after an hour: got %s, want %s", got, connections.HealthFailing)
	}
	d.Vendor.TestWith(nil)
	d.Clock.Move(time.Hour + time.Minute)
	d.Settle()
	if got := healthOf(t, d, d.Channel).State; got.IsBad() {
		t.Errorf("after it was repaired: got %s", got)
	}
}
