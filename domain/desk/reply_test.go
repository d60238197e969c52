package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

func answer(d *desktest.Desk, c domain.Conversation, text string) (domain.Message, error) {
	list, err := d.Outbound.Reply(d.T.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: text})
	if err != nil {
		return domain.Message{}, err
	}
	d.Settle()
	m, err := d.Chats.ReadMessage(d.T.Context(), d.Jana, list[0].ID)
	return m.Message, err
}

func TestReply_GoesOutAndClearsTheBeacon(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	d.Clock.Move(90 * time.Second)
	m, err := answer(d, c, "  Dobrý den, pomůžeme.  ")
	if err != nil || m.State != domain.StateSent || m.VendorID != "out-1" || len(m.Attempts) != 1 {
		t.Fatalf("got %s, vendor id %q, %d attempts, %v; want sent, out-1, 1", m.State, m.VendorID, len(m.Attempts), err)
	}
	if sent := d.Vendor.Sent(); len(sent) != 1 || sent[0].Text != "Dobrý den, pomůžeme." || sent[0].To.Value != "+420777111222" {
		t.Errorf("the vendor got %+v", sent)
	}
	row := d.With(d.Channel, anna)
	if row.IsWaiting() || row.Unread != 0 || row.Assignee != d.Jana.ID || row.LastOperator != d.Jana.ID || row.FirstResponseIn != 90*time.Second {
		t.Errorf("got waits %v, unread %d, assignee %s, first response %v", row.IsWaiting(), row.Unread, row.Assignee, row.FirstResponseIn)
	}
	s, err := d.Chats.Summarize(t.Context(), d.Jana)
	if err != nil || s.LedToday != 1 || s.Waiting != 0 || s.Mine != 1 || s.FirstResponse != 90*time.Second {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestReply_SameIDTwiceIsOneMessage(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	r := outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "Jednou"}
	for range 3 {
		if _, err := d.Outbound.Reply(t.Context(), d.Jana, r); err != nil {
			t.Fatal(err)
		}
	}
	d.Settle()
	if got := len(d.Vendor.Sent()); got != 1 {
		t.Errorf("the vendor got %d messages, want 1", got)
	}
}

func TestReply_WindowClosedLocksTextAndLeavesTemplates(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	d.Clock.Move(24 * time.Hour)
	if _, err := answer(d, c, "Pozdě"); err == nil || !strings.Contains(err.Error(), "error.window_closed") {
		t.Errorf("got %v, want window_closed", err)
	}
	choice := &outbound.TemplateChoice{Name: "pripominka", Language: "cs", Values: map[string]string{"body:1": "Anno"}}
	_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Template: choice})
	var refusal *domain.Error
	if !errors.As(err, &refusal) || refusal.Fields["body:2"] == "" {
		t.Fatalf("got %v, want the missing variable named", err)
	}
	choice.Values["body:2"] = "10:00"
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Template: choice}); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if sent := d.Vendor.Sent(); len(sent) != 1 || sent[0].Template == nil || sent[0].Template.Values["body:2"] != "10:00" {
		t.Errorf("the vendor got %+v", sent)
	}
}

func TestReply_TemplateNotApprovedIsRefused(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Template: &outbound.TemplateChoice{Name: "sleva", Language: "cs"}})
	if err == nil || !strings.Contains(err.Error(), "template_not_approved") {
		t.Errorf("got %v, want template_not_approved", err)
	}
}

func TestReply_WhatCannotBeSentIsRefusedBeforeAnythingIsStored(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	for text, want := range map[string]string{"": "empty_message", " \n ": "empty_message", strings.Repeat("ř", 4097): "too_long"} {
		if _, err := answer(d, c, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q: got %v, want %s", text, err, want)
		}
	}
	if got := len(d.Thread(c.ID)); got != 1 {
		t.Errorf("got %d messages, want only the customer's", got)
	}
}

func TestReply_AnotherTeamsConversationDoesNotExist(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, anna, "Jen pro Petra")
	if _, err := answer(d, c, "Ahoj"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v, want not found", err)
	}
}

func TestDeliver_TemporaryFailureIsTriedAgainInOrder(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	})
	first, err := answer(d, c, "První")
	if err != nil || first.State != domain.StateQueued {
		t.Fatalf("got %s, %v; want queued", first.State, err)
	}
	if _, err := answer(d, c, "Druhá"); err != nil {
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

func TestDeliver_LastTryFailsTheMessageAndTheCustomerWaitsAgain(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	})
	m, err := answer(d, c, "Marně")
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		d.Clock.Move(time.Hour)
		d.Settle()
	}
	got, err := d.Chats.ReadMessage(t.Context(), d.Jana, m.ID)
	if err != nil || got.State != domain.StateFailed || len(got.Attempts) != 8 || !got.CanRetry {
		t.Errorf("got %s after %d attempts, retry %v, %v; want failed, 8, true", got.State, len(got.Attempts), got.CanRetry, err)
	}
	if row := d.With(d.Channel, anna); !row.IsWaiting() {
		t.Error("the beacon is dark although the customer got no answer")
	}
}

