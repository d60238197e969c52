package kvtest

import (
	"bytes"
	"fmt"
	"testing"

	"pult/domain/store/kv"
)

func setGetDelete(t *testing.T, s kv.Store) {
	putPairs(t, s, "a", "1", "empty", "", "twice", "old", "gone", "x")
	wantValue(t, s, "a", "1")
	wantMissing(t, s, "b")
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		for _, err := range []error{
			tx.Set([]byte("nil"), nil), tx.Set([]byte("twice"), []byte("new")),
			tx.Delete([]byte("gone")), tx.Delete([]byte("never there")),
			tx.Delete([]byte("a")), tx.Set([]byte("a"), []byte("2")),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	}))
	wantValue(t, s, "a", "2")
	wantValue(t, s, "twice", "new")
	wantMissing(t, s, "gone")
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		values, err := r.GetMany([][]byte{[]byte("nil"), []byte("gone"), []byte("empty"), []byte("a")})
		if err != nil {
			return err
		}
		if values[0] == nil || len(values[0]) != 0 || values[1] != nil || values[2] == nil || string(values[3]) != "2" {
			t.Errorf("GetMany: got %#v, want empty, nil, empty, 2", values)
		}
		return nil
	}))
}

func slicesBelongToTheirOwners(t *testing.T, s kv.Store) {
	key, value := []byte("key"), []byte("value")
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		if err := tx.Set(key, value); err != nil {
			return err
		}
		key[0], value[0] = 'X', 'X'
		return nil
	}))
	wantValue(t, s, "key", "value")
	putPairs(t, s, "deleted", "")
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		key := []byte("deleted")
		defer copy(key, "survived")
		return tx.Delete(key)
	}))
	wantMissing(t, s, "deleted")
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		got, err := r.Get([]byte("key"))
		if err != nil {
			return err
		}
		got[0] = 'Y'
		return r.Iterate(kv.Range{}, func(k, v []byte) error {
			k[0], v[0] = 'Z', 'Z'
			_ = append(k, 'Z') // must not reach into v
			if string(v) != "Zalue" {
				t.Errorf("appending to the key changed the value to %q", v)
			}
			return nil
		})
	}))
	wantValue(t, s, "key", "value")
}

func strangeKeys(t *testing.T, s kv.Store) {
	putPairs(
		t,
		s,
		"\x00",
		"1",
		"\x00\x00",
		"2",
		"a\xff",
		"3",
		"a\xff\xff",
		"4",
		"b",
		"5",
		"\xff",
		"6",
		"\xff\xff\x01",
		"7",
	)
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		wantKeys(t, "all", r, kv.Range{}, "\x00", "\x00\x00", "a\xff", "a\xff\xff", "b", "\xff", "\xff\xff\x01")
		for _, reverse := range []bool{false, true} {
			order := func(keys ...string) []string {
				if reverse {
					for i, j := 0, len(keys)-1; i < j; i, j = i+1, j-1 {
						keys[i], keys[j] = keys[j], keys[i]
					}
				}
				return keys
			}
			what := fmt.Sprintf("reverse %v, prefix ", reverse)
			wantKeys(t, what+"00", r, kv.Range{Prefix: []byte{0}, Reverse: reverse}, order("\x00", "\x00\x00")...)
			wantKeys(t, what+"a ff", r, kv.Range{
				Prefix:  []byte("a\xff"),
				Reverse: reverse,
			}, order("a\xff", "a\xff\xff")...)
			wantKeys(t, what+"ff", r, kv.Range{
				Prefix:  []byte{0xff},
				Reverse: reverse,
			}, order("\xff", "\xff\xff\x01")...)
			wantKeys(t, what+"ff ff", r, kv.Range{
				Prefix:  []byte{0xff, 0xff},
				Reverse: reverse,
			}, order("\xff\xff\x01")...)
		}
		return nil
	}))
}

