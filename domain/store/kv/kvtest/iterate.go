package kvtest

import (
	"errors"
	"slices"
	"testing"

	"pult/domain/store/kv"
)

func iterateRanges(t *testing.T, s kv.Store) {
	putPairs(t, s, "a", "", "p", "", "p/1", "", "p/3", "", "p/5", "", "q", "", "z", "")
	p := []byte("p/")
	key := func(k string) []byte { return []byte(k) }
	cases := []struct {
		name string
		rg   kv.Range
		want []string
	}{
		{"all", kv.Range{}, []string{"a", "p", "p/1", "p/3", "p/5", "q", "z"}},
		{"all, descending", kv.Range{Reverse: true}, []string{"z", "q", "p/5", "p/3", "p/1", "p", "a"}},
		{"all from a key on", kv.Range{Start: key("p/5")}, []string{"p/5", "q", "z"}},
		{"all down from a key", kv.Range{Start: key("p/1"), Reverse: true}, []string{"p/1", "p", "a"}},
		{"prefix", kv.Range{Prefix: p}, []string{"p/1", "p/3", "p/5"}},
		{"prefix, descending", kv.Range{Prefix: p, Reverse: true}, []string{"p/5", "p/3", "p/1"}},
		{"start at a key", kv.Range{Prefix: p, Start: key("p/3")}, []string{"p/3", "p/5"}},
		{"start at a key, descending", kv.Range{Prefix: p, Start: key("p/3"), Reverse: true}, []string{"p/3", "p/1"}},
		{"start between keys", kv.Range{Prefix: p, Start: key("p/2")}, []string{"p/3", "p/5"}},
		{"start between keys, descending", kv.Range{
			Prefix:  p,
			Start:   key("p/4"),
			Reverse: true,
		}, []string{"p/3", "p/1"}},
		{"start after the last key", kv.Range{Prefix: p, Start: key("p/6")}, nil},
		{"start before the first key, descending", kv.Range{Prefix: p, Start: key("p/0"), Reverse: true}, nil},
		{"start below the prefix", kv.Range{Prefix: p, Start: key("b")}, []string{"p/1", "p/3", "p/5"}},
		{"start below the prefix, descending", kv.Range{Prefix: p, Start: key("b"), Reverse: true}, nil},
		{"start above the prefix", kv.Range{Prefix: p, Start: key("q")}, nil},
		{"start above the prefix, descending", kv.Range{
			Prefix:  p,
			Start:   key("z"),
			Reverse: true,
		}, []string{"p/5", "p/3", "p/1"}},
		{"start at the end of the prefix, descending", kv.Range{
			Prefix:  p,
			Start:   kv.PrefixEnd(p),
			Reverse: true,
		}, []string{"p/5", "p/3", "p/1"}},
		{"limit 1", kv.Range{Prefix: p, Limit: 1}, []string{"p/1"}},
		{"limit 1, descending", kv.Range{Prefix: p, Limit: 1, Reverse: true}, []string{"p/5"}},
		{"limit as many as there are", kv.Range{Prefix: p, Limit: 3}, []string{"p/1", "p/3", "p/5"}},
		{"limit more than there are", kv.Range{Prefix: p, Limit: 9}, []string{"p/1", "p/3", "p/5"}},
		{"nothing there", kv.Range{Prefix: key("none")}, nil},
		{"nothing there, descending", kv.Range{Prefix: key("none"), Reverse: true}, nil},
		{"prefix is a key", kv.Range{Prefix: key("q")}, []string{"q"}},
		{"end of the prefix is a key, descending", kv.Range{
			Prefix:  key("p"),
			Reverse: true,
		}, []string{"p/5", "p/3", "p/1", "p"}},
	}
	check := func(r kv.Reader) error {
		for _, c := range cases {
			wantKeys(t, c.name, r, c.rg, c.want...)
			c.rg.KeysOnly = true
			wantKeys(t, c.name+", keys only", r, c.rg, c.want...)
		}
		return nil
	}
	must(t, s.View(t.Context(), check))
	must(t, s.Update(t.Context(), func(tx kv.Txn) error { return check(tx) }))
}

func iterateManyKeys(t *testing.T, s kv.Store) {
	const n = 1300 // more than four pages of a remote engine
	must(t, fillKeys(t.Context(), s, "m/", n))
	var want []string
	for i := range n {
		want = append(want, numberedKey("m/", i))
	}
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		i := 0
		err := r.Iterate(kv.Range{Prefix: []byte("m/")}, func(key, value []byte) error {
			if string(key) != want[i] || len(value) != 1 || value[0] != byte(i) {
				t.Errorf("element %d: got %q = %v, want %q = %v", i, key, value, want[i], byte(i))
			}
			i++
			return nil
		})
		if i != n {
			t.Errorf("ascending: got %d keys, want %d", i, n)
		}
		slices.Reverse(want)
		wantKeys(t, "descending", r, kv.Range{Prefix: []byte("m/"), Reverse: true}, want...)
		return err
	}))
}

