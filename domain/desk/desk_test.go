package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/outbound"
	"pult/domain/desk/people"
	"pult/domain/desk/requests"
	"pult/internal/desktest"
)

var bob = desktest.Customer("Bob Černý", "+420605998121")

func TestChats_AnotherTeamsConversationsDoNotAppear(t *testing.T) {
	d := desktest.New(t)
	open := d.Say(d.Channel, anna, "zelená konvice")
	secret := d.Say(d.Private, bob, "zelená lampa")
	for _, q := range []chats.Query{{}, {View: "waiting"}, {View: "unassigned"}, {Sort: "number"}, {Sort: "name"}, {Text: "zelena"}, {Text: "Bob"}, {Status: domain.StatusNew}} {
		got := ids(t, d, d.Jana, q)
		if slices.Contains(got, secret.ID) {
			t.Errorf("%+v: Jana sees Petr's conversation", q)
		}
		if q.Text != "Bob" && !slices.Contains(got, open.ID) {
			t.Errorf("%+v: the open conversation is missing", q)
		}
		if all := ids(t, d, d.Petr, q); !slices.Contains(all, secret.ID) {
			t.Errorf("%+v: Petr does not see his own conversation", q)
		}
	}
}

func ids(t *testing.T, d *desktest.Desk, who *domain.Operator, q chats.Query) (list []domain.ID) {
	t.Helper()
	page, err := d.Chats.List(t.Context(), who, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Rows {
		list = append(list, r.ID)
	}
	return list
}

func TestEverythingElse_OfAnotherTeamDoesNotExist(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, bob, "tajné heslo lampa")
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
		"requests":     func() error { _, err := d.Requests.List(ctx, jana, c.ID, domain.RequestFilter{}); return err },
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

func TestChats_PagesGoThroughEverythingOnce(t *testing.T) {
	d := desktest.New(t)
	want := map[domain.ID]bool{}
	for i := range 23 {
		d.Clock.Move(time.Minute)
		channel := d.Channel
		if i%3 == 0 {
			channel = d.Private
		}
		want[d.Say(channel, desktest.Customer("Zákazník", "+4207770000"+string(rune('0'+i/10))+string(rune('0'+i%10))), "Dotaz").ID] = true
	}
	for _, q := range []chats.Query{{}, {Ascending: true}, {Sort: "number"}, {Sort: "name"}, {Sort: "waiting"}, {View: "unassigned"}, {Text: "Dotaz"}} {
		q.Limit = 5
		seen := map[domain.ID]bool{}
		for pages := 0; ; pages++ {
			page, err := d.Chats.List(t.Context(), d.Petr, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				if seen[r.ID] {
					t.Fatalf("%+v: conversation %d twice", q, r.Number)
				}
				seen[r.ID] = true
			}
			if page.Next == "" {
				break
			}
			if q.Cursor = page.Next; pages > 20 {
				t.Fatalf("%+v: no end", q)
			}
		}
		if len(seen) != len(want) {
			t.Errorf("%+v: got %d conversations, want %d", q, len(seen), len(want))
		}
	}
}

func TestChats_WaitingIsLongestFirstAndMineIsMine(t *testing.T) {
	d := desktest.New(t)
	first := d.Say(d.Channel, anna, "První")
	d.Clock.Move(time.Minute)
	second := d.Say(d.Channel, bob, "Druhý")
	if got := ids(t, d, d.Jana, chats.Query{View: "waiting"}); !slices.Equal(got, []domain.ID{first.ID, second.ID}) {
		t.Errorf("got %v, want the longest waiting first", got)
	}
	if err := d.Chats.Assign(t.Context(), d.Jana, second.ID, d.Jana.ID); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, d, d.Jana, chats.Query{View: "mine"}); !slices.Equal(got, []domain.ID{second.ID}) {
		t.Errorf("got %v, want only the assigned one", got)
	}
	if got := ids(t, d, d.Jana, chats.Query{View: "unassigned"}); !slices.Equal(got, []domain.ID{first.ID}) {
		t.Errorf("got %v, want only the other one", got)
	}
}

func TestChats_SearchLooksOnlyIntoTheChosenColumns(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "objednávka nedorazila")
	for _, tc := range []struct {
		text    string
		columns []string
		found   bool
	}{
		{"objednavka", nil, true}, {"bila", nil, true}, {"111222", []string{"participant"}, true},
		{"objednavka", []string{"participant"}, false}, {"1", []string{"number"}, true}, {"shop", []string{"source"}, true},
	} {
		got := ids(t, d, d.Jana, chats.Query{Text: tc.text, Columns: tc.columns})
		if slices.Contains(got, c.ID) != tc.found {
			t.Errorf("%q in %v: found %v, want %v", tc.text, tc.columns, !tc.found, tc.found)
		}
	}
}

