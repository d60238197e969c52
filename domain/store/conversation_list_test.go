package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store"
)

// table is a desk with conversations on three channels, some of which have the same time, name or state.
func table(t *testing.T, size int) (*desk, []domain.Channel, []domain.Conversation) {
	t.Helper()
	d := open(t)
	var channels []domain.Channel
	for i := range 3 {
		c := domain.Channel{ID: number(100 + i), Key: fmt.Sprint(i), Driver: "d", Account: fmt.Sprint(i)}
		d.update(func(tx *store.Tx) error { return tx.PutChannel(&c) })
		channels = append(channels, c)
	}
	statuses := []domain.Status{domain.StatusNew, domain.StatusOpen, domain.StatusResolved, domain.StatusPending}
	var list []domain.Conversation
	for i := range size {
		c := domain.Conversation{
			ID: number(1000 + i), Number: uint64(1 + i*7%size), ChannelID: channels[i%3].ID, ContactID: number(i),
			Name: fmt.Sprintf("Žena %d", i*5%11), Status: statuses[i%4], ActiveAt: at(i * 3 % 10),
		}
		if i%3 != 0 {
			c.Assignee = number(50 + i%2)
		}
		if i%5 == 0 {
			c.WaitingSince = at(-i % 4)
		}
		list = append(list, c)
	}
	for i := range list {
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&list[i], &channels[i%3]) })
	}
	return d, channels, list
}

// walk reads a list page by page to its end.
func walk(d *desk, l store.List, limit int) (ids []domain.ID) {
	d.t.Helper()
	cursor := ""
	for {
		d.view(func(tx *store.Tx) error {
			page, next, err := tx.Page(l, cursor, limit, 1000, func(*domain.Conversation) bool { return true })
			if len(page) > limit {
				d.t.Errorf("got a page of %d, want at most %d", len(page), limit)
			}
			for _, c := range page {
				ids = append(ids, c.ID)
			}
			cursor = next
			return err
		})
		if cursor == "" || len(ids) > 10000 {
			return ids
		}
	}
}

// newestFirst orders as the chats table does; the identifier decides between equals.
func newestFirst(a, b domain.Conversation) int {
	return cmp.Or(b.ActiveAt.Compare(a.ActiveAt), slices.Compare(a.ID[:], b.ID[:]))
}

func TestPage_EveryListHasItsOrderWhateverThePageSize(t *testing.T) {
	d, channels, all := table(t, 40)
	on := []domain.ID{channels[0].ID, channels[2].ID}
	seen := func(c domain.Conversation) bool { return slices.Contains(on, c.ChannelID) }
	byID := func(a, b domain.Conversation) int { return slices.Compare(a.ID[:], b.ID[:]) }
	for _, tc := range []struct {
		name  string
		list  store.List
		has   func(domain.Conversation) bool
		order func(a, b domain.Conversation) int
	}{
		{"by activity", store.ByActivity(on), seen, newestFirst},
		{"by status", store.ByStatus(on, domain.StatusOpen), func(c domain.Conversation) bool {
			return seen(c) && c.Status == domain.StatusOpen
		}, newestFirst},
		{"of an assignee, on every channel", store.OfAssignee(number(51)), func(c domain.Conversation) bool {
			return c.Assignee == number(51)
		}, newestFirst},
		{"of nobody, and not done unless the customer waits", store.OfNobody(on), func(c domain.Conversation) bool {
			return seen(c) && c.Assignee.IsZero() && (!c.Status.IsDone() || c.IsWaiting())
		}, newestFirst},
		{"waiting, longest first", store.ByWaiting(on), func(c domain.Conversation) bool {
			return seen(c) && c.IsWaiting()
		}, func(a, b domain.Conversation) int { return cmp.Or(a.WaitingSince.Compare(b.WaitingSince), byID(a, b)) }},
		{"by number, highest first", store.ByNumber(on), seen, func(a, b domain.Conversation) int {
			return cmp.Compare(b.Number, a.Number)
		}},
		{"by name", store.ByName(on), seen, func(a, b domain.Conversation) int {
			return cmp.Or(cmp.Compare(search.Fold(a.Name), search.Fold(b.Name)), byID(a, b))
		}},
	} {
		var want []domain.ID
		for _, c := range slices.SortedFunc(slices.Values(all), tc.order) {
			if tc.has(c) {
				want = append(want, c.ID)
			}
		}
		if len(want) < 3 {
			t.Fatalf("%s: the sample has only %d, too few to see an order", tc.name, len(want))
		}
		back := slices.Clone(want)
		slices.Reverse(back)
		for _, limit := range []int{1, 3, len(want), 100} {
			name := fmt.Sprintf("%s, %d to a page", tc.name, limit)
			wantList(t, name, walk(d, tc.list, limit), want)
			wantList(t, name+", from its end", walk(d, tc.list.Reverse(), limit), back)
		}
		wantList(t, tc.name+", reversed twice", walk(d, tc.list.Reverse().Reverse(), 100), want)
	}
}

