package desk_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/internal/desktest"
)

// A vendor that accepts connections and never answers, on one channel; the other channel's messages and all webhooks
// pass.
func TestBulkhead_DeadVendorHoldsUpNeitherOtherChannelsNorWebhooks(t *testing.T) {
	d := desktest.New(t)
	release := make(chan struct{})
	sent := make(chan string, 10)
	var dead []domain.Conversation
	for i := range 20 {
		dead = append(
			dead,
			d.Say(d.Channel, desktest.Customer("Anna", "+42060123450"+string(rune('0'+i/10))+string(rune('0'+i%10))), "hello"),
		)
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
		if _, err := d.Outbound.Reply(t.Context(), d.Eva, d.NewReply(c.ID, text)); err != nil {
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
		d.Answer(d.Eva, c.ID, "x")
	}
	var waiting []domain.Message
	for range 10 {
		waiting = append(waiting, d.Answer(d.Eva, c.ID, "y"))
	}
	if tries != 3 || waiting[9].State != domain.StateQueued {
		t.Fatalf("%d tries, last message %s; want 3 tries and the others waiting", tries, waiting[9].State)
	}
	if h := d.HealthOf(d.Channel); h.State != connections.HealthFailing || h.Waiting != 10 || h.Oldest.IsZero() {
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
	if h := d.HealthOf(d.Channel); h.State != connections.HealthGood || h.Waiting != 0 {
		t.Errorf("got %s with %d waiting, want it healed", h.State, h.Waiting)
	}
}
