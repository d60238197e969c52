package store

import (
	"errors"
	"time"

	"pult/domain"
	"pult/domain/store/kv"
)

// OrphanStatus is a report about a message whose vendor id is not known yet: it waits for the answer of the send.
type OrphanStatus struct {
	State   domain.MessageState `cbor:"1,keyasint,omitzero"`
	At      time.Time           `cbor:"2,keyasint,omitzero"`
	Failure *domain.Failure     `cbor:"3,keyasint,omitzero"`
}

// PutOrphan keeps the furthest report for a vendor id nobody knows yet.
func (tx *Tx) PutOrphan(channel domain.ID, vendorID string, s OrphanStatus) error {
	k := makeKey("mo/", channel[:], []byte(clipText(vendorID)))
	var old OrphanStatus
	had, err := tx.findRecord(k, &old)
	if err != nil {
		return err
	}
	if had && !old.State.CanAdvanceTo(s.State) {
		return nil
	}
	return tx.putRecord(k, &s)
}

// TakeOrphan gives and removes the report that waits for a vendor id.
func (tx *Tx) TakeOrphan(channel domain.ID, vendorID string) (s OrphanStatus, ok bool, err error) {
	k := makeKey("mo/", channel[:], []byte(clipText(vendorID)))
	if ok, err = tx.findRecord(k, &s); err != nil || !ok {
		return s, false, err
	}
	return s, true, tx.deleteKey(k)
}

// SweepOrphans drops reports that are older than life, at most limit of them, and tells how many went.
func (tx *Tx) SweepOrphans(life time.Duration, limit int) (n int, err error) {
	var old [][]byte
	err = tx.eachQueued(kv.Range{Prefix: makeKey("mo/")}, func(k, v []byte) error {
		var s OrphanStatus
		if err := decodeValue(v, &s); err != nil {
			return err
		}
		if isOver(s.At.Add(life), tx.Now, life) {
			old = append(old, append([]byte(nil), k...))
		}
		if len(old) == limit {
			return kv.ErrStop
		}
		return nil
	})
	return len(old), errors.Join(err, deleteKeys(tx, old))
}
