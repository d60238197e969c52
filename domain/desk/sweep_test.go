package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/desktest"
)

// Far more than one transaction may drop came within an hour: one sweep drops all that is past its time, and nothing
// else.
func TestSweep_DropsAtLeastAsFastAsThingsCome(t *testing.T) {
	d := desktest.New(t)
	const many = 1100
	keep := func(age string) {
		for i := range many {
			d.Update(func(tx *store.Tx) error {
				name := fmt.Sprint(age, i)
				if err := tx.PutOrphan(d.Channel.ID, name, store.OrphanStatus{State: domain.StateSent, At: tx.Now}); err != nil {
					return err
				}
				return tx.PutPublication(name, store.Publication{Expires: tx.Now.Add(store.PublishedFor)})
			})
			f := domain.File{Name: age, MIME: "text/plain"}
			if i%3 != 0 { // files are slower to make
				continue
			}
			if err := d.Store.WriteFile(t.Context(), &f, strings.NewReader("x"), 10); err != nil {
				t.Fatal(err)
			}
		}
	}
	keep("old")
	d.Clock.Move(24 * time.Hour)
	keep("fresh")
	d.Settle()
	d.Clock.Move(59 * time.Minute)
	d.Settle()
	uploads, orphans, published := map[string]int{}, map[string]int{}, map[string]int{}
	d.View(func(tx *store.Tx) error {
		ids, err := tx.UnclaimedFiles(10 * many)
		if err != nil {
			return err
		}
		for _, id := range ids {
			f, err := tx.File(id)
			if err != nil {
				return err
			}
			uploads[f.Name]++
		}
		return nil
	})
	for _, age := range []string{"old", "fresh"} {
		for i := range many {
			d.Update(func(tx *store.Tx) error {
				name := fmt.Sprint(age, i)
				_, ok, err := tx.TakeOrphan(d.Channel.ID, name)
				if ok {
					orphans[age]++
				}
				if _, err := tx.Publication(name); err == nil {
					published[age]++
				}
				return err
			})
		}
	}
	files := (many + 2) / 3
	if uploads["old"] != 0 || orphans["old"] != 0 || published["old"] != 0 {
		t.Errorf("of the old are left: %d uploads, %d reports, %d published; want none", uploads["old"], orphans["old"], published["old"])
	}
	if uploads["fresh"] != files || orphans["fresh"] != many || published["fresh"] != many {
		t.Errorf("of the fresh are left: %d uploads, %d reports, %d published; want all", uploads["fresh"], orphans["fresh"], published["fresh"])
	}
}
