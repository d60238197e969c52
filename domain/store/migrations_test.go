package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestOpen_StoreOfANewerProgramIsLeftAlone(t *testing.T) {
	d := open(t)
	newer := []byte{0, 0, 0, 99}
	err := d.engine.Update(t.Context(), func(w kv.Txn) error { return w.Set([]byte("z"), newer) })
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), d.engine, store.Options{Now: time.Now, SealKey: make([]byte, store.SealKeyLength)})
	if !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v, want %v", err, store.ErrNewer)
	}
}

func TestOpen_AgainChangesNothing(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{Company: "Dvůr"}) })
	before := d.keys()
	d.reopen()
	wantList(t, "keys", d.keys(), before)
	if !slices.Contains(before, "z") {
		t.Errorf("got %q, want the schema number among them", before)
	}
}

// A value that a newer program wrote is not half understood.
func TestView_ValueOfANewerFormIsRefused(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{Company: "Dvůr"}) })
	for name, value := range map[string][]byte{"a newer form": {2, 0xa0}, "nothing": {}, "garbage": {1, 0xff, 0xff}} {
		if err := d.engine.Update(t.Context(), func(w kv.Txn) error { return w.Set([]byte("w"), value) }); err != nil {
			t.Fatal(err)
		}
		err := d.View(t.Context(), func(tx *store.Tx) error { _, err := tx.Workspace(); return err })
		wantKind(t, name, err, domain.Internal)
	}
}
