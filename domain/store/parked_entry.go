package store

import (
	"cmp"

	"pult/domain"
	"pult/domain/store/kv"
)

// Park keeps an entry that could not be taken in, out of the way of those behind it. The pieces of its body stay.
func (tx *Tx) Park(e *domain.ParkedEntry) error {
	if err := tx.deleteKey(makeKey("j/", e.ID[:])); err != nil {
		return err
	}
	return tx.PutParked(e)
}

// PutParked writes a parked entry.
func (tx *Tx) PutParked(e *domain.ParkedEntry) error {
	kept := *e
	kept.Size = cmp.Or(e.Size, len(e.Body))
	kept.JournalEntry = lastPart(e.JournalEntry)
	return tx.putRecord(makeKey("jp/", e.ID[:]), &kept)
}

// ParkedEntries lists parked entries, newest first, without the pieces of long bodies.
func (tx *Tx) ParkedEntries(limit int) (list []domain.ParkedEntry, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: makeKey("jp/"), Reverse: true, Limit: limit}, func(_, v []byte) error {
		var e domain.ParkedEntry
		if err := decodeValue(v, &e); err != nil {
			return err
		}
		list = append(list, e)
		return nil
	})
	return list, err
}

// ParkedEntry reads one parked entry, whole.
func (tx *Tx) ParkedEntry(id domain.ID) (e domain.ParkedEntry, err error) {
	if err := tx.getRecord(makeKey("jp/", id[:]), &e); err != nil {
		return e, err
	}
	return e, tx.joinBody(&e.JournalEntry)
}

// Unpark removes an entry from the parked ones; again puts it back among those that wait.
func (tx *Tx) Unpark(e *domain.ParkedEntry, again bool) error {
	if err := tx.deleteKey(makeKey("jp/", e.ID[:])); err != nil {
		return err
	}
	if !again {
		return tx.dropParts(&e.JournalEntry)
	}
	tx.replayed = true
	return tx.putJournalEntry(lastPart(e.JournalEntry))
}
