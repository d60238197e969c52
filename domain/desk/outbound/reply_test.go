package outbound_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

func TestReply_FilesWithoutWords_TheTextGoesFirstByItself(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Page(), desktest.Claire, "Bonjour")
	f, err := d.Files.Upload(t.Context(), d.Jana, c.ID, "tasse.png", "image/png", strings.NewReader("\x89PNG\r\n\x1a\n"))
	if err != nil {
		t.Fatal(err)
	}
	sent, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{
		ID:             d.NewID(),
		ConversationID: c.ID,
		Text:           "La voici",
		Files:          []domain.ID{f.ID},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(sent) != 2 || sent[0].Kind != domain.KindText || sent[0].Text != "La voici" || sent[1].Kind != domain.KindImage ||
		sent[1].Text != "" {
		t.Errorf("got %+v, want the text and then the picture", sent)
	}
}

func answerAsJana(d *desktest.Desk, c domain.Conversation, text string) (domain.Message, error) {
	list, err := d.Outbound.Reply(d.T.Context(), d.Jana, d.NewReply(c.ID, text))
	if err != nil {
		return domain.Message{}, err
	}
	d.Settle()
	m, err := d.Chats.ReadMessage(d.T.Context(), d.Jana, list[0].ID)
	return m.Message, err
}

func TestReply_GoesOutAndClearsTheBeacon(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Clock.Move(90 * time.Second)
	m, err := answerAsJana(d, c, "  Dobrý den, pomůžeme.  ")
	if err != nil || m.State != domain.StateSent || m.VendorID != "out-1" || len(m.Attempts) != 1 {
		t.Fatalf("got %s, vendor id %q, %d attempts, %v; want sent, out-1, 1", m.State, m.VendorID, len(m.Attempts), err)
	}
	if sent := d.Vendor.Sent(); len(sent) != 1 || sent[0].Text != "Dobrý den, pomůžeme." || sent[0].To.Value != "+420777111222" {
		t.Errorf("the vendor got %+v", sent)
	}
	row := d.With(d.Channel, desktest.Anna)
	if row.IsWaiting() || row.Unread != 0 || row.Assignee != d.Jana.ID || row.LastOperator != d.Jana.ID ||
		row.FirstResponseIn != 90*time.Second {
		t.Errorf("got waits %v, unread %d, assignee %s, first response %v", row.IsWaiting(), row.Unread, row.Assignee, row.FirstResponseIn)
	}
	s, err := d.Chats.Summarize(t.Context(), d.Jana)
	if err != nil || s.LedToday != 1 || s.Waiting != 0 || s.Mine != 1 || s.FirstResponse != 90*time.Second {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestReply_SameIDTwiceIsOneMessage(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	r := d.NewReply(c.ID, "Jednou")
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
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Clock.Move(24 * time.Hour)
	if _, err := answerAsJana(d, c, "Pozdě"); err == nil || !strings.Contains(err.Error(), "error.window_closed") {
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
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	_, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{
		ID:             d.NewID(),
		ConversationID: c.ID,
		Template:       &outbound.TemplateChoice{Name: "sleva", Language: "cs"},
	})
	if err == nil || !strings.Contains(err.Error(), "template_not_approved") {
		t.Errorf("got %v, want template_not_approved", err)
	}
}

func TestReply_WhatCannotBeSentIsRefusedBeforeAnythingIsStored(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	for text, want := range map[string]string{"": "empty_message", " \n ": "empty_message", strings.Repeat("ř", 4097): "too_long"} {
		if _, err := answerAsJana(d, c, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.10q: got %v, want %s", text, err, want)
		}
	}
	if got := len(d.Thread(c.ID)); got != 1 {
		t.Errorf("got %d messages, want only the customer's", got)
	}
}

func TestReply_AnotherTeamsConversationDoesNotExist(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, desktest.Anna, "Jen pro Petra")
	if _, err := answerAsJana(d, c, "Ahoj"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v, want not found", err)
	}
}

func TestReply_FilesBecomeMessagesAndTheTextACaption(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Pošlete fotky")
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
	c := d.Say(d.Channel, desktest.Anna, "Pošlete fotku")
	f, err := d.Files.Upload(
		t.Context(),
		d.Jana,
		c.ID,
		"a.png",
		"image/png",
		strings.NewReader("\x89PNG\r\n\x1a\n"+strings.Repeat("p", 2000)),
	)
	if err != nil {
		t.Fatal(err)
	}
	var ids domain.IDs // two pages drawn in one millisecond
	first, second := ids.New(d.Clock.Now()), ids.New(d.Clock.Now())
	if list, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{
		ID:             first,
		ConversationID: c.ID,
		Text:           "Tady",
		Files:          []domain.ID{f.ID, f.ID},
	}); err != nil || len(list) != 2 {
		t.Fatalf("got %d messages, %v; want 2", len(list), err)
	}
	if list, err := d.Outbound.Reply(t.Context(), d.Petr, outbound.Reply{
		ID:             second,
		ConversationID: c.ID,
		Text:           "A já",
	}); err != nil || list[0].Text != "A já" {
		t.Errorf("got %+v, %v; want the second reply", list, err)
	}
}

func TestReply_TemplateTakesItsOwnValuesAndNoLongOnes(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
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
