package store_test

import (
	"bytes"
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestJournal_EntriesWaitInOrderAndLongBodiesStayWhole(t *testing.T) {
	d := open(t)
	long := bytes.Repeat([]byte("0123456789"), 90_000)
	for _, body := range [][]byte{[]byte("one"), long, []byte("three")} {
		if err := d.AppendJournal(t.Context(), &domain.JournalEntry{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	var entries []domain.JournalEntry
	d.view(func(tx *store.Tx) (err error) { entries, _, err = tx.Journal(10, 1<<20); return err })
	if len(entries) != 3 || string(entries[0].Body) != "one" || !bytes.Equal(entries[1].Body, long) || string(entries[2].Body) != "three" {
		t.Fatalf("got %d entries, or other bodies", len(entries))
	}
	d.update(func(tx *store.Tx) error { return tx.Park(&domain.ParkedEntry{JournalEntry: entries[1]}) })
	d.view(func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(entries[1].ID)
		if err != nil || !bytes.Equal(e.Body, long) {
			t.Errorf("parked: got %d bytes, %v; want %d", len(e.Body), err, len(long))
		}
		return nil
	})
	d.update(func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(entries[1].ID)
		return errors.Join(err, tx.Unpark(&e, true))
	})
	d.view(func(tx *store.Tx) (err error) { entries, _, err = tx.Journal(10, 1<<20); return err })
	if len(entries) != 3 || !bytes.Equal(entries[1].Body, long) {
		t.Errorf("got %d entries after putting it back, want 3 with the long one whole", len(entries))
	}
}
