package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
)

func TestEvents_AreNumberedAtCommitAndOldOnesGo(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventMessageAdded})
		tx.Record(domain.Event{Kind: domain.EventConversationChanged})
		return nil
	})
	undone := errors.New("undone")
	err := d.Update(t.Context(), func(tx *store.Tx) error {
		tx.Record(domain.Event{})
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	d.reopen()
	d.update(func(tx *store.Tx) error { tx.Record(domain.Event{Kind: domain.EventOperatorChanged}); return nil })
	if len(d.events) != 3 || d.events[0].Seq != 1 || d.events[2].Seq != 3 {
		t.Errorf("got %+v, want 1 to 3 without a gap, over a restart", d.events)
	}
}

// recordEvents stores n events, as many to a transaction as fit.
func recordEvents(d *desk, n int) {
	d.t.Helper()
	for n > 0 {
		batch := min(n, 450)
		d.update(func(tx *store.Tx) error {
			for range batch {
				tx.Record(domain.Event{Kind: domain.EventMessageAdded})
			}
			return nil
		})
		n -= batch
	}
}

func TestEvents_AreReplayedFromANumber(t *testing.T) {
	d := open(t)
	recordEvents(d, 10)
	for _, tc := range []struct {
		after  uint64
		limit  int
		want   []uint64
		tooOld bool
	}{
		{0, 3, []uint64{1, 2, 3}, false},
		{7, 10, []uint64{8, 9, 10}, false},
		{10, 10, nil, false},
		{11, 10, nil, true}, // a number of another desk, such as before a backup was restored
	} {
		d.view(func(tx *store.Tx) error {
			list, tooOld, err := tx.Events(tc.after, tc.limit)
			var got []uint64
			for _, e := range list {
				got = append(got, e.Seq)
			}
			wantList(t, fmt.Sprint("after ", tc.after), got, tc.want)
			if tooOld != tc.tooOld {
				t.Errorf("after %d: too old is %v, want %v", tc.after, tooOld, tc.tooOld)
			}
			return err
		})
	}
}

func TestEvents_OnesThatAreNoLongerKeptAreTooOld(t *testing.T) {
	d := open(t)
	recordEvents(d, store.EventsKept+5)
	d.view(func(tx *store.Tx) error {
		_, tooOld, err := tx.Events(4, 1)
		list, kept, err2 := tx.Events(5, 1)
		if !tooOld || kept || len(list) != 1 || list[0].Seq != 6 {
			t.Errorf("after 4: too old %v; after 5: %v, too old %v; want true, event 6, false", tooOld, list, kept)
		}
		newest, err3 := tx.Seq()
		if newest != store.EventsKept+5 {
			t.Errorf("got the newest number %d", newest)
		}
		return errors.Join(err, err2, err3)
	})
}

// Whoever is told of an event reads what it is about at once, and pages rely on the order of the numbers.
func TestAfterCommit_TellsInOrderWhatCanBeReadAlready(t *testing.T) {
	d := open(t)
	var s *store.Store
	var told []uint64 // appended to by the one writer only
	s, err := store.Open(t.Context(), d.engine, store.Options{
		Now: time.Now, SealKey: make([]byte, store.SealKeyLength),
		AfterCommit: func(events []domain.Event) {
			for _, e := range events {
				told = append(told, e.Seq)
				err := s.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Operator(e.OperatorID); return err })
				if err != nil {
					t.Errorf("event %d: its operator cannot be read: %v", e.Seq, err)
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			for k := range 5 {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					o := domain.Operator{ID: tx.NewID(), Email: fmt.Sprintf("%d.%d@example.org", i, k)}
					tx.Record(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: o.ID})
					return tx.PutOperator(&o)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for i, seq := range told {
		if seq != uint64(i+1) {
			t.Fatalf("told %v, want 1 to 30 in order", told)
		}
	}
	if len(told) != 30 {
		t.Errorf("told %d events, want 30", len(told))
	}
}
