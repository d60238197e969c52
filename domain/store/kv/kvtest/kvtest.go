// Package kvtest defines what "this kv engine works" means. An engine's tests
// call Run in one line.
//
// Each case opens a store of its own. Nothing depends on how long anything
// takes: a case that needs two transactions to overlap lets them meet for a
// moment, and must hold as well when the engine lets only one in at a time.
package kvtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pult/domain/store/kv"
)

// meeting is how long a transaction waits for its rival before it goes on alone,
// as it has to on an engine with one writer.
const meeting = 2 * time.Millisecond

// Run checks a store against the contract. It calls open for each case; open
// must return an empty store and close it when its t ends.
func Run(t *testing.T, open func(t *testing.T) kv.Store) {
	cases := []struct {
		name string
		run  func(t *testing.T, s kv.Store)
	}{
		{"SetGetDelete", setGetDelete},
		{"SlicesBelongToTheirOwners", slicesBelongToTheirOwners},
		{"StrangeKeys", strangeKeys},
		{"LimitsOfOneWrite", limitsOfOneWrite},
		{"LimitsOfATransaction", limitsOfATransaction},
		{"IterateRanges", iterateRanges},
		{"IterateManyKeys", iterateManyKeys},
		{"IterateStops", iterateStops},
		{"OwnWritesSeen", ownWritesSeen},
		{"OwnWritesAmongMany", ownWritesAmongMany},
		{"WriteDuringIterate", writeDuringIterate},
		{"ErrorRollsBack", errorRollsBack},
		{"PanicRollsBack", panicRollsBack},
		{"EndedContext", endedContext},
		{"ConflictRunsAgain", conflictRunsAgain},
		{"ConflictUntilContextEnds", conflictUntilContextEnds},
		{"CreateOnce", createOnce},
		{"WriteSkew", writeSkew},
		{"SkewThroughIterate", skewThroughIterate},
		{"TouchExcludesPhantoms", touchExcludesPhantoms},
		{"TouchKeepsTheValue", touchKeepsTheValue},
		{"Bank", bankKeepsItsSum},
		{"HotCounter", hotCounter},
		{"ViewIsOneSnapshot", viewIsOneSnapshot},
		{"ViewIsFresh", viewIsFresh},
		{"AppendDurableAndInOrder", appendDurableAndInOrder},
		{"AppendIsBlind", appendIsBlind},
		{"AppendLimits", appendLimits},
		{"AppendInsideUpdate", appendInsideUpdate},
		{"AppendEndedContext", appendEndedContext},
		{"WatchMissesNothing", watchMissesNothing},
		{"WatchOnlyItsPrefixes", watchOnlyItsPrefixes},
		{"WatchNotToldOfRollback", watchNotToldOfRollback},
		{"WatchReadableWhenTold", watchReadableWhenTold},
		{"WatchSlowReaderResyncs", watchSlowReaderResyncs},
		{"WatchEndsWithContext", watchEndsWithContext},
		{"WatchStartedDuringWrites", watchStartedDuringWrites},
		{"Info", infoIsFilledIn},
		{"CloseRefusesEverything", closeRefusesEverything},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// The helpers below fail the test at once, so they are for its own goroutine.

func putPairs(t *testing.T, s kv.Store, pairs ...string) {
	t.Helper()
	must(t, s.Update(t.Context(), func(tx kv.Txn) error { return setAll(tx, pairs...) }))
}

// setAll writes pairs of key and value.
func setAll(tx kv.Txn, pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := tx.Set([]byte(pairs[i]), []byte(pairs[i+1])); err != nil {
			return err
		}
	}
	return nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}

// wantValue checks a value as a new View sees it.
func wantValue(t *testing.T, s kv.Store, key, want string) {
	t.Helper()
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		got, err := r.Get([]byte(key))
		if err != nil || string(got) != want {
			t.Errorf("Get(%q): got %q, %v, want %q", key, got, err, want)
		}
		return nil
	}))
}

func wantMissing(t *testing.T, s kv.Store, key string) {
	t.Helper()
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		got, err := r.Get([]byte(key))
		if !errors.Is(err, kv.ErrNotFound) {
			t.Errorf("Get(%q): got %q, %v, want %v", key, got, err, kv.ErrNotFound)
		}
		return nil
	}))
}

// keysOf lists the keys of a range.
func keysOf(r kv.Reader, rg kv.Range) (keys []string, err error) {
	err = r.Iterate(rg, func(key, _ []byte) error {
		keys = append(keys, string(key))
		return nil
	})
	return keys, err
}

func wantKeys(t *testing.T, what string, r kv.Reader, rg kv.Range, want ...string) {
	t.Helper()
	got, err := keysOf(r, rg)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%s: got %q, %v, want %q", what, got, err, want)
	}
}

func numberedKey(prefix string, n int) string { return fmt.Sprintf("%s%06d", prefix, n) }

// fillKeys writes n numbered keys below prefix.
func fillKeys(ctx context.Context, s kv.Store, prefix string, n int) error {
	const perTxn = 500
	for from := 0; from < n; from += perTxn {
		err := s.Update(ctx, func(tx kv.Txn) error {
			for i := from; i < min(n, from+perTxn); i++ {
				if err := tx.Set([]byte(numberedKey(prefix, i)), []byte{byte(i)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
