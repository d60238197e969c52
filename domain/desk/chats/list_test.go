package chats_test

import (
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/internal/desktest"
)

func TestChats_AnotherTeamsConversationsDoNotAppear(t *testing.T) {
	d := desktest.New(t)
	open := d.Say(d.Channel, desktest.Anna, "zelená konvice")
	secret := d.Say(d.Private, desktest.Bob, "zelená lampa")
	for _, q := range []chats.Query{{}, {View: "waiting"}, {View: "unassigned"}, {Sort: "number"}, {Sort: "name"}, {Text: "zelena"}, {Text: "Bob"}, {Status: domain.StatusNew}} {
		got := listIDs(t, d, d.Jana, q)
		if slices.Contains(got, secret.ID) {
			t.Errorf("%+v: Jana sees Petr's conversation", q)
		}
		if q.Text != "Bob" && !slices.Contains(got, open.ID) {
			t.Errorf("%+v: the open conversation is missing", q)
		}
		if all := listIDs(t, d, d.Petr, q); !slices.Contains(all, secret.ID) {
			t.Errorf("%+v: Petr does not see his own conversation", q)
		}
	}
}

func listIDs(t *testing.T, d *desktest.Desk, who *domain.Operator, q chats.Query) (list []domain.ID) {
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
	first := d.Say(d.Channel, desktest.Anna, "První")
	d.Clock.Move(time.Minute)
	second := d.Say(d.Channel, desktest.Bob, "Druhý")
	if got := listIDs(t, d, d.Jana, chats.Query{View: "waiting"}); !slices.Equal(got, []domain.ID{first.ID, second.ID}) {
		t.Errorf("got %v, want the longest waiting first", got)
	}
	if err := d.Chats.Assign(t.Context(), d.Jana, second.ID, d.Jana.ID); err != nil {
		t.Fatal(err)
	}
	if got := listIDs(t, d, d.Jana, chats.Query{View: "mine"}); !slices.Equal(got, []domain.ID{second.ID}) {
		t.Errorf("got %v, want only the assigned one", got)
	}
	if got := listIDs(t, d, d.Jana, chats.Query{View: "unassigned"}); !slices.Equal(got, []domain.ID{first.ID}) {
		t.Errorf("got %v, want only the other one", got)
	}
}

func TestChats_SearchLooksOnlyIntoTheChosenColumns(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "objednávka nedorazila")
	for _, tc := range []struct {
		text    string
		columns []string
		found   bool
	}{
		{"objednavka", nil, true}, {"bila", nil, true}, {"111222", []string{"participant"}, true},
		{"objednavka", []string{"participant"}, false}, {"1", []string{"number"}, true}, {"shop", []string{"source"}, true},
	} {
		got := listIDs(t, d, d.Jana, chats.Query{Text: tc.text, Columns: tc.columns})
		if slices.Contains(got, c.ID) != tc.found {
			t.Errorf("%q in %v: found %v, want %v", tc.text, tc.columns, !tc.found, tc.found)
		}
	}
}

func TestReceiveLetter_FoundByItsSubject(t *testing.T) {
	d := desktest.New(t)
	mail := d.Mailbox()
	began := d.Receive(mail, d.MailFrom(mail, "Jana", desktest.JanaMail, "Objednávka nábytku", "Kde je?"))
	got, err := d.Chats.List(t.Context(), d.Jana, chats.Query{Text: "nabytek objednavk"})
	if err != nil || len(got.Rows) != 0 {
		t.Fatalf("got %d rows for words that are not there, %v", len(got.Rows), err)
	}
	got, err = d.Chats.List(t.Context(), d.Jana, chats.Query{Text: "objednavka nabyt"})
	if err != nil || len(got.Rows) != 1 || got.Rows[0].ID != began.ID {
		t.Errorf("got %d rows, %v; want the conversation by its subject", len(got.Rows), err)
	}
}
