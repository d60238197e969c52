package store_test

import (
	"errors"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestEnsureCompany_SpellingsOfOneNameAreOneCompany(t *testing.T) {
	d := open(t)
	ids := map[string]domain.ID{}
	long := strings.Repeat("Dvůr ", 100)
	for _, name := range []string{"Dvůr", "DVUR", "dvůr", "Dvůr s.r.o.", long + "1", long + "2"} {
		d.update(func(tx *store.Tx) error {
			c, err := tx.EnsureCompany(name)
			ids[name] = c.ID
			return err
		})
	}
	if ids["Dvůr"] != ids["DVUR"] || ids["Dvůr"] != ids["dvůr"] {
		t.Errorf("got several companies for one name: %v", ids)
	}
	d.update(func(tx *store.Tx) error {
		c, err := tx.EnsureCompany(long + "1")
		if c.ID != ids[long+"1"] {
			t.Error("a long name is another company the second time")
		}
		return err
	})
	if ids["Dvůr"] == ids["Dvůr s.r.o."] || ids[long+"1"] == ids[long+"2"] {
		t.Errorf("got one company for several names: %v", ids)
	}
	d.update(func(tx *store.Tx) error {
		c, err := tx.EnsureCompany("")
		if !c.ID.IsZero() {
			t.Errorf("no name is the company %s", c.ID)
		}
		kept, err2 := tx.Company(ids["Dvůr"])
		if kept.Name != "Dvůr" || !kept.CreatedAt.Equal(noon) {
			t.Errorf("got %+v, want the first spelling", kept)
		}
		return errors.Join(err, err2)
	})
}
