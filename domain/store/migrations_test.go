package store_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestOpen_StoreOfANewerProgramIsLeftAlone(t *testing.T) {
	d := open(t)
	if err := d.engine.Update(t.Context(), func(w kv.Txn) error { return w.Set([]byte("z"), []byte{0, 0, 0, 99}) }); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), d.engine, store.Options{Now: time.Now, SealKey: make([]byte, store.SealKeyLength)})
	if !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v, want %v", err, store.ErrNewer)
	}
}
