package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// Reports overtake each other and the answer of the send: whatever comes last, the furthest one is kept.
func TestOrphan_FurthestReportStaysWhateverTheOrder(t *testing.T) {
	d := open(t)
	orders := [][]domain.MessageState{
		{domain.StateSent, domain.StateDelivered, domain.StateRead},
		{domain.StateRead, domain.StateDelivered, domain.StateSent},
		{domain.StateDelivered, domain.StateRead, domain.StateFailed},
	}
	for i, order := range orders {
		vendorID := fmt.Sprint("id", i)
		for _, state := range order {
			d.update(func(tx *store.Tx) error {
				return tx.PutOrphan(number(1), vendorID, store.OrphanStatus{State: state, At: noon})
			})
		}
		d.update(func(tx *store.Tx) error {
			s, ok, err := tx.TakeOrphan(number(1), vendorID)
			if s.State != domain.StateRead || !ok {
				t.Errorf("%v: got %q, %v, want read", order, s.State, ok)
			}
			return err
		})
	}
}

func TestOrphan_IsTakenOnceAndOnItsChannelOnly(t *testing.T) {
	d := open(t)
	failure := &domain.Failure{Class: "permanent", Code: "131"}
	d.update(func(tx *store.Tx) error {
		return tx.PutOrphan(number(1), "id", store.OrphanStatus{State: domain.StateFailed, At: noon, Failure: failure})
	})
	d.update(func(tx *store.Tx) error {
		_, other, err := tx.TakeOrphan(number(2), "id")
		s, first, err2 := tx.TakeOrphan(number(1), "id")
		_, second, err3 := tx.TakeOrphan(number(1), "id")
		if other || !first || second {
			t.Errorf("got it on another channel %v, once %v, twice %v; want only once", other, first, second)
		}
		if s.Failure == nil || *s.Failure != *failure {
			t.Errorf("got the failure %v, want %v", s.Failure, failure)
		}
		return errors.Join(err, err2, err3)
	})
}

func TestSweepOrphans_OldOnesGoAFewAtATime(t *testing.T) {
	d := open(t)
	for i := range 6 {
		d.update(func(tx *store.Tx) error {
			s := store.OrphanStatus{State: domain.StateSent, At: noon.Add(time.Duration(i%2-1) * 2 * time.Hour)}
			return tx.PutOrphan(number(1), fmt.Sprint(i), s)
		})
	}
	for _, want := range []int{2, 1, 0} {
		d.update(func(tx *store.Tx) error {
			n, err := tx.SweepOrphans(time.Hour, 2)
			if n != want {
				t.Errorf("got %d swept, want %d", n, want)
			}
			return err
		})
	}
	d.update(func(tx *store.Tx) error {
		var errs []error
		for i := range 6 {
			_, ok, err := tx.TakeOrphan(number(1), fmt.Sprint(i))
			if ok != (i%2 == 1) {
				t.Errorf("report %d is there: %v", i, ok)
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
}
