package people_test

import (
	"fmt"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/desk/people"
	"pult/domain/store"
	"pult/internal/desktest"
)

// addOperators writes operators whose names are not in the order of their making.
func addOperators(t *testing.T, d *desktest.Desk, count int) {
	t.Helper()
	for next := 0; next < count; next += 100 {
		err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
			for i := next; i < min(next+100, count); i++ {
				o := domain.Operator{
					ID: tx.NewID(), Number: uint64(100 + i), Name: fmt.Sprintf("Žofie %d", (i*7919)%count), Role: domain.RoleOperator,
					Email: fmt.Sprintf("z%d@pult.example", i), Active: i%10 != 0, PasswordHash: "secret",
				}
				if err := tx.PutOperator(&o); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestListOperators_PagesMeetEachOnceByName(t *testing.T) {
	d := desktest.New(t)
	all, err := d.People.Operators(t.Context(), d.Jana)
	if err != nil {
		t.Fatal(err)
	}
	addOperators(t, d, 500)
	seen, last := map[domain.ID]bool{}, ""
	for q := (people.Query{}); ; {
		page, err := d.People.ListOperators(t.Context(), d.Jana, q)
		if err != nil || len(page.Operators) > people.PageSize || page.Count != 500+len(all) {
			t.Fatalf("got %d of %d, %v; want at most %d", len(page.Operators), page.Count, err, people.PageSize)
		}
		for _, o := range page.Operators {
			if seen[o.ID] || o.PasswordHash != "" {
				t.Fatalf("%s is met twice, or with a password", o.Name)
			}
			seen[o.ID] = true
			if strings.HasPrefix(o.Name, "Žofie") && last != "" && o.Name < last {
				t.Errorf("%s comes after %s", o.Name, last)
			}
			if strings.HasPrefix(o.Name, "Žofie") {
				last = o.Name
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if len(seen) != 500+len(all) {
		t.Errorf("paging met %d operators, want %d", len(seen), 500+len(all))
	}
}

func TestListOperators_FindsByWordsWithoutAccentsAndLeavesOutWhoLeft(t *testing.T) {
	d := desktest.New(t)
	addOperators(t, d, 100)
	for name, c := range map[string]struct {
		q    people.Query
		want int
	}{
		"by a word without its accent": {people.Query{Text: "zofie"}, 100},
		"by name and number":           {people.Query{Text: "žofie 7919"}, 0},
		"by address":                   {people.Query{Text: "z42@pult"}, 1},
		"active ones":                  {people.Query{Text: "zofie", Active: true}, 90},
		"nobody":                       {people.Query{Text: "xyzzy"}, 0},
	} {
		page, err := d.People.ListOperators(t.Context(), d.Jana, c.q)
		if err != nil || page.Count != c.want || len(page.Operators) != min(c.want, people.PageSize) {
			t.Errorf("%s: got %d of %d, %v; want %d", name, len(page.Operators), page.Count, err, c.want)
		}
	}
	for _, wrong := range []string{"x", strings.Repeat("!", 26), strings.Repeat("0", 2000)} {
		if _, err := d.People.ListOperators(t.Context(), d.Jana, people.Query{After: wrong}); domain.KindOf(err) != domain.Invalid {
			t.Errorf("cursor %.30q: got %v, want invalid", wrong, err)
		}
	}
	if _, err := d.People.ListOperators(t.Context(), &domain.Operator{}, people.Query{}); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("somebody without a role: got %v, want forbidden", err)
	}
}
