package demo_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
	"pult/internal/demo"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	s, err := store.Open(t.Context(), engine, store.Options{
		Now: func() time.Time { return now }, SealKey: make([]byte, store.SealKeyLength),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCheckData_SampleDataAndADeskAreNeverTakenForEachOther(t *testing.T) {
	put := func(w domain.Workspace, operators ...domain.Operator) *store.Store {
		s := openStore(t)
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			for i := range operators {
				if operators[i].ID = tx.NewID(); tx.PutOperator(&operators[i]) != nil {
					t.Fatal("an operator cannot be stored")
				}
			}
			return tx.PutWorkspace(&w)
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	eva := domain.Operator{Name: "Eva", Email: "eva@pult.example", Role: domain.RoleAdministrator, Active: true}
	for _, c := range []struct {
		name           string
		data           *store.Store
		asDesk, asDemo error
	}{
		{"nothing", openStore(t), nil, nil},
		{"a desk", put(domain.Workspace{SetUpAt: now}, eva), nil, demo.ErrRealData},
		{"an operator without a desk", put(domain.Workspace{}, eva), nil, demo.ErrRealData},
		{"sample data", newShop(t).Store, demo.ErrSampleData, nil},
		{"sample data that broke off", put(domain.Workspace{Demo: true}, eva), demo.ErrSampleData, demo.ErrHalfFilled},
	} {
		if err := demo.CheckData(t.Context(), c.data, false); !errors.Is(err, c.asDesk) {
			t.Errorf("%s as a desk: got %v, want %v", c.name, err, c.asDesk)
		}
		if err := demo.CheckData(t.Context(), c.data, true); !errors.Is(err, c.asDemo) {
			t.Errorf("%s as a demo: got %v, want %v", c.name, err, c.asDemo)
		}
	}
}

func TestSeed_ADesksDataAreNeitherFilledNorMarked(t *testing.T) {
	s := newShop(t)
	real := openStore(t)
	want := domain.Workspace{Company: "Dvůr", SetUpAt: now, InstallID: "1"}
	if err := real.Update(t.Context(), func(tx *store.Tx) error { return tx.PutWorkspace(&want) }); err != nil {
		t.Fatal(err)
	}
	o := options(s, "http://vendor.example")
	o.Store = real
	if err := demo.Seed(t.Context(), o); !errors.Is(err, demo.ErrRealData) {
		t.Errorf("got %v, want %v", err, demo.ErrRealData)
	}
	err := real.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Workspace()
		operators, _ := tx.Operators()
		if got != want || len(operators) != 0 {
			t.Errorf("got %+v and %d operators, want it untouched", got, len(operators))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
