package desk_test

import (
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

var anna = desktest.Customer("Anna Bílá", "+420777111222")

func TestReceive_FirstMessageMakesAConversationThatWaits(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	if c.Status != domain.StatusNew || !c.IsWaiting() || c.Unread != 1 || c.Number != 1 {
		t.Errorf("got status %s, waits %v, unread %d, number %d; want new, true, 1, 1", c.Status, c.IsWaiting(), c.Unread, c.Number)
	}
	if c.Name != "Anna Bílá" || c.Address != "+420777111222" || c.LastMessage.Text != "Dobrý den" {
		t.Errorf("got row %q %q %q", c.Name, c.Address, c.LastMessage.Text)
	}
}

func TestReceive_SameWebhookAgainChangesNothing(t *testing.T) {
	d := desktest.New(t)
	b := carrier.Batch{Messages: []carrier.InboundMessage{d.Text(d.Channel, anna, "Jednou")}}
	d.Post(d.Channel, b)
	d.Post(d.Channel, b)
	c := d.With(d.Channel, anna)
	if got := len(d.Thread(c.ID)); got != 1 || c.Unread != 1 {
		t.Errorf("got %d messages, %d unread, want 1, 1", got, c.Unread)
	}
}

func TestReceive_LargeBatchIsStoredWholeAndInOrder(t *testing.T) {
	d := desktest.New(t)
	var b carrier.Batch
	for range 60 {
		m := d.Text(d.Channel, anna, strings.Repeat("slovo ", 40)+"konec "+string(rune('A'+len(b.Messages)%26)))
		m.VendorID = m.VendorID + string(rune(len(b.Messages)))
		b.Messages = append(b.Messages, m)
	}
	d.Post(d.Channel, b)
	thread := d.Thread(d.With(d.Channel, anna).ID)
	if len(thread) != 60 {
		t.Fatalf("got %d messages, want 60", len(thread))
	}
	for i, m := range thread {
		if want := string(rune('A' + i%26)); !strings.HasSuffix(m.Text, want) {
			t.Fatalf("message %d ends %q, want %q", i, m.Text[len(m.Text)-1:], want)
		}
	}
}

func TestReceive_ResolvedConversationReopensClosedOneStaysFinal(t *testing.T) {
	d := desktest.New(t)
	first := d.Say(d.Channel, anna, "Dobrý den")
	if err := d.Chats.SetStatus(t.Context(), d.Jana, first.ID, domain.StatusResolved); err != nil {
		t.Fatal(err)
	}
	if again := d.Say(d.Channel, anna, "Ještě něco"); again.ID != first.ID || again.Status != domain.StatusOpen {
		t.Errorf("got %s in status %s, want the same conversation open", again.ID, again.Status)
	}
	if err := d.Chats.SetStatus(t.Context(), d.Jana, first.ID, domain.StatusClosed); err != nil {
		t.Fatal(err)
	}
	if next := d.Say(d.Channel, anna, "A znovu"); next.ID == first.ID || next.Number != first.Number+1 {
		t.Errorf("got conversation %d, want a new one after %d", next.Number, first.Number)
	}
}

func TestReceive_SenderWithoutNumberIsKnownByLaterNumber(t *testing.T) {
	d := desktest.New(t)
	hidden := carrier.Person{Username: "anna.b", Identities: []domain.Identity{{Kind: domain.UserIdentity, Scope: "wa", Value: "CZ.123"}}}
	first := d.Say(d.Channel, hidden, "Bez čísla")
	both := hidden
	both.Identities = append(both.Identities, anna.Identities...)
	d.Say(d.Channel, both, "S číslem")
	if c := d.With(d.Channel, anna); c.ID != first.ID {
		t.Errorf("got conversation %s, want %s", c.ID, first.ID)
	}
}

func TestReceive_ReactionSitsOnItsMessageAndIsRemoved(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, anna, "Zpráva")
	react := func(emoji string) {
		r := d.Text(d.Channel, anna, "r"+emoji)
		r.Kind, r.Text, r.Target, r.Emoji = domain.KindReaction, "", m.VendorID, emoji
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{r}})
	}
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	react("👍")
	if got := d.Thread(d.With(d.Channel, anna).ID); len(got) != 1 || len(got[0].Reactions) != 1 || got[0].Reactions[0].Emoji != "👍" {
		t.Fatalf("got %+v, want one message with 👍", got)
	}
	react("")
	if got := d.Thread(d.With(d.Channel, anna).ID); len(got[0].Reactions) != 0 {
		t.Errorf("got %+v, want no reaction", got[0].Reactions)
	}
}