// A range is read ahead in parts; more rows than one part holds must not be cut, repeated or left out.
func TestPage_LongRangesAreReadToTheirEnd(t *testing.T) {
	d, channels, all := table(t, 400)
	on := []domain.ID{channels[0].ID, channels[1].ID, channels[2].ID}
	want := []domain.ID{}
	for _, c := range slices.SortedFunc(slices.Values(all), newestFirst) {
		want = append(want, c.ID)
	}
	for _, limit := range []int{7, 64, 65, 500} {
		wantList(t, fmt.Sprintf("%d to a page", limit), walk(d, store.ByActivity(on), limit), want)
	}
}

func TestPage_FilterThatFitsNothingStopsAtTheBound(t *testing.T) {
	d, channels, all := table(t, 40)
	l := store.ByActivity([]domain.ID{channels[0].ID, channels[1].ID, channels[2].ID})
	looked, cursor := 0, ""
	for rounds := 0; ; rounds++ {
		before := looked
		d.view(func(tx *store.Tx) error {
			page, next, err := tx.Page(l, cursor, 10, 15, func(*domain.Conversation) bool { looked++; return false })
			if len(page) != 0 {
				t.Errorf("got %d rows, want none", len(page))
			}
			cursor = next
			return err
		})
		if looked-before > 15 {
			t.Fatalf("looked at %d rows in one call, want at most 15", looked-before)
		}
		if cursor == "" {
			break
		}
		if rounds > 10 {
			t.Fatal("going on never comes to the end")
		}
	}
	if looked != len(all) {
		t.Errorf("looked at %d rows in all, want each of the %d once", looked, len(all))
	}
}

func TestPage_FullPageAtTheEndHasNoCursor(t *testing.T) {
	d, channels, _ := table(t, 12)
	d.view(func(tx *store.Tx) error {
		keep := func(*domain.Conversation) bool { return true }
		page, next, err := tx.Page(store.ByActivity([]domain.ID{channels[0].ID}), "", 4, 100, keep)
		if len(page) != 4 || next != "" {
			t.Errorf("got %d rows and a cursor %v, want all 4 and none", len(page), next != "")
		}
		page, next, err2 := tx.Page(store.ByActivity(nil), "", 4, 100, keep)
		if len(page) != 0 || next != "" || err2 != nil {
			t.Errorf("without a channel: got %d rows, a cursor %v, %v", len(page), next != "", err2)
		}
		return err
	})
}

// While somebody scrolls, the row at which their page ended can be answered and move to the top.
func TestPage_GoesOnWhenTheRowOfTheCursorMoved(t *testing.T) {
	d, channels, all := table(t, 12)
	l := store.ByActivity([]domain.ID{channels[1].ID})
	keep := func(*domain.Conversation) bool { return true }
	order := walk(d, l, 100)
	var cursor string
	d.view(func(tx *store.Tx) (err error) { _, cursor, err = tx.Page(l, "", 2, 100, keep); return err })
	i := slices.IndexFunc(all, func(c domain.Conversation) bool { return c.ID == order[1] })
	all[i].ActiveAt = at(60)
	d.update(func(tx *store.Tx) error { return tx.PutConversation(&all[i], &channels[1]) })
	d.view(func(tx *store.Tx) error {
		page, _, err := tx.Page(l, cursor, 100, 100, keep)
		var ids []domain.ID
		for _, c := range page {
			ids = append(ids, c.ID)
		}
		wantList(t, "the rest of the list", ids, order[2:])
		return err
	})
}

// A reader's list is put together from their channels: nothing of another one may show, not even by its number.
func TestPage_OtherChannelsDoNotAppear(t *testing.T) {
	d, channels, all := table(t, 40)
	on := []domain.ID{channels[1].ID}
	for name, l := range map[string]store.List{
		"by activity": store.ByActivity(on),
		"by status":   store.ByStatus(on, domain.StatusNew),
		"of nobody":   store.OfNobody(on),
		"waiting":     store.ByWaiting(on),
		"by number":   store.ByNumber(on),
		"by name":     store.ByName(on),
	} {
		for _, id := range walk(d, l, 100) {
			i := slices.IndexFunc(all, func(c domain.Conversation) bool { return c.ID == id })
			if all[i].ChannelID != channels[1].ID {
				t.Errorf("%s: a conversation of %s appears", name, all[i].ChannelID)
			}
		}
	}
}

// Statuses are text in the key: one that begins with another's letters must not appear in the other's list.
func TestPage_StatusThatBeginsLikeAnotherStaysApart(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: number(1), Key: "k", Driver: "d"}
	for i, status := range []domain.Status{"open", "open_later", "ope"} {
		c := domain.Conversation{
			ID:        number(10 + i),
			Number:    uint64(i + 1),
			ChannelID: channel.ID,
			ContactID: number(i),
			Status:    status,
			ActiveAt:  noon,
		}
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
	}
	wantList(t, "open", walk(d, store.ByStatus([]domain.ID{channel.ID}, "open"), 10), []domain.ID{number(10)})
}
