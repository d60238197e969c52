package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
)

func TestNextNumber_HasNoGapAndNoRepeatForManyCallers(t *testing.T) {
	d := open(t)
	var mu sync.Mutex
	drawn := map[uint64]bool{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				var n uint64
				err := d.Update(t.Context(), func(tx *store.Tx) (err error) {
					n, err = tx.NextNumber("conversation")
					return err
				})
				mu.Lock()
				if err != nil || drawn[n] {
					t.Errorf("got %d, drawn before: %v, %v", n, drawn[n], err)
				}
				drawn[n] = true
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for n := uint64(1); n <= 80; n++ {
		if !drawn[n] {
			t.Errorf("%d was never drawn", n)
		}
	}
}

func TestNextNumber_OfATransactionThatFailedIsDrawnAgain(t *testing.T) {
	d := open(t)
	draw := func(name string, fault error) (n uint64) {
		err := d.Update(t.Context(), func(tx *store.Tx) (err error) {
			n, err = tx.NextNumber(name)
			return errors.Join(err, fault)
		})
		if !errors.Is(err, fault) {
			t.Error(err)
		}
		return n
	}
	first := draw("request", nil)
	lost := draw("request", errors.New("undone"))
	again := draw("request", nil)
	other := draw("operator", nil)
	d.update(func(tx *store.Tx) error { return tx.SetNumber("request", 2040) })
	wantList(t, "numbers", []uint64{first, lost, again, other, draw("request", nil)}, []uint64{1, 2, 2, 1, 2041})
}

// A conversation counts once a day for whoever answered in it, however often they did.
func TestNoteLed_CountsAConversationOnceADay(t *testing.T) {
	d := open(t)
	eva, jana := number(1), number(2)
	for _, led := range []struct {
		who          domain.ID
		conversation int
		day          string
	}{
		{eva, 7, "20261120"}, {eva, 7, "20261120"}, {eva, 8, "20261120"}, {eva, 7, "20261121"}, {jana, 7, "20261120"},
	} {
		d.update(func(tx *store.Tx) error { return tx.NoteLed(led.who, number(led.conversation), led.day) })
	}
	d.view(func(tx *store.Tx) error {
		var got []int64
		var errs []error
		for _, q := range []struct {
			who domain.ID
			day string
		}{{eva, "20261120"}, {eva, "20261121"}, {jana, "20261120"}, {jana, "20261121"}} {
			n, err := tx.LedCount(q.who, q.day)
			got, errs = append(got, n), append(errs, err)
		}
		wantList(t, "counts", got, []int64{2, 1, 1, 0})
		return errors.Join(errs...)
	})
}

func TestAverageFirstResponse_IsOfTheDay(t *testing.T) {
	d := open(t)
	for _, took := range []time.Duration{time.Minute, 2 * time.Minute, 6 * time.Minute} {
		d.update(func(tx *store.Tx) error { return tx.AddFirstResponse(number(1), "20261120", took) })
	}
	d.view(func(tx *store.Tx) error {
		average, err := tx.AverageFirstResponse(number(1), "20261120")
		none, err2 := tx.AverageFirstResponse(number(1), "20261121")
		other, err3 := tx.AverageFirstResponse(number(2), "20261120")
		wantList(t, "averages", []time.Duration{average, none, other}, []time.Duration{3 * time.Minute, 0, 0})
		return errors.Join(err, err2, err3)
	})
}
