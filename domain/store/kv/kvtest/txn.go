package kvtest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain/store/kv"
)

func errorRollsBack(t *testing.T, s kv.Store) {
	failure := errors.New("failure of fn")
	err := s.Update(t.Context(), func(tx kv.Txn) error {
		if err := setAll(tx, "a", "1"); err != nil {
			return err
		}
		return failure
	})
	wantErr(t, "Update", err, failure)
	wantMissing(t, s, "a")
	wantErr(t, "View", s.View(t.Context(), func(kv.Reader) error { return failure }), failure)
}

func panicRollsBack(t *testing.T, s kv.Store) {
	caught := func(run func()) (p any) {
		defer func() { p = recover() }()
		run()
		return nil
	}
	ctx := t.Context()
	inUpdate := caught(func() {
		_ = s.Update(ctx, func(tx kv.Txn) error {
			_ = setAll(tx, "a", "1")
			return tx.Iterate(kv.Range{}, func(_, _ []byte) error { panic("update") })
		})
	})
	inView := caught(func() { _ = s.View(ctx, func(kv.Reader) error { panic("view") }) })
	if inUpdate != "update" || inView != "view" {
		t.Errorf("panics: got %v and %v, want update and view", inUpdate, inView)
	}
	wantMissing(t, s, "a")
	putPairs(t, s, "b", "1") // the store still takes writes
	wantValue(t, s, "b", "1")
}

func endedContext(t *testing.T, s kv.Store) {
	putPairs(t, s, "k", "old")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	never := func() error { t.Error("fn was called after the context ended"); return nil }
	wantErr(t, "View", s.View(ended, func(kv.Reader) error { return never() }), context.Canceled)
	wantErr(t, "Update", s.Update(ended, func(kv.Txn) error { return never() }), context.Canceled)
	_, err := s.Watch(ended)
	wantErr(t, "Watch", err, context.Canceled)

	ctx, cancel := context.WithCancel(t.Context())
	err = s.Update(ctx, func(tx kv.Txn) error {
		err := setAll(tx, "k", "new")
		cancel() // all is written, only the commit is missing
		return err
	})
	wantErr(t, "at commit", err, context.Canceled)
	wantValue(t, s, "k", "old")

	ctx, cancel = context.WithCancel(t.Context())
	err = s.View(ctx, func(r kv.Reader) error {
		cancel()
		_, err := r.Get([]byte("k"))
		return err
	})
	wantErr(t, "during a View", err, context.Canceled)
}

// touchExcludesPhantoms lets pairs race to be the only member of a range.
func touchExcludesPhantoms(t *testing.T, s kv.Store) {
	for round := range 20 {
		prefix := []byte(numberedKey("room", round) + "/")
		var winners atomic.Int32
		raceTwo(t, func(who int, meet func()) error {
			won := false
			err := s.Update(t.Context(), func(tx kv.Txn) error {
				won = false
				if err := tx.Touch([]byte(numberedKey("guard", round))); err != nil {
					return err
				}
				members, err := keysOf(tx, kv.Range{Prefix: prefix})
				if err != nil || len(members) > 0 {
					return err
				}
				meet()
				won = true
				return tx.Set(append([]byte(nil), numberedKey(string(prefix), who)...), nil)
			})
			if won && err == nil {
				winners.Add(1)
			}
			return err
		})
		if winners.Load() != 1 {
			t.Fatalf("round %d: got %d winners, want 1", round, winners.Load())
		}
	}
}

func touchKeepsTheValue(t *testing.T, s kv.Store) {
	putPairs(t, s, "guard", "v")
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		return errors.Join(tx.Touch([]byte("guard")), tx.Touch([]byte("guard")), tx.Touch([]byte("fresh")))
	}))
	wantValue(t, s, "guard", "v")
	wantValue(t, s, "fresh", "")
}

func viewIsOneSnapshot(t *testing.T, s kv.Store) {
	const n = 600
	must(t, fillKeys(t.Context(), s, "m/", n))
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		seen := 0
		err := r.Iterate(kv.Range{Prefix: []byte("m/")}, func(key, value []byte) error {
			if seen == 0 { // a writer commits ahead of the reader, at the far end and beside it
				putPairs(t, s, numberedKey("m/", n-1), "late", numberedKey("m/", 0)+"+", "late")
			}
			if string(value) == "late" {
				t.Errorf("%q shows a commit after the snapshot", key)
			}
			seen++
			return nil
		})
		if seen != n {
			t.Errorf("got %d keys, want %d", seen, n)
		}
		_, missing := r.Get([]byte(numberedKey("m/", 0) + "+"))
		wantErr(t, "Get of a later key", missing, kv.ErrNotFound)
		return err
	}))
	wantValue(t, s, numberedKey("m/", n-1), "late")
}

func viewIsFresh(t *testing.T, s kv.Store) {
	for i := range 100 {
		value := strconv.Itoa(i)
		if i%2 == 0 {
			putPairs(t, s, "k", value)
		} else {
			must(t, s.Append(t.Context(), []byte("k"), []byte(value)))
		}
		wantValue(t, s, "k", value)
	}
}

// raceTwo runs two goroutines to their end. Inside a transaction they call meet,
// so that on an engine that allows it both have read before either commits.
func raceTwo(t *testing.T, run func(who int, meet func()) error) {
	t.Helper()
	var here [2]chan struct{}
	here[0], here[1] = make(chan struct{}), make(chan struct{})
	errs := make([]error, 2)
	var both sync.WaitGroup
	for who := range 2 {
		var once sync.Once
		meet := func() {
			once.Do(func() {
				close(here[who])
				select {
				case <-here[1-who]:
				case <-time.After(meeting):
				}
			})
		}
		both.Go(func() { errs[who] = run(who, meet) })
	}
	both.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// readNumber reads a decimal value; a missing key is 0.
func readNumber(r kv.Reader, key string) (int, error) {
	value, err := r.Get([]byte(key))
	if errors.Is(err, kv.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(value))
	if err != nil {
		return 0, fmt.Errorf("value of %q: %w", key, err)
	}
	return n, nil
}

func writeNumber(tx kv.Txn, key string, n int) error {
	return tx.Set([]byte(key), []byte(strconv.Itoa(n)))
}
