package store_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestConversation_EveryIndexEntryHasItsRecordAndBack(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: domain.ID{1}, Key: "k", Driver: "d", Name: "Obchod"}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&channel) })
	count := func() (n int) {
		if err := d.engine.View(t.Context(), func(r kv.Reader) error {
			return r.Iterate(kv.Range{KeysOnly: true}, func([]byte, []byte) error { n++; return nil })
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	c := domain.Conversation{
		ID:           domain.ID{9},
		Number:       1,
		ChannelID:    channel.ID,
		ContactID:    domain.ID{5},
		Name:         "Anna",
		Status:       domain.StatusNew,
		ActiveAt:     noon,
		WaitingSince: noon,
	}
	put := func(change func()) {
		change()
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
	}
	put(func() {})
	before := count()
	put(func() {
		c.Status, c.Assignee, c.Name = domain.StatusOpen, domain.ID{3}, "Božena"
		c.WaitingSince, c.ActiveAt = time.Time{}, noon.Add(time.Hour)
		c.LastMessage.Text = "nějaká slova navíc"
	})
	put(func() {
		c.Status, c.Assignee, c.WaitingSince, c.ActiveAt, c.Name = domain.StatusNew, domain.ID{}, noon, noon, "Anna"
		c.LastMessage.Text = ""
	})
	if after := count(); after != before+1 { // the counter of the assignee stays, at zero
		t.Errorf("got %d keys after changing there and back, want %d: entries were left behind", after, before+1)
	}
	d.view(func(tx *store.Tx) error {
		waiting, err := tx.WaitingCount(channel.ID)
		unassigned, err2 := tx.UnassignedCount(channel.ID)
		open, err3 := tx.OpenCount(domain.ID{3})
		if errors.Join(err, err2, err3) != nil || waiting != 1 || unassigned != 1 || open != 0 {
			t.Errorf("got waiting %d, unassigned %d, open %d; want 1, 1, 0", waiting, unassigned, open)
		}
		return nil
	})
}

// A conversation once stood in the chats table twice: the codec had moved its time by a millisecond, so the next write
// did not find the index entry it had to remove.
func TestConversation_AnyMillisecondIsFoundAgain(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: domain.ID{1}, Key: "k", Driver: "d"}
	c := domain.Conversation{
		ID:        domain.ID{9},
		Number:    1,
		ChannelID: channel.ID,
		ContactID: domain.ID{5},
		Status:    domain.StatusNew,
	}
	for i := range 1000 {
		c.ActiveAt = noon.Add(time.Duration(i) * 1001 * time.Millisecond)
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
	}
	d.view(func(tx *store.Tx) error {
		keep := func(*domain.Conversation) bool { return true }
		page, _, err := tx.Page(store.ByActivity([]domain.ID{channel.ID}), "", 10, 100, keep)
		if err != nil || len(page) != 1 {
			t.Errorf("got %d rows, %v; want 1", len(page), err)
		}
		return nil
	})
}

func TestConversation_IndexFollowsEveryChange(t *testing.T) {
	channel := domain.Channel{ID: number(1), Key: "k", Driver: "d", Name: "Obchod", Number: "+420777111222", Short: 3}
	first := domain.Conversation{
		ID: number(9), Number: 12, ChannelID: channel.ID, ContactID: number(5), Name: "Anna", Address: "+33601000222",
		To: domain.Identity{Kind: domain.PhoneIdentity}, Status: domain.StatusNew, ActiveAt: noon, WaitingSince: noon,
		LastMessage: domain.MessageGlance{Text: "dobrý den"},
	}
	with := func(change func(*domain.Conversation)) domain.Conversation {
		c := first
		change(&c)
		return c
	}
	put := func(tx *store.Tx, c *domain.Conversation) error { return tx.PutConversation(c, &channel) }
	wantIndexOfLastState(t, put, nil,
		first,
		with(func(c *domain.Conversation) { c.Name = "Božena Nová" }),
		with(func(c *domain.Conversation) { c.Status = domain.StatusPending }),
		with(func(c *domain.Conversation) { c.Assignee = number(3) }),
		with(func(c *domain.Conversation) { c.Assignee = number(4) }),
		with(func(c *domain.Conversation) { c.WaitingSince = time.Time{} }),
		with(func(c *domain.Conversation) { c.WaitingSince = at(5) }),
		with(func(c *domain.Conversation) { c.ActiveAt = at(7) }),
		with(func(c *domain.Conversation) { c.Address, c.To.Kind = "anna@example.org", domain.MailIdentity }),
		with(func(c *domain.Conversation) { c.Subject, c.LastMessage.Text = "Objednávka 12", "na shledanou" }),
		with(func(c *domain.Conversation) { c.Status, c.WaitingSince = domain.StatusClosed, time.Time{} }),
	)
}

func TestConversation_CountersFollowEveryChange(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: number(1), Key: "k", Driver: "d"}
	c := domain.Conversation{
		ID:        number(9),
		Number:    1,
		ChannelID: channel.ID,
		ContactID: number(5),
		Status:    domain.StatusNew,
	}
	eva, jana := number(3), number(4)
	for _, step := range []struct {
		name                          string
		change                        func()
		waiting, unassigned, eva, jan int64
	}{
		{"new and waiting", func() { c.WaitingSince = noon }, 1, 1, 0, 0},
		{"written once more, unchanged", func() {}, 1, 1, 0, 0},
		{"assigned", func() { c.Assignee = eva }, 1, 0, 1, 0},
		{"answered", func() { c.WaitingSince, c.Status = time.Time{}, domain.StatusOpen }, 0, 0, 1, 0},
		{"handed over", func() { c.Assignee = jana }, 0, 0, 0, 1},
		{"resolved", func() { c.Status = domain.StatusResolved }, 0, 0, 0, 0},
		{"the customer waits although it is resolved", func() { c.WaitingSince = at(1) }, 1, 0, 0, 1},
		{"given back", func() { c.Assignee = domain.ID{} }, 1, 1, 0, 0},
		{"spam, no answer needed", func() { c.Status, c.WaitingSince = domain.StatusSpam, time.Time{} }, 0, 0, 0, 0},
		{"opened again", func() { c.Status = domain.StatusOpen }, 0, 1, 0, 0},
	} {
		step.change()
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
		d.view(func(tx *store.Tx) error {
			waiting, err := tx.WaitingCount(channel.ID)
			unassigned, err2 := tx.UnassignedCount(channel.ID)
			evas, err3 := tx.OpenCount(eva)
			janas, err4 := tx.OpenCount(jana)
			wantList(t, step.name+": waiting, unassigned, Eva's, Jana's", []int64{waiting, unassigned, evas, janas},
				[]int64{step.waiting, step.unassigned, step.eva, step.jan})
			other, err5 := tx.WaitingCount(number(2))
			if other != 0 {
				t.Errorf("%s: another channel counts %d", step.name, other)
			}
			return errors.Join(err, err2, err3, err4, err5)
		})
	}
}

