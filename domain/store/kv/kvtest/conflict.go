package kvtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"pult/domain/store/kv"
)

// conflictRunsAgain changes what an Update has read, before it commits. An
// Append may do so from inside, as it runs beside the writer.
func conflictRunsAgain(t *testing.T, s kv.Store) {
	putPairs(t, s, "present", "0", "range/1", "", "range/2", "")
	reads := []struct {
		name, changed string
		read          func(tx kv.Txn) error
	}{
		{"a key that is there", "present", func(tx kv.Txn) error { _, err := readNumber(tx, "present"); return err }},
		{"a missing key", "absent", func(tx kv.Txn) error { _, err := readNumber(tx, "absent"); return err }},
		{
			"one of many",
			"many",
			func(tx kv.Txn) error { _, err := tx.GetMany([][]byte{[]byte("x"), []byte("many")}); return err },
		},
		{
			"an iterated key",
			"range/2",
			func(tx kv.Txn) error { _, err := keysOf(tx, kv.Range{Prefix: []byte("range/")}); return err },
		},
		{"a guard", "guard", func(tx kv.Txn) error { return tx.Touch([]byte("guard")) }},
	}
	for _, c := range reads {
		runs := 0
		must(t, s.Update(t.Context(), func(tx kv.Txn) error {
			runs++
			if err := c.read(tx); err != nil {
				return err
			}
			if runs == 1 {
				if err := s.Append(t.Context(), []byte(c.changed), []byte("7")); err != nil {
					return err
				}
			}
			return writeNumber(tx, "runs of "+c.name, runs)
		}))
		wantValue(t, s, "runs of "+c.name, "2")
	}
}

func conflictUntilContextEnds(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	err := s.Update(ctx, func(tx kv.Txn) error {
		runs++
		if _, err := readNumber(tx, "k"); err != nil {
			return err
		}
		if err := s.Append(t.Context(), []byte("k"), []byte("1")); err != nil {
			return err
		}
		if runs == 3 {
			defer cancel()
		}
		return writeNumber(tx, "never", 1)
	})
	// The context ends in the third run: noticed at its commit or in the wait after it.
	if !errors.Is(err, kv.ErrConflict) && !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v or %v", err, kv.ErrConflict, context.Canceled)
	}
	wantMissing(t, s, "never")
}

func createOnce(t *testing.T, s kv.Store) {
	for round := range 20 {
		key := []byte(numberedKey("name/", round))
		created := make([]bool, 2)
		raceTwo(t, func(who int, meet func()) error {
			return s.Update(t.Context(), func(tx kv.Txn) error {
				created[who] = false
				_, err := tx.Get(key)
				if err == nil || !errors.Is(err, kv.ErrNotFound) {
					return err
				}
				meet()
				created[who] = true
				return tx.Set(key, []byte{byte(who)})
			})
		})
		if created[0] == created[1] {
			t.Fatalf("round %d: created %v, want exactly one", round, created)
		}
	}
}

// writeSkew: each of two reads both keys and may take one only if both are left.
func writeSkew(t *testing.T, s kv.Store) {
	for round := range 20 {
		keys := []string{numberedKey("left/", round), numberedKey("right/", round)}
		putPairs(t, s, keys[0], "1", keys[1], "1")
		raceTwo(t, func(who int, meet func()) error {
			return s.Update(t.Context(), func(tx kv.Txn) error {
				a, errA := readNumber(tx, keys[0])
				b, errB := readNumber(tx, keys[1])
				if a+b < 2 || errA != nil || errB != nil {
					return errors.Join(errA, errB)
				}
				meet()
				return tx.Delete([]byte(keys[who]))
			})
		})
		must(t, s.View(t.Context(), func(r kv.Reader) error {
			left, err := r.GetMany([][]byte{[]byte(keys[0]), []byte(keys[1])})
			if (left[0] == nil) == (left[1] == nil) {
				t.Fatalf("round %d: got %q left, want exactly one", round, left)
			}
			return err
		}))
	}
}

// skewThroughIterate is the same with what an iteration has seen.
func skewThroughIterate(t *testing.T, s kv.Store) {
	for round := range 20 {
		prefix := numberedKey("r", round) + "/"
		putPairs(t, s, prefix+"0", "", prefix+"1", "")
		raceTwo(t, func(who int, meet func()) error {
			return s.Update(t.Context(), func(tx kv.Txn) error {
				keys, err := keysOf(tx, kv.Range{Prefix: []byte(prefix)})
				if err != nil || len(keys) < 2 {
					return err
				}
				meet()
				return tx.Delete([]byte(keys[who]))
			})
		})
		must(t, s.View(t.Context(), func(r kv.Reader) error {
			keys, err := keysOf(r, kv.Range{Prefix: []byte(prefix)})
			if len(keys) != 1 {
				t.Fatalf("round %d: got %q left, want one", round, keys)
			}
			return err
		}))
	}
}

// bankKeepsItsSum moves money about while a reader sums it all along.
func bankKeepsItsSum(t *testing.T, s kv.Store) {
	const accounts, writers, moves, each = 8, 6, 60, 100
	account := func(i int) string { return numberedKey("account/", i) }
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		for i := range accounts {
			if err := writeNumber(tx, account(i), each); err != nil {
				return err
			}
		}
		return nil
	}))
	sum := func() (total int, err error) {
		err = s.View(t.Context(), func(r kv.Reader) error {
			for i := range accounts {
				n, err := readNumber(r, account(i))
				if err != nil {
					return err
				}
				total += n
			}
			return nil
		})
		return total, err
	}
	ended := runTogether(writers, func(int) error {
		for range moves {
			if err := s.Update(t.Context(), moveMoney(account(rand.IntN(accounts)), account(rand.IntN(accounts)))); err != nil {
				return err
			}
		}
		return nil
	})
	for running := true; running; {
		select {
		case err := <-ended:
			must(t, err)
			running = false
		default:
		}
		if total, err := sum(); err != nil || total != accounts*each {
			t.Fatalf("sum: got %d, %v, want %d", total, err, accounts*each)
		}
	}
}

func moveMoney(from, to string) func(kv.Txn) error {
	return func(tx kv.Txn) error {
		a, err := readNumber(tx, from)
		if err != nil || from == to {
			return err
		}
		b, err := readNumber(tx, to)
		if err != nil {
			return err
		}
		return errors.Join(writeNumber(tx, from, a-1), writeNumber(tx, to, b+1))
	}
}

func hotCounter(t *testing.T, s kv.Store) {
	const writers, times = 32, 20
	must(t, <-runTogether(writers, func(int) error {
		for range times {
			err := s.Update(t.Context(), func(tx kv.Txn) error {
				n, err := readNumber(tx, "counter")
				if err != nil {
					return err
				}
				return writeNumber(tx, "counter", n+1)
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	wantValue(t, s, "counter", "640")
}

// runTogether runs n goroutines and sends their joined errors when all have ended.
func runTogether(n int, run func(i int) error) <-chan error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = run(i) })
	}
	ended := make(chan error, 1)
	go func() {
		all.Wait()
		ended <- errors.Join(errs...)
	}()
	return ended
}
