package store_test

import (
	"errors"
	"testing"

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
	if err := d.Update(t.Context(), func(tx *store.Tx) error { tx.Record(domain.Event{}); return undone }); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	d.reopen()
	d.update(func(tx *store.Tx) error { tx.Record(domain.Event{Kind: domain.EventOperatorChanged}); return nil })
	if len(d.events) != 3 || d.events[0].Seq != 1 || d.events[2].Seq != 3 {
		t.Errorf("got %+v, want 1 to 3 without a gap, over a restart", d.events)
	}
}
