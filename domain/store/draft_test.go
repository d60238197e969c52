package store_test

import (
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestDraft_IsKeptPerOperatorAndConversationUntilItIsEmpty(t *testing.T) {
	d := open(t)
	before := d.keys()
	read := func(operator, conversation int) (draft domain.Draft) {
		d.view(func(tx *store.Tx) (err error) {
			draft, err = tx.Draft(number(operator), number(conversation))
			return err
		})
		return draft
	}
	put := func(change func(*domain.Draft)) {
		draft := domain.Draft{Operator: number(1), ConversationID: number(7)}
		change(&draft)
		d.update(func(tx *store.Tx) error { return tx.PutDraft(&draft) })
	}
	put(func(draft *domain.Draft) { draft.Text = "rozepsáno" })
	if got := read(1, 7).Text; got != "rozepsáno" {
		t.Errorf("got %q", got)
	}
	for _, other := range [][2]int{{2, 7}, {1, 8}} {
		if got := read(other[0], other[1]); got.Text != "" {
			t.Errorf("operator %d reads %q in conversation %d", other[0], got.Text, other[1])
		}
	}
	put(func(draft *domain.Draft) { draft.Files = []domain.ID{number(3)} })
	if got := read(1, 7); len(got.Files) != 1 || got.Text != "" {
		t.Errorf("got %+v, want the file without a text", got)
	}
	put(func(draft *domain.Draft) { draft.ReplyTo = number(4) })
	if got := read(1, 7); got.ReplyTo != number(4) {
		t.Errorf("got %+v, want the quoted message alone", got)
	}
	put(func(*domain.Draft) {})
	wantList(t, "keys once it is empty", d.keys(), before)
}
