package store_test

import (
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestWorkspace_IsEmptyBeforeTheSetUp(t *testing.T) {
	d := open(t)
	for _, want := range []string{"", "Dvůr"} {
		d.view(func(tx *store.Tx) error {
			w, err := tx.Workspace()
			if w.Company != want {
				t.Errorf("got %q, want %q", w.Company, want)
			}
			return err
		})
		d.update(func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{Company: "Dvůr"}) })
	}
}