func TestReceive_EchoFromThePhoneStopsTheBeacon(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, anna, "Haló?")
	echo := d.Text(d.Channel, anna, "Hned volám")
	echo.From = domain.ByPhone
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{echo}})
	c := d.With(d.Channel, anna)
	if c.IsWaiting() || c.Unread != 0 || c.LastMessage.Direction != domain.Outgoing {
		t.Errorf("got waits %v, unread %d, last %s; want false, 0, out", c.IsWaiting(), c.Unread, c.LastMessage.Direction)
	}
}

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

func TestReceive_ItemForAnotherNumberGoesToItsChannel(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Private, anna, "Pro druhé číslo")
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	if c := d.With(d.Private, anna); c.ChannelID != d.Private.ID {
		t.Errorf("got channel %s, want %s", c.ChannelID, d.Private.ID)
	}
}

func TestReceive_LongWebhookSurvivesTheLimitOfAValue(t *testing.T) {
	d := desktest.New(t)
	var b carrier.Batch
	for i := range 40 {
		m := d.Text(d.Channel, anna, "dlouhá")
		m.VendorID += string(rune('0' + i))
		m.Raw = []byte(strings.Repeat("x", 20<<10))
		b.Messages = append(b.Messages, m)
	}
	d.Post(d.Channel, b)
	if got := len(d.Thread(d.With(d.Channel, anna).ID)); got != 40 {
		t.Errorf("got %d messages, want 40", got)
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

func TestStatus_AnyOrderEndsAtTheFurthest(t *testing.T) {
	for _, order := range [][]domain.MessageState{
		{domain.StateSent, domain.StateDelivered, domain.StateRead},
		{domain.StateRead, domain.StateSent, domain.StateDelivered},
		{domain.StateDelivered, domain.StateRead, domain.StateRead, domain.StateSent},
	} {
		d := desktest.New(t)
		c := d.Say(d.Channel, anna, "Dotaz")
		sent, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "Odpověď"})
		if err != nil {
			t.Fatal(err)
		}
		d.Settle()
		for _, s := range order {
			d.Post(d.Channel, carrier.Batch{Statuses: []carrier.InboundStatus{{Account: "100", VendorID: "out-1", State: s, At: d.Clock.Now()}}})
		}
		m, err := d.Chats.ReadMessage(t.Context(), d.Jana, sent[0].ID)
		if err != nil || m.State != domain.StateRead {
			t.Errorf("%v: got %s, %v; want read", order, m.State, err)
		}
		if row := d.With(d.Channel, anna); row.LastMessage.State != domain.StateRead {
			t.Errorf("%v: the table shows %s, want read", order, row.LastMessage.State)
		}
	}
}

func TestStatus_BeforeTheSendIsAnsweredIsNotLost(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dotaz")
	d.Vendor.Answer(func(m carrier.Outgoing) (carrier.Receipt, error) {
		early := carrier.InboundStatus{Account: "100", VendorID: "early", State: domain.StateDelivered, At: d.Clock.Now()}
		if err := d.Inbound.Accept(t.Context(), d.Channel.Key, desktest.Webhook(carrier.Batch{Statuses: []carrier.InboundStatus{early}})); err != nil {
			t.Error(err)
		}
		return carrier.Receipt{VendorID: "early"}, nil
	})
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "Odpověď"})
	if err != nil {
		t.Fatal(err)
	}
	d.Settle()
	d.Settle()
	if m, err := d.Chats.ReadMessage(t.Context(), d.Jana, sent[0].ID); err != nil || m.State != domain.StateDelivered {
		t.Errorf("got %s, %v; want delivered", m.State, err)
	}
}

