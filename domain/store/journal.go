package store

import (
	"context"
	"fmt"

	"pult/domain"
	"pult/domain/store/kv"
)

// bodyPart is how much of a webhook's body fits one value; Meta sends up to 3 MB.
const bodyPart = 200 << 10

// AppendJournal keeps a raw webhook, durably: after it returned nil the webhook may be acknowledged. It runs beside the
// writer and shares its sync with others that wait. The pieces of a long body go first: an entry is never without them.
func (s *Store) AppendJournal(ctx context.Context, e *domain.JournalEntry) error {
	e.ReceivedAt = s.time()
	e.ID = s.ids.New(e.ReceivedAt)
	kept := *e
	for len(kept.Body) > bodyPart {
		if err := s.append(ctx, partKey(e.ID, kept.Parts), kept.Body[:bodyPart]); err != nil {
			return err
		}
		kept.Body, kept.Parts = kept.Body[bodyPart:], kept.Parts+1
	}
	e.Parts = kept.Parts
	b, err := encode(&kept)
	if err != nil {
		return err
	}
	if err := s.append(ctx, key("j/", e.ID[:]), b); err != nil {
		return err
	}
	s.journaled.Set()
	return nil
}

func (s *Store) append(ctx context.Context, k, v []byte) error {
	err := s.kv.Append(ctx, k, v)
	s.noteRoom(err)
	if err != nil {
		return refusal(fmt.Errorf("store: append to journal: %w", err))
	}
	return nil
}

func partKey(id domain.ID, n int) []byte { return key("jb/", id[:], u32(uint32(n))) }

// whole puts the pieces of a body back together.
func (tx *Tx) whole(e *domain.JournalEntry) error {
	var body []byte
	for n := range e.Parts {
		part, err := tx.r.Get(partKey(e.ID, n))
		if err != nil {
			return wrap(err, "piece %d of journal entry %s", n, e.ID)
		}
		body = append(body, part...)
	}
	e.Body = append(body, e.Body...)
	return nil
}

// Journal reads entries that wait, oldest first: at most limit, and no more than fit into size bytes, but one in any case. more
// tells that others wait behind them.
func (tx *Tx) Journal(limit, size int) (list []domain.JournalEntry, more bool, err error) {
	err = each(tx, key("j/"), func(e *domain.JournalEntry) error {
		size -= e.Parts*bodyPart + len(e.Body)
		if more = len(list) == limit || size < 0 && len(list) > 0; more {
			return kv.ErrStop
		}
		list = append(list, *e)
		return tx.whole(&list[len(list)-1])
	})
	return list, more, err
}

// DropJournal removes an entry that was taken in.
func (tx *Tx) DropJournal(e *domain.JournalEntry) error {
	if err := tx.dropParts(e); err != nil {
		return err
	}
	return tx.delete(key("j/", e.ID[:]))
}

func (tx *Tx) dropParts(e *domain.JournalEntry) error {
	for n := range e.Parts {
		if err := tx.delete(partKey(e.ID, n)); err != nil {
			return err
		}
	}
	return nil
}

// Park keeps an entry that could not be taken in, out of the way of those behind it. The pieces of its body stay.
func (tx *Tx) Park(e *domain.ParkedEntry) error {
	if err := tx.delete(key("j/", e.ID[:])); err != nil {
		return err
	}
	return tx.PutParked(e)
}

// PutParked writes a parked entry.
func (tx *Tx) PutParked(e *domain.ParkedEntry) error {
	kept := *e
	kept.JournalEntry = lastPart(e.JournalEntry)
	return tx.put(key("jp/", e.ID[:]), &kept)
}

// lastPart is an entry with only the part of the body that lies in its own value.
func lastPart(e domain.JournalEntry) domain.JournalEntry {
	e.Body = e.Body[min(e.Parts*bodyPart, len(e.Body)):]
	return e
}

// ParkedEntries lists parked entries, newest first, without the pieces of long bodies.
func (tx *Tx) ParkedEntries(limit int) (list []domain.ParkedEntry, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: key("jp/"), Reverse: true, Limit: limit}, func(_, v []byte) error {
		var e domain.ParkedEntry
		if err := decode(v, &e); err != nil {
			return err
		}
		list = append(list, e)
		return nil
	})
	return list, err
}

// ParkedEntry reads one parked entry, whole.
func (tx *Tx) ParkedEntry(id domain.ID) (e domain.ParkedEntry, err error) {
	if err := tx.get(key("jp/", id[:]), &e); err != nil {
		return e, err
	}
	return e, tx.whole(&e.JournalEntry)
}

// Unpark removes an entry from the parked ones; again puts it back among those that wait.
func (tx *Tx) Unpark(e *domain.ParkedEntry, again bool) error {
	if err := tx.delete(key("jp/", e.ID[:])); err != nil {
		return err
	}
	if !again {
		return tx.dropParts(&e.JournalEntry)
	}
	tx.replayed = true
	kept := lastPart(e.JournalEntry)
	return tx.put(key("j/", e.ID[:]), &kept)
}
