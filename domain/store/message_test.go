package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestMessages_AreReadInOrderFromBothEnds(t *testing.T) {
	d := open(t)
	conversation := domain.ID{7}
	for i := range 25 {
		d.update(func(tx *store.Tx) error {
			m := domain.Message{ID: tx.NewID(), ConversationID: conversation, At: at(i), Text: fmt.Sprint(i)}
			return tx.PutMessage(&m, 1)
		})
	}
	d.view(func(tx *store.Tx) error {
		var seen []string
		for r := (store.MessageRange{Limit: 10}); ; {
			list, older, _, err := tx.Messages(conversation, r)
			if err != nil {
				return err
			}
			for i := len(list) - 1; i >= 0; i-- {
				seen = append(seen, list[i].Text)
			}
			if older == "" {
				break
			}
			r.Before = older
		}
		if len(seen) != 25 || seen[0] != "24" || seen[24] != "0" {
			t.Errorf("got %v, want 24 down to 0", seen)
		}
		list, _, _, err := tx.Messages(conversation, store.MessageRange{Limit: 10})
		if err != nil || list[0].Text != "15" || list[9].Text != "24" {
			t.Errorf("the newest page runs from %s, %v; want 15", list[0].Text, err)
		}
		part := store.MessageRange{After: store.CursorAt(&list[2]), Limit: 3}
		after, older, newer, err := tx.Messages(conversation, part)
		if err != nil || len(after) != 3 || after[0].Text != "18" || newer == "" || older == "" {
			t.Errorf("after message 17: got %d from %v, newer %v, older %v, %v",
				len(after), after[0].Text, newer != "", older != "", err)
		}
		return nil
	})
}

// talk is a conversation whose messages partly share a millisecond, beside one of somebody else.
func talk(t *testing.T, size int) (*desk, domain.ID, []domain.ID) {
	t.Helper()
	d := open(t)
	conversation := number(7)
	var ids []domain.ID
	for i := range size {
		m := domain.Message{ID: number(100 + i), ConversationID: conversation, At: at(i / 3), Text: fmt.Sprint(i)}
		ids = append(ids, m.ID)
		other := domain.Message{ID: number(900 + i), ConversationID: number(8), At: at(i / 3)}
		d.update(func(tx *store.Tx) error { return errors.Join(tx.PutMessage(&m, 1), tx.PutMessage(&other, 1)) })
	}
	return d, conversation, ids
}

func idsOf(list []domain.Message) (ids []domain.ID) {
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return ids
}

func TestMessages_EveryPageSizeGoesThroughAllOfThemBothWays(t *testing.T) {
	d, conversation, want := talk(t, 20)
	for _, limit := range []int{1, 2, 3, 7, 19, 20, 21} {
		d.view(func(tx *store.Tx) error {
			var back, forth []domain.ID
			list, older, newer, err := tx.Messages(conversation, store.MessageRange{Limit: limit})
			if newer != "" {
				t.Errorf("%d to a page: the newest part has a newer one", limit)
			}
			oldest := list
			for back = idsOf(list); older != "" && err == nil; back = append(idsOf(oldest), back...) {
				oldest, older, newer, err = tx.Messages(conversation, store.MessageRange{Before: older, Limit: limit})
				if newer == "" {
					t.Errorf("%d to a page: a page further back has no newer one", limit)
				}
			}
			wantList(t, fmt.Sprintf("backwards, %d to a page", limit), back, want)

			forth = idsOf(oldest)
			for after := store.CursorAt(&oldest[len(oldest)-1]); after != "" && err == nil; {
				list, older, after, err = tx.Messages(conversation, store.MessageRange{After: after, Limit: limit})
				if len(list) > 0 && older == "" {
					t.Errorf("%d to a page: a page further on has no older one", limit)
				}
				forth = append(forth, idsOf(list)...)
			}
			wantList(t, fmt.Sprintf("forwards, %d to a page", limit), forth, want)
			return err
		})
	}
}