func TestFetch_FileIsStoredOrFailsWithAWayToTryAgain(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, anna, "")
	m.Kind, m.Attachments = domain.KindImage, []domain.Attachment{{State: domain.FileFetching, VendorID: "photo", MIME: "image/png"}}
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	got := d.Thread(d.With(d.Channel, anna).ID)[0]
	if a := got.Attachments[0]; a.State != domain.FileFailed || a.Failure == nil || a.Failure.Key != "provider.media_expired" {
		t.Fatalf("got %+v, want failed with the vendor's reason", a)
	}
	d.Vendor.Keep("photo", "\x89PNG\r\n\x1a\n"+strings.Repeat("p", 300<<10))
	if err := d.Files.FetchAgain(t.Context(), d.Jana, got.ID, 0); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	a := d.Thread(got.ConversationID)[0].Attachments[0]
	if a.State != domain.FileStored || a.MIME != "image/png" || a.Name != "image.png" {
		t.Fatalf("got %+v, want stored as image.png", a)
	}
	f, r, err := d.Files.Open(t.Context(), d.Jana, a.FileID)
	if err != nil {
		t.Fatal(err)
	}
	if end, err := r.Seek(-1, 2); err != nil || end != f.Size-1 {
		t.Errorf("got %d, %v; want the last byte of %d", end, err, f.Size)
	}
}

func TestWindow_OpensWithTheCustomersTime(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, anna, "Včera")
	m.At = d.Clock.Now().Add(-25 * time.Hour)
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
	c := d.With(d.Channel, anna)
	_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "Pozdě"})
	if domain.KindOf(err) != domain.Invalid || !strings.Contains(err.Error(), "window_closed") {
		t.Errorf("got %v, want window_closed", err)
	}
}

func TestReceive_TimeAheadOrMissingIsTheTimeOfArrival(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)} {
		d := desktest.New(t)
		m := d.Text(d.Channel, anna, "Kdy?")
		m.At = at
		d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}})
		c := d.With(d.Channel, anna)
		if got, want := d.Thread(c.ID)[0].VendorAt, d.Clock.Now(); !got.Equal(want) || !c.LastInbound.Equal(want) {
			t.Errorf("%v: got message at %v, last inbound %v, want %v", at, got, c.LastInbound, want)
		}
	}
}

func TestReceive_ItemThatCannotBeStoredIsParkedWithoutItsNeighbours(t *testing.T) {
	d := desktest.New(t)
	var b carrier.Batch
	for _, text := range []string{"před", strings.Repeat("x", 300<<10), "po"} {
		m := d.Text(d.Channel, anna, text)
		m.VendorID = text[:2]
		b.Messages = append(b.Messages, m)
	}
	b.Unknown = []carrier.Unknown{{What: "new", Raw: []byte("{}")}}
	d.Post(d.Channel, b)
	if got := len(d.Thread(d.With(d.Channel, anna).ID)); got != 2 {
		t.Errorf("got %d messages, want the two that fit", got)
	}
	if parked, err := d.Inbound.ListParked(t.Context(), d.Eva); err != nil || len(parked) != 2 {
		t.Errorf("got %d parked, %v; want the long message and the unknown part", len(parked), err)
	}
}

func TestReceive_EveryPartThatIsNotUnderstoodIsParked(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, anna, "Pro cizí číslo")
	m.Account = "nobody's"
	d.Post(d.Channel, carrier.Batch{Messages: []carrier.InboundMessage{m}, Unknown: []carrier.Unknown{{What: "new", Raw: []byte("{}")}}})
	if parked, err := d.Inbound.ListParked(t.Context(), d.Eva); err != nil || len(parked) != 2 {
		t.Errorf("got %d parked, %v; want 2", len(parked), err)
	}
}

func TestReceive_NamesAreLegible(t *testing.T) {
	for given, want := range map[string]string{
		"\u202egpj.\u2066Anna": "gpj.Anna", "A\x00n\nna": "An na", " \u200b\u200d\ufeff ": "+420777111222",
		"👩\u200d👧 Anna": "👩\u200d👧 Anna", "آنا": "آنا",
	} {
		d := desktest.New(t)
		who := anna
		who.Name = given
		if got := d.Say(d.Channel, who, "x").Name; got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