func limitsOfOneWrite(t *testing.T, s kv.Store) {
	longKey, bigValue := bytes.Repeat([]byte("k"), kv.MaxKey), bytes.Repeat([]byte("v"), kv.MaxValue)
	must(t, s.Update(t.Context(), func(tx kv.Txn) error { return tx.Set(longKey, bigValue) }))
	wantValue(t, s, string(longKey), string(bigValue))

	refused := []struct {
		name       string
		key, value []byte
		want       error
	}{
		{"empty key", nil, nil, kv.ErrTooBig},
		{"key too long", append(longKey, 'k'), nil, kv.ErrTooBig},
		{"value too big", []byte("k"), append(bigValue, 'v'), kv.ErrTooBig},
		{"reserved key", []byte("!badger!x"), nil, kv.ErrReservedKey},
	}
	for _, c := range refused {
		err := s.Update(t.Context(), func(tx kv.Txn) error {
			if err := tx.Set([]byte("beside"), nil); err != nil {
				return err
			}
			wantErr(t, c.name+", in fn", tx.Set(c.key, c.value), c.want)
			return nil // fn forgets the error; the store must not
		})
		wantErr(t, c.name+", from Update", err, c.want)
		wantMissing(t, s, "beside")
	}
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		_, err := r.Get(nil)
		wantErr(t, "Get of an empty key", err, kv.ErrTooBig)
		_, err = r.GetMany([][]byte{append(longKey, 'k')})
		wantErr(t, "GetMany of a long key", err, kv.ErrTooBig)
		return nil
	}))
}

func limitsOfATransaction(t *testing.T, s kv.Store) {
	sets := func(prefix string, n int) error {
		return s.Update(t.Context(), func(tx kv.Txn) error {
			for i := range n {
				if err := tx.Set([]byte(numberedKey(prefix, i)), nil); err != nil {
					return err
				}
			}
			return nil
		})
	}
	must(t, sets("fits/", kv.MaxTxnOps))
	wantErr(t, "one write more", sets("more/", kv.MaxTxnOps+1), kv.ErrTooBig)
	wantMissing(t, s, numberedKey("more/", 0))

	fill := func(prefix string, extra int) error {
		return s.Update(t.Context(), func(tx kv.Txn) error {
			const parts = kv.MaxTxnBytes / kv.MaxValue
			for i := range parts {
				key := []byte(numberedKey(prefix, i))
				value := make([]byte, kv.MaxValue-len(key))
				if err := tx.Set(key, value); err != nil {
					return err
				}
			}
			if extra == 0 {
				return nil
			}
			return tx.Set(bytes.Repeat([]byte("x"), extra), nil)
		})
	}
	must(t, fill("full/", 0))
	wantErr(t, "one byte more", fill("fuller/", 1), kv.ErrTooBig)
	wantMissing(t, s, numberedKey("fuller/", 0))
}

func infoIsFilledIn(t *testing.T, s kv.Store) {
	got := s.Info()
	if got.Engine == "" || got.Version == "" || !got.Writable {
		t.Errorf("Info: got %+v, want engine, version and a writable store", got)
	}
}

func closeRefusesEverything(t *testing.T, s kv.Store) {
	changes, err := s.Watch(t.Context())
	must(t, err)
	must(t, s.Close())
	must(t, s.Close())
	if _, open := <-changes; open {
		t.Error("the channel of a watcher is open after Close")
	}
	ctx := t.Context()
	wantErr(t, "View", s.View(ctx, func(kv.Reader) error { return nil }), kv.ErrClosed)
	wantErr(t, "Update", s.Update(ctx, func(kv.Txn) error { return nil }), kv.ErrClosed)
	wantErr(t, "Append", s.Append(ctx, []byte("k"), nil), kv.ErrClosed)
	wantErr(t, "Backup", s.Backup(ctx, new(bytes.Buffer)), kv.ErrClosed)
	_, err = s.Watch(ctx)
	wantErr(t, "Watch", err, kv.ErrClosed)
}
