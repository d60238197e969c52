package kvtest

import (
	"context"
	"errors"
	"testing"

	"pult/domain/store/kv"
)

// collectKeys reads changes until every wanted key was named or a Resync came.
func collectKeys(t *testing.T, changes <-chan kv.Change, want map[string]bool) {
	t.Helper()
	for len(want) > 0 {
		change, open := <-changes
		if !open {
			t.Fatalf("the channel closed with %d keys not told", len(want))
		}
		if change.Resync {
			return
		}
		for _, key := range change.Keys {
			delete(want, string(key))
		}
	}
}

func watchMissesNothing(t *testing.T, s kv.Store) {
	const writers, times = 4, 50
	first, err := s.Watch(t.Context(), []byte("w/"))
	must(t, err)
	second, err := s.Watch(t.Context(), []byte("other/"), []byte("w/"))
	must(t, err)
	want := map[string]bool{}
	for i := range writers * times {
		want[numberedKey("w/", i)] = true
	}
	ended := runTogether(writers, func(w int) error {
		for i := range times {
			if err := writeEitherWay(t.Context(), s, numberedKey("w/", w*times+i), i); err != nil {
				return err
			}
		}
		return nil
	})
	again := map[string]bool{}
	for key := range want {
		again[key] = true
	}
	collectKeys(t, first, want)
	collectKeys(t, second, again)
	must(t, <-ended)
}

// writeEitherWay alternates between the two ways to write one key.
func writeEitherWay(ctx context.Context, s kv.Store, key string, i int) error {
	if i%2 == 0 {
		return s.Append(ctx, []byte(key), nil)
	}
	return s.Update(ctx, func(tx kv.Txn) error { return tx.Set([]byte(key), nil) })
}

func watchOnlyItsPrefixes(t *testing.T, s kv.Store) {
	prefix := []byte("a/")
	changes, err := s.Watch(t.Context(), prefix)
	must(t, err)
	prefix[0] = 'b' // the store has its own copy
	all, err := s.Watch(t.Context())
	must(t, err)
	putPairs(t, s, "b/1", "", "a", "")
	putPairs(t, s, "a/1", "", "b/2", "")
	if change := <-changes; len(change.Keys) != 1 || string(change.Keys[0]) != "a/1" {
		t.Errorf("got %q, want only a/1", change.Keys)
	}
	collectKeys(t, all, map[string]bool{"b/1": true, "a": true, "a/1": true, "b/2": true})
}

func watchNotToldOfRollback(t *testing.T, s kv.Store) {
	changes, err := s.Watch(t.Context())
	must(t, err)
	failure := errors.New("failure of fn")
	err = s.Update(t.Context(), func(tx kv.Txn) error {
		return errors.Join(setAll(tx, "undone", ""), failure)
	})
	wantErr(t, "Update", err, failure)
	runs := 0
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		runs++
		if _, err := readNumber(tx, "k"); err != nil {
			return err
		}
		if runs > 1 {
			return setAll(tx, "last", "")
		}
		return errors.Join(setAll(tx, "conflicted", ""), s.Append(t.Context(), []byte("k"), []byte("1")))
	}))
	told := map[string]bool{}
	for !told["last"] {
		for _, key := range (<-changes).Keys {
			told[string(key)] = true
		}
	}
	if told["undone"] || told["conflicted"] || !told["k"] {
		t.Errorf("told of %v, want only k and last", told)
	}
}

func watchReadableWhenTold(t *testing.T, s kv.Store) {
	const times = 100
	changes, err := s.Watch(t.Context())
	must(t, err)
	ended := runTogether(2, func(w int) error {
		for i := range times {
			if err := writeEitherWay(t.Context(), s, numberedKey("w/", w*times+i), w); err != nil {
				return err
			}
		}
		return nil
	})
	for seen := map[string]bool{}; len(seen) < 2*times; {
		change := <-changes
		must(t, s.View(t.Context(), func(r kv.Reader) error {
			for _, key := range change.Keys {
				seen[string(key)] = true
				if _, err := r.Get(key); err != nil {
					t.Errorf("told of %q, then Get: %v", key, err)
				}
			}
			return nil
		}))
	}
	must(t, <-ended)
}

func watchSlowReaderResyncs(t *testing.T, s kv.Store) {
	changes, err := s.Watch(t.Context())
	must(t, err)
	must(t, fillKeys(t.Context(), s, "w/", 4*kv.MaxPending)) // nobody reads meanwhile
	for resync := false; !resync; {
		resync = (<-changes).Resync
	}
	putPairs(t, s, "after", "")
	collectKeys(t, changes, map[string]bool{"after": true})
}

func watchEndsWithContext(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	idle, err := s.Watch(ctx)
	must(t, err)
	busy, err := s.Watch(ctx)
	must(t, err)
	putPairs(t, s, "k", "") // busy has a change nobody takes
	cancel()
	for range idle { // drained and then closed, or this never ends
	}
	for range busy {
	}
	putPairs(t, s, "k", "again")
}

func watchStartedDuringWrites(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := runTogether(3, func(w int) error {
		for i := 0; ctx.Err() == nil; i++ {
			if err := writeEitherWay(t.Context(), s, numberedKey("noise/", i), w); err != nil {
				return err
			}
		}
		return nil
	})
	for round := range 20 {
		watching, stop := context.WithCancel(t.Context())
		changes, err := s.Watch(watching, []byte("mine/"))
		must(t, err)
		key := numberedKey("mine/", round)
		must(t, writeEitherWay(t.Context(), s, key, round))
		collectKeys(t, changes, map[string]bool{key: true})
		stop()
	}
	cancel()
	must(t, <-ended)
}