func TestMessages_OfNoConversationAreNone(t *testing.T) {
	d, _, _ := talk(t, 3)
	d.view(func(tx *store.Tx) error {
		list, older, newer, err := tx.Messages(number(6), store.MessageRange{Limit: 5})
		if len(list) != 0 || older != "" || newer != "" {
			t.Errorf("got %d messages, cursors %v, %v", len(list), older != "", newer != "")
		}
		_, err2 := tx.Message(number(6))
		wantKind(t, "an unknown message", err2, domain.NotFound)
		exists, err3 := tx.MessageExists(number(100))
		unknown, err4 := tx.MessageExists(number(6))
		if !exists || unknown {
			t.Errorf("got exists %v and %v, want true and false", exists, unknown)
		}
		return errors.Join(err, err3, err4)
	})
}

func TestMessage_IndexFollowsEveryChange(t *testing.T) {
	first := domain.Message{
		ID:             number(9),
		ConversationID: number(7),
		ChannelID:      number(1),
		At:             noon,
		Kind:           domain.KindText,
		Text:           "dobrý den",
		Direction:      domain.Incoming,
	}
	with := func(change func(*domain.Message)) domain.Message {
		m := first
		change(&m)
		return m
	}
	wantIndexOfLastState(t, func(tx *store.Tx, m *domain.Message) error { return tx.PutMessage(m, 3) }, nil,
		first,
		with(func(m *domain.Message) { m.Text = "na shledanou" }),
		with(func(m *domain.Message) { m.Requests = []domain.RequestRef{{ID: number(20)}, {ID: number(21)}} }),
		with(func(m *domain.Message) { m.Requests = []domain.RequestRef{{ID: number(21)}} }),
		with(func(m *domain.Message) { m.Attachments = []domain.Attachment{{Name: "faktura.pdf"}} }),
		with(func(m *domain.Message) { m.Cards = []domain.ContactCard{{Name: "Žofie Nová"}} }),
		with(func(m *domain.Message) { m.Location = &domain.Location{Name: "Dvůr", Address: "Hlavní 5"} }),
		with(func(m *domain.Message) { m.Text, m.Deleted = "", true }),
	)
}

func TestMessagesOfRequest_OldestFirstAndOnlyWhileFiled(t *testing.T) {
	d := open(t)
	var messages []domain.Message
	for i := range 4 {
		m := domain.Message{ID: number(10 - i), ConversationID: number(7), At: at(i)}
		m.Requests = []domain.RequestRef{{ID: number(20)}}
		messages = append(messages, m)
		d.update(func(tx *store.Tx) error { return tx.PutMessage(&m, 1) })
	}
	messages[1].Requests = []domain.RequestRef{{ID: number(21)}}
	d.update(func(tx *store.Tx) error { return tx.PutMessage(&messages[1], 1) })
	d.view(func(tx *store.Tx) error {
		ids, err := tx.MessagesOfRequest(number(20), 10)
		wantList(t, "of the first request", ids, []domain.ID{number(10), number(8), number(7)})
		two, err2 := tx.MessagesOfRequest(number(20), 2)
		wantList(t, "at most two", two, []domain.ID{number(10), number(8)})
		other, err3 := tx.MessagesOfRequest(number(21), 10)
		wantList(t, "of the second request", other, []domain.ID{number(9)})
		return errors.Join(err, err2, err3)
	})
}

// A vendor tells the same thing twice; what was taken in is known by the vendor's id, on the channel that it came from.
func TestMessageByVendorID_SameIDOnAnotherChannelIsAnotherMessage(t *testing.T) {
	d := open(t)
	m := domain.Message{ID: number(9), ConversationID: number(7), ChannelID: number(1), At: noon, VendorID: "wamid.1"}
	d.update(func(tx *store.Tx) error {
		return errors.Join(
			tx.PutMessage(&m, 1),
			tx.MarkSeen(number(1), "reaction-5", domain.ID{}),
			tx.MarkSeen(number(1), "", number(9)),
			tx.MarkSeen(number(1), "second-name", m.ID),
		)
	})
	for _, tc := range []struct {
		channel  int
		vendorID string
		want     domain.ID
		seen     bool
	}{
		{1, "wamid.1", m.ID, true},
		{1, "wamid.", domain.ID{}, false},
		{1, "wamid.11", domain.ID{}, false},
		{2, "wamid.1", domain.ID{}, false},
		{1, "reaction-5", domain.ID{}, true},
		{1, "second-name", m.ID, true},
		{1, "", domain.ID{}, false},
	} {
		d.view(func(tx *store.Tx) error {
			id, seen, err := tx.MessageByVendorID(number(tc.channel), tc.vendorID)
			if id != tc.want || seen != tc.seen {
				t.Errorf("%+v: got %s, seen %v", tc, id, seen)
			}
			return err
		})
	}
}

