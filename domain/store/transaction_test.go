package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestUpdate_ErrorUndoesEverything(t *testing.T) {
	d := open(t)
	before := d.keys()
	undone := errors.New("undone")
	err := d.Update(t.Context(), func(tx *store.Tx) error {
		o := domain.Operator{ID: tx.NewID(), Email: "eva@example.org"}
		tx.Record(domain.Event{Kind: domain.EventOperatorChanged})
		return errors.Join(tx.PutOperator(&o), undone)
	})
	if !errors.Is(err, undone) {
		t.Errorf("got %v, want the error of the function", err)
	}
	wantList(t, "keys", d.keys(), before)
	if len(d.events) != 0 {
		t.Errorf("told %d events of what was undone", len(d.events))
	}
}

func TestUpdate_ReadsItsOwnWrites(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error {
		o := domain.Operator{ID: number(1), Email: "eva@example.org"}
		if err := tx.PutOperator(&o); err != nil {
			return err
		}
		got, err := tx.OperatorByEmail("eva@example.org")
		if got.ID != o.ID {
			t.Errorf("got %s", got.ID)
		}
		return err
	})
}

// Times are index keys: a clock with a zone and nanoseconds must not make keys that are never found again.
func TestTx_TimeIsUTCInWholeMillisecondsAndStandsStill(t *testing.T) {
	d := open(t)
	d.now = time.Date(2026, 11, 20, 13, 0, 0, 1_999_999, time.FixedZone("CET", 3600))
	d.update(func(tx *store.Tx) error {
		first := tx.Now
		d.now = d.now.Add(time.Hour)
		if want := noon.Add(time.Millisecond); !first.Equal(want) || first.Location() != time.UTC || tx.Now != first {
			t.Errorf("got %v and later %v, want %v", first, tx.Now, want)
		}
		return nil
	})
}

func TestNewID_RisesWithinATransactionAndFromOneToTheNext(t *testing.T) {
	d := open(t)
	var ids []domain.ID
	for i := range 5 {
		d.now = noon.Add(-time.Duration(i) * time.Minute) // the clock of the machine is set back
		d.update(func(tx *store.Tx) error {
			for range 3 {
				ids = append(ids, tx.NewID())
			}
			return nil
		})
	}
	for i := 1; i < len(ids); i++ {
		if slices.Compare(ids[i-1][:], ids[i][:]) >= 0 {
			t.Errorf("got %s after %s, want a higher one", ids[i], ids[i-1])
		}
	}
}

// Long loops ask how much they have written, to commit before the engine refuses: the count must not be too low.
func TestOps_CountsWhatTheEngineCounts(t *testing.T) {
	d := open(t)
	m := domain.Message{ID: number(1), ConversationID: number(7), At: noon, Direction: domain.Incoming}
	for i := range 300 {
		m.Text += fmt.Sprintf(" slovo%d", i)
	}
	before, written := len(d.keys()), 0
	d.update(func(tx *store.Tx) error {
		if tx.Ops() != 0 {
			t.Errorf("got %d before anything was written", tx.Ops())
		}
		err := tx.PutMessage(&m, 1)
		written = tx.Ops()
		return err
	})
	if keys := len(d.keys()) - before; written < keys || keys < 300 {
		t.Errorf("counted %d, but %d keys were written", written, keys)
	}
}

func TestUpdate_WhatNeverFitsSaysSo(t *testing.T) {
	d := open(t)
	w := domain.Workspace{Company: strings.Repeat("x", kv.MaxValue)}
	err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutWorkspace(&w) })
	if !errors.Is(err, store.ErrTooBig) {
		t.Errorf("got %v, want %v", err, store.ErrTooBig)
	}
}

func TestView_SeesOneMomentWhileOthersWrite(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{Company: "Dvůr"}) })
	d.view(func(tx *store.Tx) error {
		d.update(func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{Company: "Zahrada"}) })
		w, err := tx.Workspace()
		if w.Company != "Dvůr" {
			t.Errorf("got %q, want what it was when the reading began", w.Company)
		}
		return err
	})
}

