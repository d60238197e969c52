package kvtest

import (
	"bytes"
	"context"
	"testing"

	"pult/domain/store/kv"
)

func appendDurableAndInOrder(t *testing.T, s kv.Store) {
	const writers, times = 16, 25
	must(t, <-runTogether(writers, func(w int) error {
		for i := range times {
			key := numberedKey("journal/", w*times+i)
			if err := s.Append(t.Context(), []byte(key), []byte(key)); err != nil {
				return err
			}
			// Acknowledged means readable, to this caller at least.
			err := s.View(t.Context(), func(r kv.Reader) error {
				_, err := r.Get([]byte(key))
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		i := 0
		err := r.Iterate(kv.Range{Prefix: []byte("journal/")}, func(key, value []byte) error {
			if want := numberedKey("journal/", i); string(key) != want || string(value) != want {
				t.Errorf("entry %d: got %q = %q, want %q", i, key, value, want)
			}
			i++
			return nil
		})
		if i != writers*times {
			t.Errorf("got %d entries, want %d", i, writers*times)
		}
		return err
	}))
}

func appendIsBlind(t *testing.T, s kv.Store) {
	putPairs(t, s, "k", "old")
	must(t, <-runTogether(8, func(int) error { return s.Append(t.Context(), []byte("k"), []byte("new")) }))
	wantValue(t, s, "k", "new")
	must(t, s.Append(t.Context(), []byte("empty"), nil))
	wantValue(t, s, "empty", "")
}

func appendLimits(t *testing.T, s kv.Store) {
	ctx := t.Context()
	wantErr(t, "empty key", s.Append(ctx, nil, []byte("v")), kv.ErrTooBig)
	wantErr(t, "long key", s.Append(ctx, make([]byte, kv.MaxKey+1), nil), kv.ErrTooBig)
	wantErr(t, "big value", s.Append(ctx, []byte("k"), make([]byte, kv.MaxValue+1)), kv.ErrTooBig)
	wantErr(t, "reserved key", s.Append(ctx, []byte("!badger!k"), nil), kv.ErrReservedKey)

	// Together these exceed what fits into one transaction several times over.
	value := bytes.Repeat([]byte("v"), kv.MaxValue)
	must(t, <-runTogether(12, func(w int) error { return s.Append(ctx, []byte(numberedKey("big/", w)), value) }))
	must(t, s.View(ctx, func(r kv.Reader) error {
		keys, err := keysOf(r, kv.Range{Prefix: []byte("big/"), KeysOnly: true})
		if len(keys) != 12 {
			t.Errorf("got %d big values, want 12", len(keys))
		}
		return err
	}))
}

func appendInsideUpdate(t *testing.T, s kv.Store) {
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		if err := s.Append(t.Context(), []byte("beside"), []byte("1")); err != nil {
			return err
		}
		return tx.Set([]byte("inside"), []byte("2"))
	}))
	wantValue(t, s, "beside", "1")
	wantValue(t, s, "inside", "2")
}

func appendEndedContext(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantErr(t, "Append", s.Append(ctx, []byte("k"), nil), context.Canceled)
	wantMissing(t, s, "k")
}