func TestNoReplyNeeded_ClearsTheBeaconAndKeepsTheStatus(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Děkuji!")
	if err := d.Chats.NoReplyNeeded(t.Context(), d.Jana, c.ID, true); err != nil {
		t.Fatal(err)
	}
	if row := d.With(d.Channel, anna); row.IsWaiting() || row.Status != domain.StatusNew {
		t.Errorf("got waits %v, %s; want false, new", row.IsWaiting(), row.Status)
	}
	if err := d.Chats.NoReplyNeeded(t.Context(), d.Jana, c.ID, false); err != nil {
		t.Fatal(err)
	}
	if row := d.With(d.Channel, anna); !row.IsWaiting() {
		t.Error("the beacon stays dark after the tick was taken back")
	}
}

func TestRequest_MadeFromAMessageFilesIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Zásilka je poškozená")
	m := d.Thread(c.ID)[0]
	r, err := d.Requests.Create(t.Context(), d.Jana, requests.Form{ConversationID: c.ID, MessageID: m.ID, Title: "Poškozená zásilka", Company: "Bellevue", Tags: []string{"reklamace", "Reklamace", " "}})
	if err != nil || r.Code() != "P-1" || r.Company != "Bellevue" || !slices.Equal(r.Tags, []string{"reklamace"}) {
		t.Fatalf("got %+v, %v", r, err)
	}
	got := d.Thread(c.ID)[0]
	if len(got.Requests) != 1 || got.Requests[0].Code != "P-1" {
		t.Errorf("got chips %+v, want P-1", got.Requests)
	}
	if err := d.Requests.FileMessage(t.Context(), d.Jana, m.ID, r.ID, false); err != nil {
		t.Fatal(err)
	}
	if stored, err := d.Requests.Read(t.Context(), d.Jana, r.ID); err != nil || stored.MessageCount != 0 {
		t.Errorf("got %d messages, %v; want none after taking it out", stored.MessageCount, err)
	}
	if list, err := d.Requests.List(t.Context(), d.Jana, c.ID, domain.RequestFilter{Text: "poskozena"}); err != nil || len(list) != 1 {
		t.Errorf("got %d requests, %v; want 1 by a folded word", len(list), err)
	}
}

func TestRequest_WithoutTitleNamesTheField(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "x")
	_, err := d.Requests.Create(t.Context(), d.Jana, requests.Form{ConversationID: c.ID})
	if domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestRequest_AssignedOnlyToSomebodyWhoMaySeeIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, bob, "x")
	form := requests.Form{ConversationID: c.ID, Title: "x"}
	r, err := d.Requests.Create(t.Context(), d.Petr, form)
	if err != nil {
		t.Fatal(err)
	}
	for _, nobody := range []domain.ID{d.Jana.ID, c.ID} {
		form.Assignee = nobody
		if _, err := d.Requests.Create(t.Context(), d.Petr, form); domain.KindOf(err) != domain.Invalid {
			t.Errorf("new: got %v, want invalid", err)
		}
		if _, err := d.Requests.Update(t.Context(), d.Petr, r.ID, form); domain.KindOf(err) != domain.Invalid {
			t.Errorf("changed: got %v, want invalid", err)
		}
	}
	form.Assignee = d.Petr.ID
	if r, err = d.Requests.Update(t.Context(), d.Petr, r.ID, form); err != nil || r.Assignee != d.Petr.ID {
		t.Errorf("got %s, %v; want Petr", r.Assignee, err)
	}
}

func TestAssign_OnlyToSomebodyWhoMaySeeIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, bob, "x")
	if err := d.Chats.Assign(t.Context(), d.Petr, c.ID, d.Jana.ID); domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestOperators_LastAdministratorStays(t *testing.T) {
	d := desktest.New(t)
	form := people.OperatorForm{Name: "Eva", Email: d.Eva.Email, Role: domain.RoleAdministrator, Active: false}
	if err := d.People.UpdateOperator(t.Context(), d.Eva, d.Eva.ID, form); domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want conflict", err)
	}
	if err := d.People.UpdateOperator(t.Context(), d.Jana, d.Petr.ID, form); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("got %v, want forbidden", err)
	}
}