// faulty is an engine that refuses writes while fault is set.
type faulty struct {
	kv.Store
	fault error
}

func (f *faulty) Update(ctx context.Context, fn func(kv.Txn) error) error {
	if f.fault != nil {
		return f.fault
	}
	return f.Store.Update(ctx, fn)
}

func (f *faulty) Append(ctx context.Context, key, value []byte) error {
	if f.fault != nil {
		return f.fault
	}
	return f.Store.Append(ctx, key, value)
}

// openFaulty is a desk on such an engine.
func openFaulty(t *testing.T) (*desk, *faulty) {
	t.Helper()
	d := open(t)
	f := &faulty{Store: d.engine}
	d.engine = f
	d.reopen()
	return d, f
}

func TestUpdate_FullDiskIsARefusalThatEndsByItself(t *testing.T) {
	d, engine := openFaulty(t)
	put := func() error {
		return d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{}) })
	}
	receive := func() error { return d.AppendJournal(t.Context(), &domain.JournalEntry{Body: []byte("x")}) }
	for name, write := range map[string]func() error{"a transaction": put, "a webhook": receive} {
		engine.fault = kv.ErrReadOnly
		err := write()
		wantKind(t, name, err, domain.Unavailable)
		var refusal *domain.Error
		if !errors.As(err, &refusal) || refusal.Key != "error.disk_full" || !errors.Is(err, kv.ErrReadOnly) {
			t.Errorf("%s: got %v, want that the disk is full, with its cause", name, err)
		}
		if !d.IsFull() {
			t.Errorf("%s: the desk does not know that it is full", name)
		}
		engine.fault = nil
		if err := write(); err != nil || d.IsFull() {
			t.Errorf("%s once there is room: got %v, full %v", name, err, d.IsFull())
		}
	}
}

func TestUpdate_BusyEngineIsARefusalAndNoFullDisk(t *testing.T) {
	d, engine := openFaulty(t)
	for _, fault := range []error{kv.ErrConflict, kv.ErrUnknown} {
		engine.fault = fault
		err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{}) })
		wantKind(t, fault.Error(), err, domain.Unavailable)
		if d.IsFull() {
			t.Errorf("%v counts as a full disk", fault)
		}
	}
	engine.fault = errors.New("broken")
	err := d.Update(t.Context(), func(tx *store.Tx) error { return nil })
	wantKind(t, "a fault of the engine", err, domain.Internal)
}

// twice is an engine that runs every transaction a second time, as one does after a conflict.
type twice struct{ kv.Store }

func (e twice) Update(ctx context.Context, fn func(kv.Txn) error) error {
	again := errors.New("again")
	err := e.Store.Update(ctx, func(w kv.Txn) error { return errors.Join(fn(w), again) })
	if !errors.Is(err, again) {
		return err
	}
	return e.Store.Update(ctx, fn)
}

// After a conflict the function runs again: what the first run recorded or enqueued must not count too.
func TestUpdate_SecondRunStartsFromNothing(t *testing.T) {
	d := open(t)
	d.engine = twice{d.engine}
	d.reopen()
	d.update(func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventOperatorChanged})
		_, err := tx.NextNumber("operator")
		return errors.Join(err, tx.Enqueue(domain.Job{Kind: domain.JobSweep}))
	})
	if len(d.events) != 1 || d.events[0].Seq != 1 {
		t.Errorf("told %+v, want one event with the number 1", d.events)
	}
	if ids, _ := ready(d, "", 10); len(ids) != 1 {
		t.Errorf("got %d jobs, want 1", len(ids))
	}
	d.view(func(tx *store.Tx) error {
		n, err := tx.Counter("operator")
		if n != 1 {
			t.Errorf("got the number %d drawn, want 1", n)
		}
		return err
	})
}
