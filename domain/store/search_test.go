package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store"
)

func keepAll(domain.ID) (bool, error) { return true, nil }

// archive is a desk with messages on two channels, in the order of their ids; ours are every fourth one.
func archive(t *testing.T, size int) *desk {
	t.Helper()
	d := open(t)
	for from := 0; from < size; from += 50 {
		d.update(func(tx *store.Tx) error {
			for i := from; i < min(from+50, size); i++ {
				m := domain.Message{
					ID: number(i), ConversationID: number(7), At: at(i), Direction: domain.Incoming,
					Text: fmt.Sprintf("kolo číslo%d %d", i, i%2),
				}
				if err := tx.PutMessage(&m, shortOf(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return d
}

func shortOf(i int) uint32 {
	if i%4 == 0 {
		return 1
	}
	return 2
}

// find goes through all results of a query, a page at a time.
func find(d *desk, scope store.SearchScope, q string, limit int) (ids []domain.ID) {
	d.t.Helper()
	cursor := ""
	for rounds := 0; rounds < 1000; rounds++ {
		d.view(func(tx *store.Tx) error {
			page, next, err := tx.Search(scope, search.Parse(q), cursor, limit, keepAll)
			if len(page) > limit {
				d.t.Errorf("got %d results, want at most %d", len(page), limit)
			}
			ids, cursor = append(ids, page...), next
			return err
		})
		if cursor == "" {
			return ids
		}
	}
	d.t.Fatal("the search never ends")
	return nil
}

func TestSearch_ResultsAreNewestFirstWhateverThePageSize(t *testing.T) {
	d := archive(t, 300)
	var all, odd []domain.ID
	for i := 299; i >= 0; i-- {
		all = append(all, number(i))
		if i%2 == 1 {
			odd = append(odd, number(i))
		}
	}
	scope := store.SearchScope{Of: "messages", Channels: map[uint32]bool{1: true, 2: true}}
	for _, limit := range []int{1, 7, 64, 1000} {
		wantList(t, fmt.Sprintf("a word, %d to a page", limit), find(d, scope, "KOLO", limit), all)
		wantList(t, fmt.Sprintf("two words, %d to a page", limit), find(d, scope, "kolo 1", limit), odd)
	}
	wantList(t, "a word of one message", find(d, scope, `"cislo17"`, 10), []domain.ID{number(17)})
	began := find(d, scope, "kolo cislo29", 100)
	wantList(t, "the beginning of words", began[:3], []domain.ID{number(299), number(298), number(297)})
	wantList(t, "words that no message has together", find(d, scope, `"cislo17" "cislo18"`, 10), nil)
	wantList(t, "an unknown word", find(d, scope, "auto", 10), nil)
	wantList(t, "nothing", find(d, scope, "", 10), nil)
}

// What a reader may not see is not even looked at: the function that decides about records never hears of it, however
// many postings of other channels lie between.
func TestSearch_OtherChannelsPostingsAreNotRead(t *testing.T) {
	d := archive(t, 300)
	var want []domain.ID
	for i := 299; i >= 0; i-- {
		if shortOf(i) == 1 {
			want = append(want, number(i))
		}
	}
	for _, q := range []string{"kolo", "kol", "cislo"} {
		scope := store.SearchScope{Of: "messages", Channels: map[uint32]bool{1: true}}
		d.view(func(tx *store.Tx) error {
			var asked []domain.ID
			ids, _, err := tx.Search(scope, search.Parse(q), "", 1000, func(id domain.ID) (bool, error) {
				asked = append(asked, id)
				return true, nil
			})
			if q != "cislo" { // each word has its own beginning: more words than a prefix stands for
				wantList(t, q, ids, want)
			}
			for _, id := range asked {
				if !slices.Contains(want, id) {
					t.Errorf("%s: asked about %s, which lies on another channel", q, id)
				}
			}
			return err
		})
	}
	nothing := store.SearchScope{Of: "messages", Channels: map[uint32]bool{}}
	wantList(t, "no channel at all", find(d, nothing, "kolo", 10), nil)
}

// The newest two hundred messages are on a channel that the reader may not see; what they may see lies behind all of
// them.
func TestSearch_GoesOnBehindManyHiddenPostings(t *testing.T) {
	d := open(t)
	for from := 0; from < 250; from += 50 {
		d.update(func(tx *store.Tx) error {
			for i := from; i < from+50; i++ {
				short := uint32(2)
				if i < 3 {
					short = 1
				}
				m := domain.Message{ID: number(i), ConversationID: number(7), At: at(i), Text: "kolo"}
				if err := tx.PutMessage(&m, short); err != nil {
					return err
				}
			}
			return nil
		})
	}
	mine := store.SearchScope{Of: "messages", Channels: map[uint32]bool{1: true}}
	wantList(t, "mine", find(d, mine, "kolo", 2), []domain.ID{number(2), number(1), number(0)})
}

func TestSearch_KeepDecidesAndItsErrorEndsTheSearch(t *testing.T) {
	d := archive(t, 20)
	scope := store.SearchScope{Of: "messages"}
	d.view(func(tx *store.Tx) error {
		kolo := search.Parse("kolo")
		ids, next, err := tx.Search(scope, kolo, "", 3, func(id domain.ID) (bool, error) { return id[1]%5 == 0, nil })
		wantList(t, "kept", ids, []domain.ID{number(15), number(10), number(5)})
		if next == "" {
			t.Error("no cursor although one more is left")
		}
		broken := errors.New("broken")
		_, _, err2 := tx.Search(scope, kolo, "", 3, func(domain.ID) (bool, error) { return false, broken })
		if !errors.Is(err2, broken) {
			t.Errorf("got %v, want the error of the decision", err2)
		}
		return err
	})
}

// An edited message is found by what it says now, a line of activity never.
func TestSearch_OnlyWhatIsSaidNow(t *testing.T) {
	d := open(t)
	m := domain.Message{ID: number(1), ConversationID: number(7), At: noon, Direction: domain.Incoming}
	line := domain.Message{ID: number(2), ConversationID: number(7), At: noon, Direction: domain.Activity}
	m.Text, line.Text = "modré kolo", "kolo"
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutMessage(&m, 1), tx.PutMessage(&line, 1)) })
	m.Text = "zelené kolo"
	d.update(func(tx *store.Tx) error { return tx.PutMessage(&m, 1) })
	scope := store.SearchScope{Of: "messages"}
	for q, want := range map[string][]domain.ID{"kolo": {m.ID}, "zelene": {m.ID}, "modre": nil} {
		wantList(t, q, find(d, scope, q, 10), want)
	}
}

func TestSearch_ConversationsAreFoundInTheColumnsAskedForOnly(t *testing.T) {
	d := open(t)
	channel := domain.Channel{
		ID:     number(1),
		Key:    "k",
		Driver: "d",
		Name:   "Obchod",
		Kind:   domain.WhatsApp,
		Number: "+420777000111",
	}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&channel) })
	c := domain.Conversation{
		ID:          number(9),
		Number:      2041,
		ChannelID:   channel.ID,
		ContactID:   number(5),
		Status:      domain.StatusNew,
		Name:        "Anna Nová",
		Address:     "+33601000222",
		To:          domain.Identity{Kind: domain.PhoneIdentity},
		Subject:     "Reklamace",
		LastMessage: domain.MessageGlance{Text: "kde je kolo"},
	}
	d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
	for q, column := range map[string]string{
		"2041":      store.ColumnNumber,
		"nova":      store.ColumnName,
		"601000222": store.ColumnName,
		"reklamace": store.ColumnMessage,
		"kolo":      store.ColumnMessage,
		"777000111": store.ColumnBusiness,
		"obchod":    store.ColumnSource,
		"whatsapp":  store.ColumnSource,
	} {
		for _, asked := range store.SearchColumns {
			var want []domain.ID
			if asked == column {
				want = []domain.ID{c.ID}
			}
			one := store.SearchScope{Of: "conversations", Columns: []string{asked}}
			wantList(t, q+" in "+asked, find(d, one, q, 10), want)
		}
		all := store.SearchScope{Of: "conversations", Columns: store.SearchColumns}
		wantList(t, q+" in all columns", find(d, all, q, 10), []domain.ID{c.ID})
		wantList(t, q+" among messages", find(d, store.SearchScope{Of: "messages"}, q, 10), nil)
	}
}

// A prefix may stand for thousands of words: only so many are looked up, and the search still answers.
func TestSearch_PrefixStandsForABoundedNumberOfWords(t *testing.T) {
	d := archive(t, 300)
	ids := find(d, store.SearchScope{Of: "messages"}, "cislo", 1000)
	if len(ids) != 200 {
		t.Errorf("got %d results of a prefix with 300 words, want those of 200", len(ids))
	}
}
