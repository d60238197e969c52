package store_test

import (
	"testing"

	"pult/domain/store"
)

func TestReceiverCursor_GoesOnAfterARestart(t *testing.T) {
	d := open(t)
	read := func(channel int) (cursor string) {
		d.view(func(tx *store.Tx) (err error) { cursor, err = tx.ReceiverCursor(number(channel)); return err })
		return cursor
	}
	if got := read(1); got != "" {
		t.Errorf("got %q before anything was received", got)
	}
	for _, cursor := range []string{"uid:1", "uid:25"} {
		if err := d.SetReceiverCursor(t.Context(), number(1), cursor); err != nil {
			t.Fatal(err)
		}
	}
	d.reopen()
	if got := read(1); got != "uid:25" {
		t.Errorf("got %q, want the last one", got)
	}
	if got := read(2); got != "" {
		t.Errorf("another channel goes on from %q", got)
	}
}