func TestDeliver_UncertainIsNotRepeatedUntilAPersonSaysSo(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
	})
	m, err := answer(d, c, "Možná")
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
	c := d.Say(d.Channel, anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) { return carrier.Receipt{}, errors.New("cut") })
	m, err := answer(d, c, "Možná")
	if err != nil || m.State != domain.StateUncertain {
		t.Fatalf("got %s, %v; want uncertain", m.State, err)
	}
	d.Post(d.Channel, carrier.Batch{Statuses: []carrier.InboundStatus{{Account: "100", VendorID: "wamid.X", Ours: m.ID.String(), State: domain.StateDelivered, At: d.Clock.Now()}}})
	if got, _ := d.Chats.ReadMessage(t.Context(), d.Jana, m.ID); got.State != domain.StateDelivered || got.VendorID != "wamid.X" {
		t.Errorf("got %s %q, want delivered wamid.X", got.State, got.VendorID)
	}
}

func TestDeliver_LateFailureOfAnEarlierTryDoesNotSpeakForTheNext(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	m, err := answer(d, c, "Poprvé")
	if err != nil {
		t.Fatal(err)
	}
	fail := carrier.Batch{Statuses: []carrier.InboundStatus{{Account: "100", VendorID: "out-1", State: domain.StateFailed, At: d.Clock.Now(), Failure: &domain.Failure{Code: "131000"}}}}
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

func TestReply_FilesBecomeMessagesAndTheTextACaption(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Pošlete fotky")
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("p", 2000)
	var files []domain.ID
	for _, name := range []string{"a.png", `C:\tmp\b.png`} {
		f, err := d.Files.Upload(t.Context(), d.Jana, c.ID, name, "image/png", strings.NewReader(png))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f.ID)
	}
	list, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Text: "Tady jsou", Files: files})
	if err != nil || len(list) != 2 {
		t.Fatalf("got %d messages, %v; want 2", len(list), err)
	}
	d.Settle()
	sent := d.Vendor.Sent()
	if len(sent) != 2 || sent[0].Text != "Tady jsou" || sent[1].Text != "" || sent[1].Media.Name != "b.png" {
		t.Errorf("the vendor got %+v", sent)
	}
}

func TestReply_NextIDIsNotAPartOfTheOneBefore(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Pošlete fotku")
	f, err := d.Files.Upload(t.Context(), d.Jana, c.ID, "a.png", "image/png", strings.NewReader("\x89PNG\r\n\x1a\n"+strings.Repeat("p", 2000)))
	if err != nil {
		t.Fatal(err)
	}
	var ids domain.IDs // two pages drawn in one millisecond
	first, second := ids.New(d.Clock.Now()), ids.New(d.Clock.Now())
	if list, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{ID: first, ConversationID: c.ID, Text: "Tady", Files: []domain.ID{f.ID, f.ID}}); err != nil || len(list) != 2 {
		t.Fatalf("got %d messages, %v; want 2", len(list), err)
	}
	if list, err := d.Outbound.Reply(t.Context(), d.Petr, outbound.Reply{ID: second, ConversationID: c.ID, Text: "A já"}); err != nil || list[0].Text != "A já" {
		t.Errorf("got %+v, %v; want the second reply", list, err)
	}
}

func TestUpload_WhatTheChannelDoesNotTakeIsRefused(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	cases := []struct{ name, mime, content, want string }{
		{"x.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file_type"},
		{"x.png", "image/png", "<html><script>alert(1)</script>", "file_type"},
		{"big.png", "image/png", "\x89PNG\r\n\x1a\n" + strings.Repeat("p", 65<<10), "file_size"},
	}
	for _, tc := range cases {
		if _, err := d.Files.Upload(t.Context(), d.Jana, c.ID, tc.name, tc.mime, strings.NewReader(tc.content)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
	if _, err := d.Files.Upload(t.Context(), d.Petr, d.Say(d.Private, anna, "x").ID, "a.txt", "text/plain", strings.NewReader("text")); err != nil {
		t.Errorf("got %v, want a text file taken", err)
	}
}

func TestReply_TemplateTakesItsOwnValuesAndNoLongOnes(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Dobrý den")
	choice := &outbound.TemplateChoice{Name: "pripominka", Language: "cs", Values: map[string]string{
		"body:1": strings.Repeat("a", 300<<10), "body:2": "10:00", "junk": strings.Repeat("x", 300<<10),
	}}
	r := outbound.Reply{ID: d.NewID(), ConversationID: c.ID, Template: choice}
	var refusal *domain.Error
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, r); !errors.As(err, &refusal) || refusal.Fields["body:1"] != "error.field.too_long" {
		t.Fatalf("got %v, want the long value named", err)
	}
	choice.Values["body:1"] = "Anno"
	if list, err := d.Outbound.Reply(t.Context(), d.Jana, r); err != nil || len(list[0].Template.Values) != 2 {
		t.Errorf("got %+v, %v; want a message with the template's two values", list, err)
	}
}
