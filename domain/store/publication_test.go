package store_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestPublication_OpensUntilItExpires(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error {
		return tx.PutPublication("canary-token", store.Publication{File: number(5), Expires: noon.Add(time.Hour)})
	})
	for _, tc := range []struct {
		token string
		now   time.Time
		want  domain.ErrorKind
	}{
		{"canary-token", noon, ""},
		{"canary-token", noon.Add(time.Hour - time.Millisecond), ""},
		{"canary-token", noon.Add(time.Hour), domain.NotFound},
		{"canary-toke", noon, domain.NotFound},
		{"", noon, domain.NotFound},
	} {
		d.now = tc.now
		d.view(func(tx *store.Tx) error {
			p, err := tx.Publication(tc.token)
			wantKind(t, fmt.Sprintf("%q at %v", tc.token, tc.now), err, tc.want)
			if err == nil && p.File != number(5) {
				t.Errorf("got the file %s", p.File)
			}
			return nil
		})
	}
}

func TestPublication_TokenIsNotOnTheDisk(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error {
		return tx.PutPublication("canary-token", store.Publication{File: number(5), Expires: noon.Add(time.Hour)})
	})
	err := d.engine.View(t.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{}, func(k, v []byte) error {
			if bytes.Contains(k, []byte("canary")) || bytes.Contains(v, []byte("canary")) {
				t.Errorf("the token stands in clear at %q", k)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSweepPublications_ExpiredOnesGoAFewAtATime(t *testing.T) {
	d := open(t)
	for i := range 6 {
		d.update(func(tx *store.Tx) error {
			p := store.Publication{Expires: noon.Add(time.Duration(i%2) * time.Hour)}
			return tx.PutPublication(fmt.Sprint(i), p)
		})
	}
	for _, left := range []int{4, 3, 3} {
		before := len(d.keys())
		d.update(func(tx *store.Tx) error { _, err := tx.SweepPublications(2); return err })
		if got := len(d.keys()) - 1; got != left { // besides them there is the schema number
			t.Errorf("got %d left of %d, want %d", got, before-1, left)
		}
	}
	d.view(func(tx *store.Tx) error {
		for i := 1; i < 6; i += 2 {
			if _, err := tx.Publication(fmt.Sprint(i)); err != nil {
				t.Errorf("publication %d, which has not expired: %v", i, err)
			}
		}
		return nil
	})
}