func iterateStops(t *testing.T, s kv.Store) {
	putPairs(t, s, "a", "1", "b", "2", "c", "3")
	failure := errors.New("failure of the callback")
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		for _, c := range []struct{ give, want error }{{kv.ErrStop, nil}, {failure, failure}} {
			n := 0
			err := r.Iterate(kv.Range{}, func(_, _ []byte) error {
				n++
				if n == 2 {
					return c.give
				}
				return nil
			})
			if !errors.Is(err, c.want) || n != 2 {
				t.Errorf("callback returns %v: got %v after %d keys, want %v after 2", c.give, err, n, c.want)
			}
		}
		return r.Iterate(kv.Range{KeysOnly: true}, func(key, value []byte) error {
			if value != nil {
				t.Errorf("keys only: got value %q for %q, want nil", value, key)
			}
			return nil
		})
	}))
}

func ownWritesSeen(t *testing.T, s kv.Store) {
	putPairs(t, s, "a", "1", "b", "2", "c", "3")
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		if err := setAll(tx, "b", "new", "bb", "5", "d", "6"); err != nil {
			return err
		}
		if err := tx.Delete([]byte("c")); err != nil {
			return err
		}
		values, err := tx.GetMany([][]byte{[]byte("a"), []byte("b"), []byte("c"), []byte("d")})
		if err != nil || string(values[1]) != "new" || values[2] != nil || string(values[3]) != "6" {
			t.Errorf("GetMany: got %q, %v, want 1, new, nothing, 6", values, err)
		}
		wantKeys(t, "ascending", tx, kv.Range{}, "a", "b", "bb", "d")
		wantKeys(t, "descending", tx, kv.Range{Reverse: true}, "d", "bb", "b", "a")
		wantKeys(t, "limit", tx, kv.Range{Limit: 3}, "a", "b", "bb")
		wantKeys(t, "limit, descending", tx, kv.Range{Limit: 2, Reverse: true}, "d", "bb")
		wantKeys(t, "start at a deleted key", tx, kv.Range{Start: []byte("c")}, "d")
		return nil
	}))
}

func ownWritesAmongMany(t *testing.T, s kv.Store) {
	const n = 1100
	must(t, fillKeys(t.Context(), s, "m/", n))
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		var want []string
		for i := range n {
			key := numberedKey("m/", i)
			switch i % 256 { // around the borders of a remote engine's pages
			case 0, 255:
				if err := tx.Delete([]byte(key)); err != nil {
					return err
				}
			case 1, 254:
				if err := tx.Set([]byte(key+"+"), nil); err != nil {
					return err
				}
				want = append(want, key, key+"+")
			default:
				want = append(want, key)
			}
		}
		wantKeys(t, "ascending", tx, kv.Range{Prefix: []byte("m/")}, want...)
		slices.Reverse(want)
		wantKeys(t, "descending", tx, kv.Range{Prefix: []byte("m/"), Reverse: true}, want...)
		return nil
	}))
}

// writeDuringIterate asserts order and "once" for the keys that were there, and
// leaves open whether keys written meanwhile are visited.
func writeDuringIterate(t *testing.T, s kv.Store) {
	const n = 300
	must(t, fillKeys(t.Context(), s, "m/", n))
	must(t, s.Update(t.Context(), func(tx kv.Txn) error {
		var seen []string
		err := tx.Iterate(kv.Range{Prefix: []byte("m/")}, func(key, _ []byte) error {
			seen = append(seen, string(key))
			if len(key) > len(numberedKey("m/", 0)) {
				return nil
			}
			inner, err := keysOf(tx, kv.Range{Prefix: key, Limit: 1})
			if err != nil || len(inner) != 1 || inner[0] != string(key) {
				t.Errorf("iterating inside: got %q, %v, want %q", inner, err, key)
			}
			if err := tx.Set(key, []byte("again")); err != nil {
				return err
			}
			return tx.Set(append(key, '+'), nil)
		})
		if !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != len(seen) {
			t.Errorf("keys out of order or twice: %q", seen)
		}
		there := slices.DeleteFunc(seen, func(k string) bool { return len(k) > len(numberedKey("m/", 0)) })
		if len(there) != n {
			t.Errorf("got %d of the keys that were there, want %d", len(there), n)
		}
		return err
	}))
	must(t, s.View(t.Context(), func(r kv.Reader) error {
		keys, err := keysOf(r, kv.Range{Prefix: []byte("m/")})
		if len(keys) != 2*n {
			t.Errorf("after the commit: got %d keys, want %d", len(keys), 2*n)
		}
		return err
	}))
}
