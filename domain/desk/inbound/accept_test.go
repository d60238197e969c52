package inbound_test

import (
	"net/url"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

func TestAccept_ParsingSeesTheWebhookAsTheVendorSentIt(t *testing.T) {
	d := desktest.New(t)
	w := desktest.Webhook(carrier.Batch{})
	w.URL = "https://desk.example.cz/hooks/shop?message=7&a=b%20c"
	w.Query = url.Values{"message": {"7"}, "a": {"b c"}}
	w.Header.Set("X-Twilio-Signature", "signed")
	w.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w.Header.Set("Pult-Url", "https://forged.example/")
	w.Header.Set("Cookie", "none of our business")
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, w); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	all := d.Vendor.Parsed()
	if len(all) != 1 {
		t.Fatalf("got %d webhooks parsed, want 1", len(all))
	}
	got := all[0]
	if got.URL != w.URL || got.Query.Encode() != w.Query.Encode() || string(got.Body) != string(w.Body) ||
		!got.ReceivedAt.Equal(d.Clock.Now()) {
		t.Errorf("got %+v, want as it came in at %v: %+v", got, d.Clock.Now(), w)
	}
	for name, want := range map[string]string{
		"X-Twilio-Signature": "signed", "Content-Type": "application/x-www-form-urlencoded", "X-Hub-Signature-256": desktest.Signature,
		"Pult-Url": "", "Cookie": "",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s: got %q, want %q", name, v, want)
		}
	}
}

func TestAnswer_VendorWithoutOne_StatusOnly(t *testing.T) {
	d := desktest.New(t)
	for _, key := range []string{d.Channel.Key, "nowhere"} {
		if mime, body := d.Inbound.Answer(t.Context(), key, carrier.Webhook{}); mime != "" || body != "" {
			t.Errorf("%s: got %q %q, want nothing", key, mime, body)
		}
	}
}

// addSibling connects another product of the vendor under the account of the open channel.
func addSibling(t *testing.T, d *desktest.Desk) domain.Channel {
	t.Helper()
	c, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "sibling", Kind: domain.SMS, Driver: "other", Name: "sibling", Enabled: true, Account: d.Channel.Account,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAccept_SiblingProductOfTheAccount_GetsItsMessages(t *testing.T) {
	d := desktest.New(t)
	anna := desktest.Customer("Anna", "+420601234567")
	m := d.Text(d.Channel, anna, "by text message")
	m.Driver = "other"
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	if c := d.With(d.Channel, anna); c.LastMessage.Text != m.Text {
		t.Errorf("not connected: got %q, want the message where it came in", c.LastMessage.Text)
	}
	s := addSibling(t, d)
	m = d.Text(d.Channel, anna, "by text message again")
	m.Driver = "other"
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	if c := d.With(s, anna); c.LastMessage.Text != m.Text {
		t.Errorf("connected: got %q, want %q", c.LastMessage.Text, m.Text)
	}
}

func TestAccept_ReportNamesTheWrongProduct_ReachesTheMessage(t *testing.T) {
	d := desktest.New(t)
	addSibling(t, d)
	c := d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "good day"))
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	for _, s := range []carrier.InboundStatus{
		{Account: "100", Driver: "other", VendorID: "out-1", State: domain.StateDelivered, At: d.Clock.Now()},
		{Account: "100", Driver: "other", VendorID: "another id", Ours: sent[0].ID.String(), State: domain.StateRead, At: d.Clock.Now()},
	} {
		d.Post(d.Channel, carrier.Batch{Statuses: []carrier.InboundStatus{s}})
		m, err := d.Chats.ReadMessage(t.Context(), d.Jana, sent[0].ID)
		if err != nil || m.State != s.State {
			t.Errorf("got %s, %v, want %s", m.State, err, s.State)
		}
	}
}

func TestAccept_WrongSignatureAndUnknownAddressAreRefused(t *testing.T) {
	d := desktest.New(t)
	w := desktest.Webhook(carrier.Batch{})
	if err := d.Inbound.Accept(t.Context(), "nowhere", w); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v, want not found", err)
	}
	w.Header.Del("X-Hub-Signature-256")
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, w); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("got %v, want forbidden", err)
	}
}
