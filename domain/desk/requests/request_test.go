package requests_test

import (
	"fmt"
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/desk/requests"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestRequest_MadeFromAMessageFilesIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Zásilka je poškozená")
	m := d.Thread(c.ID)[0]
	r, err := d.Requests.Create(t.Context(), d.Jana, requests.Form{
		ConversationID: c.ID,
		MessageID:      m.ID,
		Title:          "Poškozená zásilka",
		Company:        "Bellevue",
		Tags:           []string{"reklamace", "Reklamace", " "},
	})
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
	byWord := requests.Query{RequestFilter: domain.RequestFilter{Text: "poskozena"}}
	if page, err := d.Requests.List(t.Context(), d.Jana, c.ID, byWord); err != nil || len(page.Requests) != 1 {
		t.Errorf("got %d requests, %v; want 1 by a folded word", len(page.Requests), err)
	}
}

func TestRequest_WithoutTitleNamesTheField(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "x")
	_, err := d.Requests.Create(t.Context(), d.Jana, requests.Form{ConversationID: c.ID})
	if domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want invalid", err)
	}
}

func TestRequest_AssignedOnlyToSomebodyWhoMaySeeIt(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Private, desktest.Bob, "x")
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

// fillRequests writes many requests into a conversation, most of them open.
func fillRequests(t *testing.T, d *desktest.Desk, c domain.Conversation, channel domain.Channel, count int) {
	t.Helper()
	for next := 0; next < count; {
		var reached int
		err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
			for reached = next; reached < count && tx.Ops() < 700; reached++ {
				r := domain.Request{
					ID: tx.NewID(), Number: uint64(reached) + 1, ConversationID: c.ID, ChannelID: c.ChannelID,
					Title: fmt.Sprint("N", reached), Status: domain.StatusOpen, Priority: domain.Normal,
				}
				if reached%1000 == 7 {
					r.Status = domain.StatusResolved
				}
				if err := tx.PutRequest(&r, channel.Short); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		next = reached
	}
}

// A conversation may have ten thousand requests: a page of them stays a page, and paging meets each once.
func TestList_IsReadAPageAtATime(t *testing.T) {
	const many = 10000
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	fillRequests(t, d, c, d.Channel, many)
	hidden := d.Say(d.Private, desktest.Bob, "Tajné")
	fillRequests(t, d, hidden, d.Private, 3)

	seen, last := map[domain.ID]bool{}, uint64(many+1)
	for q := (requests.Query{Limit: 100000}); ; {
		page, err := d.Requests.List(t.Context(), d.Jana, c.ID, q)
		if err != nil || len(page.Requests) > requests.MaxPage || page.Count != requests.MostCounted {
			t.Fatalf("got %d requests of %d, %v; want at most %d of %d",
				len(page.Requests), page.Count, err, requests.MaxPage, requests.MostCounted)
		}
		for _, r := range page.Requests {
			if seen[r.ID] || r.Number >= last || r.ConversationID != c.ID {
				t.Fatalf("%s is met twice, out of order, or is another conversation's", r.Code())
			}
			seen[r.ID], last = true, r.Number
		}
		if q.Before = page.Next; q.Before.IsZero() {
			break
		}
	}
	if len(seen) != many {
		t.Errorf("paging met %d requests, want %d", len(seen), many)
	}

	page, err := d.Requests.List(t.Context(), d.Jana, c.ID, requests.Query{})
	if err != nil || len(page.Requests) != requests.PageSize {
		t.Errorf("got %d requests, %v; want a page of %d", len(page.Requests), err, requests.PageSize)
	}
	if _, err := d.Requests.List(t.Context(), d.Jana, hidden.ID, requests.Query{Before: page.Next}); domain.KindOf(err) != domain.NotFound {
		t.Errorf("another team's: got %v, want not found", err)
	}
	foreign, err := d.Requests.List(t.Context(), d.Petr, hidden.ID, requests.Query{Before: page.Next})
	if err != nil || slices.ContainsFunc(foreign.Requests, func(r domain.Request) bool { return r.ConversationID != hidden.ID }) {
		t.Errorf("a place in another conversation shows %v, %v", foreign.Requests, err)
	}
}

// A filter that fits few requests looks at a bounded number at a time, and the next page goes on from there.
func TestList_FilterThatFitsFewGoesOnPageByPage(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	fillRequests(t, d, c, d.Channel, 5000)
	found, pages := 0, 0
	for q := (requests.Query{RequestFilter: domain.RequestFilter{Status: domain.StatusResolved}}); pages < 50; pages++ {
		page, err := d.Requests.List(t.Context(), d.Jana, c.ID, q)
		if err != nil {
			t.Fatal(err)
		}
		found += len(page.Requests)
		if q.Before = page.Next; q.Before.IsZero() {
			break
		}
	}
	if found != 5 || pages < 2 {
		t.Errorf("got %d requests on %d pages, want 5 on at least three", found, pages+1)
	}
}

func TestSuggest_NamesOfAnotherTeamsChannelAreNotOffered(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	if err := d.Channels.SetOperators(t.Context(), d.Eva, d.Channel.ID, []domain.ID{d.Jana.ID}); err != nil {
		t.Fatal(err)
	}
	form := requests.Form{ConversationID: c.ID, Title: "Smlouva", Company: "Tajná s.r.o.", Tags: []string{"převzetí"}}
	if _, err := d.Requests.Create(t.Context(), d.Jana, form); err != nil {
		t.Fatal(err)
	}
	for _, suggest := range []func(*domain.Operator) ([]string, error){
		func(o *domain.Operator) ([]string, error) { return d.Requests.SuggestTags(t.Context(), o, "") },
		func(o *domain.Operator) ([]string, error) { return d.Requests.SuggestCompanies(t.Context(), o, "") },
	} {
		if names, err := suggest(d.Jana); err != nil || len(names) != 1 {
			t.Errorf("on the channel: got %q, %v, want one name", names, err)
		}
		if names, err := suggest(d.Petr); err != nil || len(names) != 0 {
			t.Errorf("not on the channel: got %q, %v, want none", names, err)
		}
	}
}