func TestConversation_IsFoundByNumberAndByContact(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: number(1), Key: "k", Driver: "d"}
	other := domain.Channel{ID: number(2), Key: "l", Driver: "d"}
	put := func(id, n int, on *domain.Channel, contact domain.ID) {
		c := domain.Conversation{
			ID:        number(id),
			Number:    uint64(n),
			ChannelID: on.ID,
			ContactID: contact,
			Status:    domain.StatusNew,
		}
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, on) })
	}
	put(10, 1, &channel, number(5))
	put(11, 256, &channel, number(5))
	put(12, 3, &other, number(5))
	put(13, 4, &channel, number(6))
	d.view(func(tx *store.Tx) error {
		c, err := tx.ConversationByNumber(256)
		if c.ID != number(11) || err != nil {
			t.Errorf("by number: got %s, %v", c.ID, err)
		}
		_, err = tx.ConversationByNumber(2)
		wantKind(t, "a number that was never drawn", err, domain.NotFound)
		_, err = tx.Conversation(number(99))
		wantKind(t, "an unknown id", err, domain.NotFound)

		c, ok, err := tx.ConversationWith(channel.ID, number(5))
		if c.ID != number(11) || !ok || err != nil {
			t.Errorf("with the contact: got %s, %v, %v, want the newest one on the channel", c.ID, ok, err)
		}
		if _, ok, err := tx.ConversationWith(other.ID, number(6)); ok || err != nil {
			t.Errorf("on a channel where they never wrote: got %v, %v", ok, err)
		}
		ids, err := tx.ConversationsOf(number(5))
		wantList(t, "of the contact", ids, []domain.ID{number(10), number(11), number(12)})
		return err
	})
}

// An older conversation that is changed must not become the one that the contact's next message joins.
func TestConversation_ChangeOfAnOlderOneKeepsTheNewest(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: number(1), Key: "k", Driver: "d"}
	older := domain.Conversation{ID: number(10), Number: 1, ChannelID: channel.ID, ContactID: number(5)}
	newer := domain.Conversation{ID: number(11), Number: 2, ChannelID: channel.ID, ContactID: number(5)}
	for _, c := range []domain.Conversation{older, newer, older} {
		c.Status = domain.StatusOpen
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
	}
	d.view(func(tx *store.Tx) error {
		c, _, err := tx.ConversationWith(channel.ID, number(5))
		if c.ID != newer.ID {
			t.Errorf("got %s, want %s", c.ID, newer.ID)
		}
		return err
	})
}

func TestConversations_KeepTheirOrderWithoutThoseThatAreMissing(t *testing.T) {
	d, _, _ := table(t, 4)
	d.view(func(tx *store.Tx) error {
		list, err := tx.Conversations([]domain.ID{number(1003), number(77), number(1000), number(1003)})
		var ids []domain.ID
		for _, c := range list {
			ids = append(ids, c.ID)
		}
		wantList(t, "got", ids, []domain.ID{number(1003), number(1000), number(1003)})
		none, err2 := tx.Conversations(nil)
		if len(none) != 0 {
			t.Errorf("got %d of no ids", len(none))
		}
		return errors.Join(err, err2)
	})
}
