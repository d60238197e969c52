package store_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestOwnCall_IsTheLastOneSaid(t *testing.T) {
	d := open(t)
	for _, want := range []domain.ID{number(5), number(6), {}, {}} {
		d.update(func(tx *store.Tx) error { return tx.PutOwnCall(number(1), want) })
		d.view(func(tx *store.Tx) error {
			got, ok, err := tx.OwnCall(number(1))
			_, other, err2 := tx.OwnCall(number(2))
			if got != want || ok != !want.IsZero() || other {
				t.Errorf("got %s, %v, and for somebody else %v, want %s", got, ok, other, want)
			}
			return errors.Join(err, err2)
		})
	}
}

func TestRingingCalls_OldestFirstUntilTheyStop(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error {
		return errors.Join(
			tx.PutRinging(number(1), number(12), true),
			tx.PutRinging(number(1), number(11), true),
			tx.PutRinging(number(1), number(11), true),
			tx.PutRinging(number(2), number(13), true),
		)
	})
	ringing := func() (ids []domain.ID) {
		d.view(func(tx *store.Tx) (err error) { ids, err = tx.RingingCalls(number(1)); return err })
		return ids
	}
	wantList(t, "ringing", ringing(), []domain.ID{number(11), number(12)})
	d.update(func(tx *store.Tx) error {
		return errors.Join(tx.PutRinging(number(1), number(11), false), tx.PutRinging(number(1), number(99), false))
	})
	wantList(t, "after one was answered", ringing(), []domain.ID{number(12)})
}
