package store_test

import (
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestOpen_EarlierNumbersAreFoundByEverySpelling(t *testing.T) {
	const dialled, other = "+525512345678", "+5215512345678"
	d := open(t)
	channel := domain.Channel{ID: number(1), Key: "mx", Number: "+5215587654321"}
	contact := domain.Contact{ID: number(2), Identities: []domain.Identity{phone(other)}}
	c := domain.Conversation{ID: number(3), Number: 7, ChannelID: channel.ID, ContactID: contact.ID, To: phone(other),
		Name: other, Address: other, Status: domain.StatusOpen, CreatedAt: d.now, ActiveAt: d.now}
	d.update(func(tx *store.Tx) error {
		if err := tx.PutChannel(&channel); err != nil {
			return err
		}
		if err := tx.PutContact(&contact); err != nil {
			return err
		}
		return tx.PutConversation(&c, &channel)
	})
	makeOlder(d, func(k string) bool {
		return strings.HasPrefix(k, "x/") && strings.Contains(k, dialled[1:]) || strings.HasPrefix(k, "pn/")
	}, "pn/"+search.Fold(other)+"\x00"+string(contact.ID[:]))
	d.reopen()
	d.view(func(tx *store.Tx) error {
		everyone := func(*domain.Contact) (bool, error) { return true, nil }
		list, err := tx.ContactsByName("", 10, everyone)
		if err != nil || len(list) != 1 {
			t.Errorf("listed %d times, %v; want once", len(list), err)
		}
		if got, err := tx.Conversation(c.ID); err != nil || got.Address != dialled || got.Name != dialled || got.To != c.To {
			t.Errorf("got %+v, %v; want it shown as %s and answered at %s", got, err, dialled, other)
		}
		for _, typed := range []string{dialled, other, "525587654321", "5215587654321"} {
			columns := []string{store.ColumnName, store.ColumnBusiness}
			scope := store.SearchScope{Of: "conversations", Columns: columns, Channels: map[uint32]bool{channel.Short: true}}
			ids, _, err := tx.Search(scope, search.Parse(typed), "", 5, func(domain.ID) (bool, error) { return true, nil })
			if err != nil || !slices.Equal(ids, []domain.ID{c.ID}) {
				t.Errorf("%s finds the conversations %v, %v", typed, ids, err)
			}
		}
		ids, _, err := tx.Search(store.SearchScope{Of: "contacts"}, search.Parse(dialled), "", 5,
			func(domain.ID) (bool, error) { return true, nil })
		if len(ids) != 1 {
			t.Errorf("the dialled number finds the contacts %v", ids)
		}
		return err
	})
}

// makeOlder gives the store the schema before numbers were found by every spelling: without some keys, and with others.
func makeOlder(d *desk, isNewer func(string) bool, older ...string) {
	d.t.Helper()
	var drop [][]byte
	for _, k := range d.keys() {
		if isNewer(k) {
			drop = append(drop, []byte(k))
		}
	}
	if len(drop) == 0 {
		d.t.Fatal("nothing of what the migration adds is there")
	}
	err := d.engine.Update(d.t.Context(), func(w kv.Txn) error {
		for _, k := range drop {
			if err := w.Delete(k); err != nil {
				return err
			}
		}
		for _, k := range older {
			if err := w.Set([]byte(k), nil); err != nil {
				return err
			}
		}
		return w.Set([]byte("z"), []byte{0, 0, 0, 2})
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func TestContact_OthersWithASpellingOfANumberAreFound(t *testing.T) {
	d := open(t)
	people := []domain.Contact{
		{ID: number(1), Identities: []domain.Identity{phone("+5511987654321")}},
		{ID: number(2), Identities: []domain.Identity{phone("+551187654321")}},
		{ID: number(3), Identities: []domain.Identity{phone("+5511987654322")}},
	}
	for i := range people {
		d.update(func(tx *store.Tx) error { return tx.PutContact(&people[i]) })
	}
	d.view(func(tx *store.Tx) error {
		for i, want := range [][]domain.ID{{number(2)}, {number(1)}, nil} {
			list, err := tx.ContactsSharing(&people[i])
			var got []domain.ID
			for _, c := range list {
				got = append(got, c.ID)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: shared with %v, %v; want %v", people[i].Phone(), got, err, want)
			}
			if c, _, err := tx.ContactByIdentity(people[i].Identities[0]); c.ID != people[i].ID || err != nil {
				t.Errorf("%s leads to %s, %v", people[i].Identities[0].Value, c.ID, err)
			}
		}
		return nil
	})
}
