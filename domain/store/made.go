package store

import (
	"time"

	"pult/domain"
	"pult/domain/store/kv"
)

const (
	// madeRemembered is how long it is known what was made from a form. Whoever sends it once more does so within
	// seconds; one that waited for its operator to sign in again, within a day or two.
	madeRemembered = 72 * time.Hour
	// madeForgotten is how many entries that are older go with each new one: more than arrive.
	madeForgotten = 3
)

func madeKey(by, form domain.ID) []byte { return makeKey("i/", form[:], by[:]) }

// FindMade gives what an operator made from a form before. A form without an identifier made nothing that is known.
func (tx *Tx) FindMade(by, form domain.ID) (made domain.ID, ok bool, err error) {
	if form.IsZero() {
		return made, false, nil
	}
	return tx.findID(madeKey(by, form))
}

// NoteMade notes what an operator made from a form, so that the same form makes nothing more. An identifier that no
// page of ours can have given out, because its time has not come, is not noted: it would never be forgotten.
func (tx *Tx) NoteMade(by, form, made domain.ID) error {
	if form.IsZero() || form.Time().After(tx.Now.Add(madeRemembered)) {
		return nil
	}
	if err := tx.forgetMade(); err != nil {
		return err
	}
	return tx.setKey(madeKey(by, form), made[:])
}

// forgetMade drops the oldest entries that are not remembered any more.
func (tx *Tx) forgetMade() error {
	var old [][]byte
	err := tx.r.Iterate(kv.Range{Prefix: makeKey("i/"), KeysOnly: true}, func(k, _ []byte) error {
		if len(old) == madeForgotten || idFrom(k[len("i/"):]).Time().After(tx.Now.Add(-madeRemembered)) {
			return kv.ErrStop
		}
		old = append(old, append([]byte(nil), k...))
		return nil
	})
	if err != nil {
		return err
	}
	return deleteKeys(tx, old)
}
