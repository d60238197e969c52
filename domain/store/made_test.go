package store_test

import (
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
)

func TestMade_IsFoundByItsFormAndItsMakerAlone(t *testing.T) {
	d := open(t)
	var ids domain.IDs
	form, eva, jana, made := ids.New(d.now), domain.ID{1}, domain.ID{2}, domain.ID{3}
	d.update(func(tx *store.Tx) error { return tx.NoteMade(eva, form, made) })
	for name, c := range map[string]struct {
		by, form domain.ID
		ok       bool
	}{
		"the form again":        {eva, form, true},
		"somebody else's":       {jana, form, false},
		"another form":          {eva, ids.New(d.now), false},
		"a form without a name": {eva, domain.ID{}, false},
	} {
		d.view(func(tx *store.Tx) error {
			got, ok, err := tx.FindMade(c.by, c.form)
			if ok != c.ok || ok && got != made {
				t.Errorf("%s: got %v %v, want %v", name, got, ok, c.ok)
			}
			return err
		})
	}
}

// What was made is forgotten at least as fast as more is made, whatever browsers send as the name of a form.
func TestMade_IsForgottenAsFastAsMoreIsMade(t *testing.T) {
	d := open(t)
	fill := func(n int, at time.Time) {
		var ids domain.IDs
		for range n {
			d.update(func(tx *store.Tx) error { return tx.NoteMade(domain.ID{1}, ids.New(at), domain.ID{2}) })
		}
	}
	fill(60, d.now)
	fill(20, d.now.AddDate(50, 0, 0)) // no page gave these out
	if n := countMade(d); n != 60 {
		t.Errorf("got %d, want 60", n)
	}
	d.now = d.now.Add(73 * time.Hour)
	fill(30, d.now)
	if n := countMade(d); n != 30 {
		t.Errorf("after 30 more, days later: got %d, want these 30", n)
	}
}

func countMade(d *desk) (n int) {
	for _, k := range d.keys() {
		if strings.HasPrefix(k, "i/") {
			n++
		}
	}
	return n
}