// An answer gets its vendor's id once it was sent, and reports about it may name the first one even after a second try.
func TestMessageByVendorID_IsFoundByAllIDsItEverHad(t *testing.T) {
	d := open(t)
	m := domain.Message{ID: number(9), ConversationID: number(7), ChannelID: number(1), At: noon}
	for _, vendorID := range []string{"", "first", "second"} {
		m.VendorID = vendorID
		d.update(func(tx *store.Tx) error { return tx.PutMessage(&m, 1) })
	}
	d.view(func(tx *store.Tx) error {
		for _, vendorID := range []string{"first", "second"} {
			if id, seen, err := tx.MessageByVendorID(number(1), vendorID); id != m.ID || !seen || err != nil {
				t.Errorf("%s: got %s, %v, %v", vendorID, id, seen, err)
			}
		}
		return nil
	})
}

// Vendors' ids can be longer than a key may be; two that only differ at their end must stay apart.
func TestMessageByVendorID_LongIDsStayApart(t *testing.T) {
	d := open(t)
	long := strings.Repeat("x", 2000)
	d.update(func(tx *store.Tx) error {
		return errors.Join(tx.MarkSeen(number(1), long+"1", number(1)), tx.MarkSeen(number(1), long+"2", number(2)))
	})
	d.view(func(tx *store.Tx) error {
		for n, vendorID := range map[int]string{1: long + "1", 2: long + "2"} {
			if id, _, err := tx.MessageByVendorID(number(1), vendorID); id != number(n) || err != nil {
				t.Errorf("the long id ending in %d: got %s, %v", n, id, err)
			}
		}
		if _, seen, err := tx.MessageByVendorID(number(1), long); seen || err != nil {
			t.Errorf("their common beginning: got %v, %v", seen, err)
		}
		return nil
	})
}

func TestRaw_IsKeptBesideTheMessageAndOnlyIfItFits(t *testing.T) {
	d := open(t)
	small := domain.Message{ID: number(1), ConversationID: number(7), At: noon, Raw: []byte(`{"a":1}`)}
	big := domain.Message{ID: number(2), ConversationID: number(7), At: noon, Raw: make([]byte, kv.MaxValue+1)}
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutMessage(&small, 1), tx.PutMessage(&big, 1)) })
	small.Text, small.Raw = "edited", nil // a later write, which has not read the raw data, must not remove them
	d.update(func(tx *store.Tx) error { return tx.PutMessage(&small, 1) })
	d.view(func(tx *store.Tx) error {
		raw, err := tx.Raw(small.ID)
		if string(raw) != `{"a":1}` {
			t.Errorf("got %q", raw)
		}
		none, err2 := tx.Raw(big.ID)
		if none != nil {
			t.Errorf("got %d bytes of what does not fit", len(none))
		}
		_, err3 := tx.Message(big.ID)
		return errors.Join(err, err2, err3)
	})
}

func TestEachMessage_GoesThroughConversationsOneByOne(t *testing.T) {
	d, _, want := talk(t, 5)
	var got []domain.ID
	d.view(func(tx *store.Tx) error {
		return tx.EachMessage(func(m *domain.Message) error { got = append(got, m.ID); return nil })
	})
	for i := range 5 {
		want = append(want, number(900+i))
	}
	wantList(t, "all messages", got, want)
}