func TestOpen_ClearsUnreadTellsTheVendorAndOpensTheTab(t *testing.T) {
	d := desktest.New(t)
	m := d.Text(d.Channel, anna, "Dobrý den")
	c := d.Say(d.Channel, anna, m.Text)
	if err := d.Chats.Open(t.Context(), d.Jana, c.ID); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if got := d.Vendor.ReadReceipts(); len(got) != 1 {
		t.Errorf("got %d receipts, want 1", len(got))
	}
	tabs, err := d.Chats.ListTabs(t.Context(), d.Jana)
	if err != nil || len(tabs) != 1 || tabs[0].Unread != 0 {
		t.Errorf("got %+v, %v; want one tab with nothing unread", tabs, err)
	}
	if err := d.Chats.CloseTab(t.Context(), d.Jana, c.ID); err != nil {
		t.Fatal(err)
	}
	if tabs, _ := d.Chats.ListTabs(t.Context(), d.Jana); len(tabs) != 0 {
		t.Errorf("got %d tabs, want none", len(tabs))
	}
}

func TestStart_NewNumberGetsATemplateInANewConversation(t *testing.T) {
	d := desktest.New(t)
	s := outbound.NewConversation{ID: d.NewID(), ChannelID: d.Channel.ID, Number: "+420777333444", Template: outbound.TemplateChoice{Name: "pripominka", Language: "cs", Values: map[string]string{"body:1": "Ivo", "body:2": "9:30"}}}
	first, err := d.Outbound.Start(t.Context(), d.Jana, s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Outbound.Start(t.Context(), d.Jana, s)
	d.Settle()
	if err != nil || again != first || len(d.Vendor.Sent()) != 1 {
		t.Errorf("got %s then %s with %d sends, %v; want the same conversation and one send", first, again, len(d.Vendor.Sent()), err)
	}
	if got := d.Thread(first)[0].Text; got != "Dobrý den Ivo, čekáme vás v 9:30." {
		t.Errorf("got %q", got)
	}
}

func TestSearch_FindsWithoutDiacriticsByPrefixAndByNumber(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, anna, "Kde je moje objednávka č. 2041?")
	for _, text := range []string{"objednavka", "OBJED", "2041", "kde moje", "Bila", "777 111 222", "1222"} {
		got, err := d.Chats.Search(t.Context(), d.Jana, chats.SearchQuery{Text: text})
		if err != nil || len(got.Messages)+len(got.Contacts) == 0 {
			t.Errorf("%q: got nothing, %v", text, err)
		}
		for _, hit := range got.Contacts {
			if hit.Conversation != c.ID {
				t.Errorf("%q: got conversation %s, want %s", text, hit.Conversation, c.ID)
			}
		}
	}
	if got, _ := d.Chats.Search(t.Context(), d.Jana, chats.SearchQuery{Text: "nesmysl"}); len(got.Messages) != 0 {
		t.Errorf("got %d hits for a word nobody wrote", len(got.Messages))
	}
}

func TestEvents_TellEverythingThatHappenedInOrder(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, bob, "the vendor's first call is news of the channel")
	before := d.Connections.LastEventNumber(t.Context())
	c := d.Say(d.Channel, anna, "x")
	list, tooOld, err := d.Connections.ListEvents(t.Context(), before, 100)
	if err != nil || tooOld || len(list) < 2 {
		t.Fatalf("got %d events, too old %v, %v", len(list), tooOld, err)
	}
	for i, e := range list {
		if e.Seq != before+uint64(i)+1 || e.ConversationID != c.ID {
			t.Errorf("event %d: got seq %d of %s", i, e.Seq, e.ConversationID)
		}
	}
	if _, tooOld, _ := d.Connections.ListEvents(t.Context(), before+1000, 10); !tooOld {
		t.Error("a cursor of the future is not told to read again")
	}
}

func TestStart_OnlyWithContactsOneMaySeeAndNumbersThatExist(t *testing.T) {
	d := desktest.New(t)
	hidden := d.Say(d.Private, bob, "x").ContactID
	template := outbound.TemplateChoice{Name: "pripominka", Language: "cs", Values: map[string]string{"body:1": "Anno", "body:2": "10:00"}}
	start := outbound.NewConversation{ID: d.NewID(), ChannelID: d.Channel.ID, ContactID: hidden, Template: template}
	if _, err := d.Outbound.Start(t.Context(), d.Jana, start); domain.KindOf(err) != domain.NotFound {
		t.Errorf("another team's contact: got %v, want not found", err)
	}
	if _, err := d.Outbound.Start(t.Context(), d.Petr, start); err != nil {
		t.Errorf("one's own contact: %v", err)
	}
	for _, number := range []string{"", "+", "+42", "+abcdefgh", "+420 777 111", "+0420777111222", "+4207771112223334"} {
		if _, err := d.Outbound.Start(t.Context(), d.Jana, outbound.NewConversation{ID: d.NewID(), ChannelID: d.Channel.ID, Number: number, Template: template}); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: got %v, want invalid", number, err)
		}
	}
}
