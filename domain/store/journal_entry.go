package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/store/kv"
)

// bodyPart is how much of a webhook's body fits one value; Meta sends up to 3 MB.
const bodyPart = 200 << 10

// StampEntry gives an entry its id and the time at which it came.
func (s *Store) StampEntry(e *domain.JournalEntry) {
	e.ReceivedAt = s.currentTime()
	e.ID = s.ids.New(e.ReceivedAt)
}

// AppendJournal keeps a raw webhook, durably: after it returned nil the webhook may be acknowledged. It runs beside the
// writer and shares its sync with others that wait. The pieces of a long body go first: an entry is never without them.
func (s *Store) AppendJournal(ctx context.Context, e *domain.JournalEntry) error {
	s.StampEntry(e)
	kept := *e
	for len(kept.Body) > bodyPart {
		if err := s.appendDurably(ctx, partKey(e.ID, kept.Parts), kept.Body[:bodyPart]); err != nil {
			return err
		}
		kept.Body, kept.Parts = kept.Body[bodyPart:], kept.Parts+1
	}
	e.Parts = kept.Parts
	b, err := encodeValue(&kept)
	if err != nil {
		return err
	}
	k := makeKey("j/", e.ID[:])
	s.noteWrite(k)
	defer s.heads.StopWriting(string(k))
	if err := s.appendDurably(ctx, k, b); err != nil {
		return err
	}
	s.journaled.Set()
	return nil
}

func (s *Store) appendDurably(ctx context.Context, k, v []byte) error {
	err := s.kv.Append(ctx, k, v)
	s.noteRoom(err)
	if err != nil {
		return asRefusal(fmt.Errorf("store: append to journal: %w", err))
	}
	return nil
}

func partKey(id domain.ID, n int) []byte { return makeKey("jb/", id[:], uint32Part(uint32(n))) }

// joinBody puts the pieces of a body back together.
func (tx *Tx) joinBody(e *domain.JournalEntry) error {
	var body []byte
	for n := range e.Parts {
		part, err := tx.r.Get(partKey(e.ID, n))
		if err != nil {
			return wrapError(err, "piece %d of journal entry %s", n, e.ID)
		}
		body = append(body, part...)
	}
	e.Body = append(body, e.Body...)
	return nil
}

// Journal reads entries that wait, oldest first: at most limit, and no more than fit into size bytes, but one in any
// case. more tells that others wait behind them.
func (tx *Tx) Journal(limit, size int) (list []domain.JournalEntry, more bool, err error) {
	err = tx.eachQueued(kv.Range{Prefix: makeKey("j/")}, func(_, v []byte) error {
		var e domain.JournalEntry
		if err := decodeValue(v, &e); err != nil {
			return err
		}
		size -= e.Parts*bodyPart + len(e.Body)
		if more = len(list) == limit || size < 0 && len(list) > 0; more {
			return kv.ErrStop
		}
		list = append(list, e)
		return tx.joinBody(&list[len(list)-1])
	})
	return list, more, err
}

// putJournalEntry writes an entry whose body is in pieces already but for its last part.
func (tx *Tx) putJournalEntry(e domain.JournalEntry) error {
	return tx.putRecord(makeKey("j/", e.ID[:]), &e)
}

// DropJournal removes an entry that was taken in.
func (tx *Tx) DropJournal(e *domain.JournalEntry) error {
	if err := tx.dropParts(e); err != nil {
		return err
	}
	return tx.deleteKey(makeKey("j/", e.ID[:]))
}

// partsDropped is how many pieces of a body are removed with its entry. Longer bodies leave the others to SweepBodies,
// because a transaction has only so many writes.
const partsDropped = 400

func (tx *Tx) dropParts(e *domain.JournalEntry) error {
	for n := range min(e.Parts, partsDropped) {
		if err := tx.deleteKey(partKey(e.ID, n)); err != nil {
			return err
		}
	}
	return nil
}

// SweepBodies removes at most limit pieces of bodies whose entry is gone, or never came because the program ended before
// it was acknowledged, and gives how many. Only those of entries that are older than life are looked at: younger ones may
// still come.
func (tx *Tx) SweepBodies(life time.Duration, limit int) (n int, err error) {
	var orphans [][]byte
	var last domain.ID
	isOrphan := false
	err = tx.r.Iterate(kv.Range{Prefix: makeKey("jb/"), KeysOnly: true}, func(k, _ []byte) error {
		if id := idFrom(k[len("jb/") : len("jb/")+idLen]); id != last {
			last = id
			_, waits, err := tx.findValue(makeKey("j/", id[:]))
			if err != nil {
				return err
			}
			_, parked, err := tx.findValue(makeKey("jp/", id[:]))
			if err != nil {
				return err
			}
			isOrphan = !waits && !parked && isOver(id.Time().Add(life), tx.Now, life)
		}
		if isOrphan {
			orphans = append(orphans, slices.Clone(k))
		}
		if len(orphans) == limit {
			return kv.ErrStop
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(orphans), deleteKeys(tx, orphans)
}

func (tx *Tx) findValue(k []byte) (value []byte, ok bool, err error) {
	value, err = tx.r.Get(k)
	if errors.Is(err, kv.ErrNotFound) {
		return nil, false, nil
	}
	return value, err == nil, err
}

// lastPart is an entry with only the part of the body that lies in its own value.
func lastPart(e domain.JournalEntry) domain.JournalEntry {
	e.Body = e.Body[min(e.Parts*bodyPart, len(e.Body)):]
	return e
}
