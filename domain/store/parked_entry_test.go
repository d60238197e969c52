package store_test

import (
	"bytes"
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestPark_TakesTheEntryOutOfTheWay(t *testing.T) {
	d := open(t)
	entries := appendEntries(d, []byte("one"), []byte("two"), []byte("three"))
	for _, i := range []int{1, 0} {
		parked := domain.ParkedEntry{JournalEntry: entries[i], Reason: "why"}
		d.update(func(tx *store.Tx) error { return tx.Park(&parked) })
	}
	d.view(func(tx *store.Tx) error {
		waiting, _, err := tx.Journal(10, 1<<20)
		if len(waiting) != 1 || waiting[0].ID != entries[2].ID {
			t.Errorf("got %d entries that wait, want the third alone", len(waiting))
		}
		parked, err2 := tx.ParkedEntries(10)
		if len(parked) != 2 || parked[0].ID != entries[1].ID || parked[0].Reason != "why" ||
			string(parked[1].Body) != "one" {
			t.Errorf("got %+v, want the second and the first, newest first", parked)
		}
		one, err3 := tx.ParkedEntries(1)
		if len(one) != 1 || one[0].ID != entries[1].ID {
			t.Errorf("got %+v, want the newest alone", one)
		}
		return errors.Join(err, err2, err3)
	})
}

func TestUnpark_ForGoodLeavesNoPieceBehind(t *testing.T) {
	d := open(t)
	before := d.keys()
	entry := appendEntries(d, bytes.Repeat([]byte("x"), 700_000))[0]
	d.update(func(tx *store.Tx) error { return tx.Park(&domain.ParkedEntry{JournalEntry: entry}) })
	d.update(func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(entry.ID)
		return errors.Join(err, tx.Unpark(&e, false))
	})
	wantList(t, "keys", d.keys(), before)
}

// Somebody tries again and again: each try notes its number, and the long body must not grow or shrink by being
// rewritten.
func TestPutParked_RewritingKeepsALongBodyWhole(t *testing.T) {
	d := open(t)
	body := bytes.Repeat([]byte("0123456789"), 45_000)
	entry := appendEntries(d, body)[0]
	d.update(func(tx *store.Tx) error { return tx.Park(&domain.ParkedEntry{JournalEntry: entry}) })
	keys := d.keys()
	for try := 1; try <= 3; try++ {
		d.update(func(tx *store.Tx) error {
			e, err := tx.ParkedEntry(entry.ID)
			if !bytes.Equal(e.Body, body) {
				t.Errorf("try %d: got a body of %d bytes, want %d", try, len(e.Body), len(body))
			}
			e.Tries = try
			return errors.Join(err, tx.PutParked(&e))
		})
	}
	wantList(t, "keys", d.keys(), keys)
	d.view(func(tx *store.Tx) error {
		_, err := tx.ParkedEntry(number(1))
		wantKind(t, "an unknown entry", err, domain.NotFound)
		return nil
	})
}
