package inbound_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

func TestReceive_FirstMessageMakesAConversationThatWaits(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	if c.Status != domain.StatusNew || !c.IsWaiting() || c.Unread != 1 || c.Number != 1 {
		t.Errorf("got status %s, waits %v, unread %d, number %d; want new, true, 1, 1", c.Status, c.IsWaiting(), c.Unread, c.Number)
	}
	if c.Name != "Anna Bílá" || c.Address != "+420777111222" || c.LastMessage.Text != "Dobrý den" {
		t.Errorf("got row %q %q %q", c.Name, c.Address, c.LastMessage.Text)
	}
}

func TestReceive_SameWebhookAgainChangesNothing(t *testing.T) {
	d := desktest.New(t)
	b := carrier.Batch{Messages: []carrier.InboundMessage{d.Text(d.Channel, desktest.Anna, "Jednou")}}
	d.Post(d.Channel, b)
	d.Post(d.Channel, b)
	c := d.With(d.Channel, desktest.Anna)
	if got := len(d.Thread(c.ID)); got != 1 || c.Unread != 1 {
		t.Errorf("got %d messages, %d unread, want 1, 1", got, c.Unread)
	}
}

func TestReceive_ResolvedConversationReopensClosedOneStaysFinal(t *testing.T) {
	d := desktest.New(t)
	first := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	if err := d.Chats.SetStatus(t.Context(), d.Jana, first.ID, domain.StatusResolved); err != nil {
		t.Fatal(err)
	}
	if again := d.Say(d.Channel, desktest.Anna, "Ještě něco"); again.ID != first.ID || again.Status != domain.StatusOpen {
		t.Errorf("got %s in status %s, want the same conversation open", again.ID, again.Status)
	}
	if err := d.Chats.SetStatus(t.Context(), d.Jana, first.ID, domain.StatusClosed); err != nil {
		t.Fatal(err)
	}
	if next := d.Say(d.Channel, desktest.Anna, "A znovu"); next.ID == first.ID || next.Number != first.Number+1 {
		t.Errorf("got conversation %d, want a new one after %d", next.Number, first.Number)
	}
}

func TestReceive_SenderWithoutNumberIsKnownByLaterNumber(t *testing.T) {
	d := desktest.New(t)
	hidden := carrier.Person{Username: "anna.b", Identities: []domain.Identity{{Kind: domain.UserIdentity, Scope: "wa", Value: "CZ.123"}}}
	first := d.Say(d.Channel, hidden, "Bez čísla")
	both := hidden
	both.Identities = append(both.Identities, desktest.Anna.Identities...)
	d.Say(d.Channel, both, "S číslem")
	if c := d.With(d.Channel, desktest.Anna); c.ID != first.ID {
		t.Errorf("got conversation %s, want %s", c.ID, first.ID)
	}
}

func TestReceive_ReactionSitsOnItsMessageAndIsRemoved(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, desktest.Anna, "Zpráva")
	react := func(emoji string) {
		r := d.Text(d.Channel, desktest.Anna, "r"+emoji)
		r.Kind, r.Text, r.Target, r.Emoji = domain.KindReaction, "", m.VendorID, emoji
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{r}})
	}
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	react("👍")
	if got := d.Thread(d.With(d.Channel, desktest.Anna).ID); len(got) != 1 || len(got[0].Reactions) != 1 ||
		got[0].Reactions[0].Emoji != "👍" {
		t.Fatalf("got %+v, want one message with 👍", got)
	}
	react("")
	if got := d.Thread(d.With(d.Channel, desktest.Anna).ID); len(got[0].Reactions) != 0 {
		t.Errorf("got %+v, want no reaction", got[0].Reactions)
	}
}

func TestReceive_EchoFromThePhoneStopsTheBeacon(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Anna, "Haló?")
	echo := d.Text(d.Channel, desktest.Anna, "Hned volám")
	echo.From = domain.ByPhone
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{echo}})
	c := d.With(d.Channel, desktest.Anna)
	if c.IsWaiting() || c.Unread != 0 || c.LastMessage.Direction != domain.Outgoing {
		t.Errorf("got waits %v, unread %d, last %s; want false, 0, out", c.IsWaiting(), c.Unread, c.LastMessage.Direction)
	}
}

