package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
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
	if len(entries) != 3 || string(entries[0].Body) != "one" || !bytes.Equal(entries[1].Body, long) ||
		string(entries[2].Body) != "three" {
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

// appendEntries makes journal entries of bodies.
func appendEntries(d *desk, bodies ...[]byte) (entries []domain.JournalEntry) {
	d.t.Helper()
	for _, body := range bodies {
		e := domain.JournalEntry{ChannelID: number(1), Body: body}
		if err := d.AppendJournal(d.t.Context(), &e); err != nil {
			d.t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

func TestJournal_ReadsNoMoreThanFitsButAlwaysOne(t *testing.T) {
	d := open(t)
	kilobyte := bytes.Repeat([]byte("x"), 1000)
	appendEntries(d, kilobyte, kilobyte, kilobyte)
	for _, tc := range []struct {
		limit, size, want int
		more              bool
	}{
		{10, 1 << 20, 3, false},
		{3, 1 << 20, 3, false},
		{2, 1 << 20, 2, true},
		{10, 2500, 2, true},
		{10, 2000, 2, true},
		{10, 1, 1, true},
	} {
		d.view(func(tx *store.Tx) error {
			list, more, err := tx.Journal(tc.limit, tc.size)
			if len(list) != tc.want || more != tc.more {
				t.Errorf("%+v: got %d, more %v", tc, len(list), more)
			}
			return err
		})
	}
}

// A body of several pieces counts whole, although the entry itself only holds the last one.
func TestJournal_LongBodyCountsWithAllItsPieces(t *testing.T) {
	d := open(t)
	appendEntries(d, []byte("short"), bytes.Repeat([]byte("x"), 900_000), []byte("short"))
	d.view(func(tx *store.Tx) error {
		list, more, err := tx.Journal(10, 500_000)
		if len(list) != 1 || !more {
			t.Errorf("got %d entries, more %v, want the first alone", len(list), more)
		}
		return err
	})
}

func TestDropJournal_LeavesNoPieceBehind(t *testing.T) {
	d := open(t)
	before := d.keys()
	entries := appendEntries(d, bytes.Repeat([]byte("x"), 900_000), []byte("short"))
	d.update(func(tx *store.Tx) error { return errors.Join(tx.DropJournal(&entries[0]), tx.DropJournal(&entries[1])) })
	wantList(t, "keys", d.keys(), before)
}

func TestAppendJournal_EntriesOfOneMillisecondKeepTheirOrder(t *testing.T) {
	d := open(t)
	var want []domain.ID
	for i := range 20 {
		want = append(want, appendEntries(d, []byte{byte(i)})[0].ID)
	}
	d.view(func(tx *store.Tx) error {
		list, _, err := tx.Journal(100, 1<<20)
		var got []domain.ID
		for _, e := range list {
			got = append(got, e.ID)
		}
		wantList(t, "entries", got, want)
		return err
	})
}

// Pieces are swept once nothing leads to them: their entry never came, or was so long that dropping it left some.
func TestSweepBodies_OnlyPiecesWithoutAnEntryAndOnlyOldOnes(t *testing.T) {
	d := open(t)
	body := bytes.Repeat([]byte("b"), 500<<10)
	waits := domain.JournalEntry{ChannelID: number(1), Body: body}
	parked := domain.JournalEntry{ChannelID: number(1), Body: body}
	for _, e := range []*domain.JournalEntry{&waits, &parked} {
		if err := d.AppendJournal(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	d.update(func(tx *store.Tx) error { return tx.Park(&domain.ParkedEntry{JournalEntry: parked, Reason: "x"}) })
	lost := domain.JournalEntry{ChannelID: number(1), Body: body}
	if err := d.AppendJournal(t.Context(), &lost); err != nil {
		t.Fatal(err)
	}
	before := d.keys()
	err := d.engine.Update(t.Context(), func(w kv.Txn) error { return w.Delete(append([]byte("j/"), lost.ID[:]...)) })
	if err != nil {
		t.Fatal(err)
	}
	pieces := func() (n int) {
		for _, k := range d.keys() {
			if strings.HasPrefix(k, "jb/"+string(lost.ID[:])) {
				n++
			}
		}
		return n
	}
	d.now = d.now.Add(time.Hour)
	for _, c := range []struct {
		life  time.Duration
		limit int
		left  int
	}{{2 * time.Hour, 10, 2}, {time.Minute, 1, 1}, {time.Minute, 10, 0}} {
		d.update(func(tx *store.Tx) error { _, err := tx.SweepBodies(c.life, c.limit); return err })
		if got := pieces(); got != c.left {
			t.Errorf("older than %s, at most %d: %d pieces are left, want %d", c.life, c.limit, got, c.left)
		}
	}
	if got := len(d.keys()); got != len(before)-3 {
		t.Errorf("%d keys are left, want all but the lost entry and its two pieces of %d", got, len(before))
	}
}

// A body of more pieces than a transaction has writes is dropped all the same; the sweep removes the rest.
func TestDropJournal_BodyOfVeryManyPieces(t *testing.T) {
	d := open(t)
	e := domain.JournalEntry{ChannelID: number(1), Body: []byte("the last piece")}
	if err := d.AppendJournal(t.Context(), &e); err != nil {
		t.Fatal(err)
	}
	for e.Parts < kv.MaxTxnOps+100 {
		err := d.engine.Update(t.Context(), func(w kv.Txn) error {
			for range kv.MaxTxnOps / 10 {
				key := binary.BigEndian.AppendUint32(append([]byte("jb/"), e.ID[:]...), uint32(e.Parts))
				if err := w.Set(key, []byte("a piece")); err != nil {
					return err
				}
				e.Parts++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	d.update(func(tx *store.Tx) error { return tx.DropJournal(&e) })
	d.now = d.now.Add(time.Hour)
	for range 6 {
		d.update(func(tx *store.Tx) error { _, err := tx.SweepBodies(time.Minute, 200); return err })
	}
	for _, k := range d.keys() {
		if strings.HasPrefix(k, "j") {
			t.Fatalf("%q is left", k)
		}
	}
}
