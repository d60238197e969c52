package store_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestVisitor_IsFoundByTokenAndByUserOnTheirChannel(t *testing.T) {
	d := open(t)
	v := domain.Visitor{ID: number(1), ChannelID: number(7), Name: "Anna"}
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutVisitor(&v), tx.BindToken(&v, []byte("hash"))) })
	find := func(channel int, hash, user string) (domain.ID, bool) {
		var found domain.Visitor
		var ok bool
		d.view(func(tx *store.Tx) (err error) {
			if user != "" {
				found, ok, err = tx.VisitorByUser(number(channel), user)
			} else {
				found, ok, err = tx.VisitorByToken(number(channel), []byte(hash))
			}
			return err
		})
		return found.ID, ok
	}
	if id, ok := find(7, "hash", ""); id != v.ID || !ok {
		t.Errorf("by token: got %s, %v", id, ok)
	}
	for _, unknown := range [][2]string{{"has", ""}, {"", "anna"}} {
		if id, ok := find(7, unknown[0], unknown[1]); ok {
			t.Errorf("%q found %s", unknown, id)
		}
	}
	if _, ok := find(8, "hash", ""); ok {
		t.Error("the token opens a chat on another channel")
	}

	v.User = "anna"
	other := domain.Visitor{ID: number(2), ChannelID: number(8), User: "anna"}
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutVisitor(&v), tx.PutVisitor(&other)) })
	if id, ok := find(7, "", "anna"); id != v.ID || !ok {
		t.Errorf("by the shop's id: got %s, %v", id, ok)
	}
	if id, _ := find(8, "", "anna"); id != other.ID {
		t.Errorf("the same id in another shop is %s, want the other person", id)
	}
}

// A browser in which somebody signs in at the shop goes on as that person.
func TestBindToken_MovesToAnotherVisitor(t *testing.T) {
	d := open(t)
	guest := domain.Visitor{ID: number(1), ChannelID: number(7)}
	anna := domain.Visitor{ID: number(2), ChannelID: number(7), User: "anna"}
	for _, v := range []*domain.Visitor{&guest, &anna} {
		d.update(func(tx *store.Tx) error { return errors.Join(tx.PutVisitor(v), tx.BindToken(v, []byte("hash"))) })
		d.view(func(tx *store.Tx) error {
			got, ok, err := tx.VisitorByToken(number(7), []byte("hash"))
			if got.ID != v.ID || !ok {
				t.Errorf("got %s, %v, want %s", got.ID, ok, v.ID)
			}
			return err
		})
	}
}