func TestReceive_TimeAheadOrMissingIsTheTimeOfArrival(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)} {
		d := desktest.New(t)
		m := d.Text(d.Channel, desktest.Anna, "Kdy?")
		m.At = at
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
		c := d.With(d.Channel, desktest.Anna)
		if got, want := d.Thread(c.ID)[0].VendorAt, d.Clock.Now(); !got.Equal(want) || !c.LastInbound.Equal(want) {
			t.Errorf("%v: got message at %v, last inbound %v, want %v", at, got, c.LastInbound, want)
		}
	}
}

func TestReceive_NamesAreLegible(t *testing.T) {
	for given, want := range map[string]string{
		"\u202egpj.\u2066Anna": "gpj.Anna", "A\x00n\nna": "An na", " \u200b\u200d\ufeff ": "+420777111222",
		"👩\u200d👧 Anna": "👩\u200d👧 Anna", "آنا": "آنا",
	} {
		d := desktest.New(t)
		who := desktest.Anna
		who.Name = given
		if got := d.Say(d.Channel, who, "x").Name; got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

func TestOpens_ReactionAndReferralOpenTheWindow(t *testing.T) {
	d := desktest.New(t)
	page := d.Page()
	c := d.Say(page, desktest.Claire, "Bonjour")
	m := d.Answer(d.Jana, c.ID, "Bonjour Claire")
	d.Clock.Move(10 * 24 * time.Hour)
	reaction := d.Text(page, desktest.Claire, "")
	reaction.Kind, reaction.Target, reaction.Emoji, reaction.Opens = domain.KindReaction, m.VendorID, "👍", true
	d.Post(page, carrier.Batch{Messages: []carrier.InboundMessage{reaction}})
	if got := d.With(page, desktest.Claire); !got.LastInbound.Equal(reaction.At) || got.IsWaiting() {
		t.Errorf("reaction: got last inbound %v, waits %v, want it open and nobody waiting", got.LastInbound, got.IsWaiting())
	}
	d.Clock.Move(10 * 24 * time.Hour)
	line := d.Text(page, desktest.Claire, "flyer")
	line.Kind, line.Key, line.Opens = domain.KindSystem, "provider.messenger.line.referral", true
	d.Post(page, carrier.Batch{Messages: []carrier.InboundMessage{line}})
	if got := d.With(page, desktest.Claire); !got.LastInbound.Equal(line.At) || got.IsWaiting() {
		t.Errorf("referral: got last inbound %v, waits %v, want it open and nobody waiting", got.LastInbound, got.IsWaiting())
	}
}

// A customer tells that they have another number; later they go back to the first one.
func TestReceive_NewNumberIsTheOneThatIsShownAndAnswered(t *testing.T) {
	d := desktest.New(t)
	old, new := desktest.Customer("", "+420777300105"), desktest.Customer("", "+420777300106")
	first := d.Say(d.Channel, old, "Ještě ze starého čísla.")
	change := func(from, to carrier.Person) {
		in := d.Text(d.Channel, from, "")
		in.Kind, in.Key, in.Renamed = domain.KindSystem, "provider.system.number_changed", &to
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{in}})
	}
	shows := func(when, number string) {
		t.Helper()
		c := d.With(d.Channel, old)
		if c.ID != first.ID || c.Address != number || c.Name != number || c.To.Value != number {
			t.Errorf("%s: got %q %q, answers to %q, want %s of the same conversation", when, c.Name, c.Address, c.To.Value, number)
		}
		contact, err := d.Chats.ReadContact(t.Context(), d.Jana, c.ContactID)
		if err != nil || contact.Phone() != number {
			t.Errorf("%s: the contact's number is %s, %v, want %s", when, contact.Phone(), err, number)
		}
	}
	change(old, new)
	shows("after the change", "+420777300106")
	d.Say(d.Channel, new, "Už z nového.")
	shows("after a message", "+420777300106")
	change(new, old)
	shows("after going back", "+420777300105")
}
