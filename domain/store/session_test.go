package store_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestSession_IsFoundByItsHashUntilItEnds(t *testing.T) {
	d := open(t)
	before := d.keys()
	mine := domain.Session{Hash: []byte("hash-1"), Operator: number(1), CreatedAt: noon}
	other := domain.Session{Hash: []byte("hash-2"), Operator: number(1)}
	janas := domain.Session{Hash: []byte("hash-3"), Operator: number(2)}
	d.update(func(tx *store.Tx) error {
		return errors.Join(tx.PutSession(&mine), tx.PutSession(&other), tx.PutSession(&janas), tx.PutSession(&mine))
	})
	hashes := func(operator domain.ID) (list []string) {
		d.view(func(tx *store.Tx) error {
			sessions, err := tx.SessionsOf(operator)
			for _, s := range sessions {
				list = append(list, string(s.Hash))
			}
			return err
		})
		return list
	}
	wantList(t, "of the first operator", hashes(number(1)), []string{"hash-1", "hash-2"})
	d.update(func(tx *store.Tx) error {
		return errors.Join(tx.DeleteSession(mine.Hash), tx.DeleteSession(mine.Hash), tx.DeleteSession([]byte("never")))
	})
	wantList(t, "after one ended", hashes(number(1)), []string{"hash-2"})
	wantList(t, "of the second operator", hashes(number(2)), []string{"hash-3"})
	d.view(func(tx *store.Tx) error {
		_, err := tx.Session(mine.Hash)
		wantKind(t, "a session that ended", err, domain.NotFound)
		_, err = tx.Session([]byte("hash-"))
		wantKind(t, "the beginning of a hash", err, domain.NotFound)
		return nil
	})
	d.update(func(tx *store.Tx) error {
		return errors.Join(tx.DeleteSession(other.Hash), tx.DeleteSession(janas.Hash))
	})
	wantList(t, "keys once all have ended", d.keys(), before)
}
