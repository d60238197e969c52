package desk_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/outbound"
	"pult/domain/desk/requests"
	"pult/internal/desktest"
)

func TestEverythingElse_OfAnotherTeamDoesNotExist(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, desktest.Bob, "tajné heslo lampa")
	m := d.Thread(c.ID)[0]
	r, err := d.Requests.Create(t.Context(), d.Petr, requests.Form{ConversationID: c.ID, MessageID: m.ID, Title: "Lampa"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.Files.Upload(t.Context(), d.Petr, c.ID, "a.txt", "text/plain", strings.NewReader("text"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, jana := t.Context(), d.Jana
	tries := map[string]func() error{
		"conversation": func() error { _, err := d.Chats.Read(ctx, jana, c.ID); return err },
		"messages":     func() error { _, err := d.Chats.ListMessages(ctx, jana, c.ID, chats.MessagesQuery{}); return err },
		"message":      func() error { _, err := d.Chats.ReadMessage(ctx, jana, m.ID); return err },
		"open":         func() error { return d.Chats.Open(ctx, jana, c.ID) },
		"unread":       func() error { return d.Chats.MarkUnread(ctx, jana, c.ID) },
		"retry":        func() error { return d.Outbound.Retry(ctx, jana, m.ID) },
		"react":        func() error { return d.Outbound.React(ctx, jana, m.ID, "👍") },
		"no reply":     func() error { return d.Chats.NoReplyNeeded(ctx, jana, c.ID, true) },
		"status":       func() error { return d.Chats.SetStatus(ctx, jana, c.ID, domain.StatusSpam) },
		"assign":       func() error { return d.Chats.Assign(ctx, jana, c.ID, jana.ID) },
		"draft":        func() error { return d.Chats.SaveDraft(ctx, jana, domain.Draft{ConversationID: c.ID, Text: "x"}) },
		"requests":     func() error { _, err := d.Requests.List(ctx, jana, c.ID, requests.Query{}); return err },
		"request":      func() error { _, err := d.Requests.Read(ctx, jana, r.ID); return err },
		"code":         func() error { _, err := d.Requests.ReadByCode(ctx, jana, r.Code()); return err },
		"new request": func() error {
			_, err := d.Requests.Create(ctx, jana, requests.Form{ConversationID: c.ID, Title: "x"})
			return err
		},
		"update request": func() error { _, err := d.Requests.Update(ctx, jana, r.ID, requests.Form{Title: "x"}); return err },
		"file message":   func() error { return d.Requests.FileMessage(ctx, jana, m.ID, r.ID, false) },
		"file":           func() error { _, _, err := d.Files.Open(ctx, jana, f.ID); return err },
		"drop upload":    func() error { return d.Files.DropUpload(ctx, jana, f.ID) },
		"upload": func() error {
			_, err := d.Files.Upload(ctx, jana, c.ID, "a.txt", "text/plain", strings.NewReader("t"))
			return err
		},
		"templates": func() error { _, err := d.Channels.ListTemplates(ctx, jana, d.Private.ID); return err },
		"contact":   func() error { _, err := d.Chats.ReadContact(ctx, jana, c.ContactID); return err },
		"start": func() error {
			_, err := d.Outbound.Start(ctx, jana, outbound.NewConversation{ID: d.NewID(), ChannelID: d.Private.ID, Number: "+420777000000"})
			return err
		},
	}
	for name, try := range tries {
		if err := try(); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s: got %v, want not found", name, err)
		}
	}
	found, err := d.Chats.Search(ctx, jana, chats.SearchQuery{Text: "lampa"})
	if err != nil || len(found.Messages)+len(found.Contacts)+len(found.Requests) != 0 {
		t.Errorf("search: got %+v, %v; want nothing", found, err)
	}
	if list, err := d.Chats.ListContacts(ctx, jana, "", 10); err != nil || len(list) != 0 {
		t.Errorf("contacts: got %v, %v; want none", list, err)
	}
	if s, err := d.Chats.Summarize(ctx, jana); err != nil || s.Waiting != 0 || len(s.Longest) != 0 {
		t.Errorf("summary: got %+v, %v; want nobody waiting", s, err)
	}
	if d.Connections.MaySeeEvent(ctx, jana, domain.Event{Kind: domain.EventMessageAdded, ChannelID: d.Private.ID}) {
		t.Error("the live stream would tell Jana of Petr's message")
	}
}
