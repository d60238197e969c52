package store_test

import (
	"errors"
	"maps"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestOperator_AddressIsUniqueWithoutCase(t *testing.T) {
	d := open(t)
	a := domain.Operator{ID: domain.ID{1}, Email: "Eva@Example.org"}
	b := domain.Operator{ID: domain.ID{2}, Email: "eva@example.org"}
	d.update(func(tx *store.Tx) error { return tx.PutOperator(&a) })
	err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutOperator(&b) })
	wantKind(t, "another operator with the address", err, domain.Conflict)
	a.Email = "other@example.org"
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutOperator(&a), tx.PutOperator(&b)) })
}

func TestOperator_IsFoundByTheAddressTheyHaveNow(t *testing.T) {
	wantIndexOfLastState(t, func(tx *store.Tx, o *domain.Operator) error { return tx.PutOperator(o) }, nil,
		domain.Operator{ID: number(1), Email: "eva@example.org"},
		domain.Operator{ID: number(1), Email: "EVA@example.org"},
		domain.Operator{ID: number(1), Email: "eva.nova@example.org"},
	)
	d := open(t)
	o := domain.Operator{ID: number(1), Email: "eva@example.org"}
	d.update(func(tx *store.Tx) error { return tx.PutOperator(&o) })
	o.Email = "nova@example.org"
	d.update(func(tx *store.Tx) error { return tx.PutOperator(&o) })
	d.view(func(tx *store.Tx) error {
		got, err := tx.OperatorByEmail(" Nova@Example.ORG ")
		if got.ID != o.ID {
			t.Errorf("got %s, %v", got.ID, err)
		}
		_, err = tx.OperatorByEmail("eva@example.org")
		wantKind(t, "the address they had before", err, domain.NotFound)
		return nil
	})
}

func TestOperators_ListAndNames(t *testing.T) {
	d := open(t)
	for i, name := range []string{"Eva", "Jana", "Petr"} {
		o := domain.Operator{ID: number(3 - i), Email: name + "@example.org", Name: name}
		d.update(func(tx *store.Tx) error { return tx.PutOperator(&o) })
	}
	d.view(func(tx *store.Tx) error {
		list, err := tx.Operators()
		var names []string
		for _, o := range list {
			names = append(names, o.Name)
		}
		wantList(t, "in the order of their creation", names, []string{"Petr", "Jana", "Eva"})
		some, err2 := tx.OperatorNames(number(3), domain.ID{}, number(3), number(77))
		if want := map[domain.ID]string{number(3): "Eva", number(77): ""}; !maps.Equal(some, want) {
			t.Errorf("got the names %v, want %v", some, want)
		}
		none, err3 := tx.OperatorNames()
		if len(none) != 0 {
			t.Errorf("got %v of nobody", none)
		}
		return errors.Join(err, err2, err3)
	})
}

// What an operator arranged follows them to any browser, the tabs in their order.
func TestOperator_TabsKeepTheirOrder(t *testing.T) {
	d := open(t)
	tabs := []domain.ID{number(9), number(2), number(5)}
	o := domain.Operator{ID: number(1), Email: "eva@example.org", Preferences: domain.Preferences{OpenTabs: tabs}}
	d.update(func(tx *store.Tx) error { return tx.PutOperator(&o) })
	d.reopen()
	d.view(func(tx *store.Tx) error {
		got, err := tx.Operator(o.ID)
		wantList(t, "tabs", got.Preferences.OpenTabs, tabs)
		return err
	})
}
