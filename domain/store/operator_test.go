package store_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestOperator_AddressIsUniqueWithoutCase(t *testing.T) {
	d := open(t)
	a := domain.Operator{ID: domain.ID{1}, Email: "Eva@Example.org"}
	b := domain.Operator{ID: domain.ID{2}, Email: "eva@example.org"}
	d.update(func(tx *store.Tx) error { return tx.PutOperator(&a) })
	if err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutOperator(&b) }); domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want conflict", err)
	}
	a.Email = "other@example.org"
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutOperator(&a), tx.PutOperator(&b)) })
}
