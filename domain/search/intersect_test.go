package search_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"pult/domain/search"
)

// sliceList is a working List over sorted keys.
type sliceList []search.Key

func (l sliceList) Seek(from search.Key) (search.Key, bool, error) {
	i := sort.Search(len(l), func(i int) bool { return l[i].Compare(from) >= 0 })
	if i == len(l) {
		return search.Key{}, false, nil
	}
	return l[i], true, nil
}

var errBroken = errors.New("disk on fire")

type brokenList struct{}

func (brokenList) Seek(search.Key) (search.Key, bool, error) { return search.Key{}, false, errBroken }

func key(n uint64) (k search.Key) {
	binary.BigEndian.PutUint64(k[8:], n)
	return k
}

func keys(ns ...uint64) (l sliceList) {
	for _, n := range ns {
		l = append(l, key(n))
	}
	return l
}

// randomList has each number below n with the given chance in percent.
func randomList(r *rand.Rand, n, percent int) (l sliceList) {
	for i := range n {
		if r.IntN(100) < percent {
			l = append(l, key(uint64(i)))
		}
	}
	return l
}

// shared is the model: a key counts when each list has it, found one by one.
func shared(lists []sliceList, keep func(search.Key) bool) (out []search.Key) {
	for _, k := range lists[0] {
		if keep(k) && !slices.ContainsFunc(lists, func(l sliceList) bool { return !slices.Contains(l, k) }) {
			out = append(out, k)
		}
	}
	return out
}

func TestIntersect_LikeModel(t *testing.T) {
	r := rand.New(rand.NewPCG(7858, 1))
	for round := range 500 {
		model, lists := make([]sliceList, 1+r.IntN(4)), []search.List(nil)
		for i := range model {
			a, b := randomList(r, 120, 30), randomList(r, 120, r.IntN(60))
			model[i] = slices.Concat(a, b)
			slices.SortFunc(model[i], search.Key.Compare)
			model[i] = slices.Compact(model[i])
			lists = append(lists, search.Union(a, b, sliceList{}))
		}
		odd := func(k search.Key) bool { return k[15]%2 == 1 }
		got := paged(t, lists, 1+r.IntN(10), r.IntN(8), odd)
		if want := shared(model, odd); !slices.Equal(got, want) {
			t.Fatalf("round %d: got %v, want %v", round, got, want)
		}
	}
}

// paged goes on until nothing is left, with a fresh small budget each time, even none.
func paged(t *testing.T, lists []search.List, limit, budget int, odd func(search.Key) bool) (all []search.Key) {
	t.Helper()
	var from search.Key
	for range 1000 {
		work := budget
		page, next, more, err := search.Intersect(lists, from, limit, &work, func(k search.Key) (bool, error) { return odd(k), nil })
		if err != nil || len(page) > limit {
			t.Fatalf("page %v, error %v, limit %d", page, err, limit)
		}
		all = append(all, page...)
		if !more {
			return all
		}
		if next.Compare(from) <= 0 && from != (search.Key{}) {
			t.Fatalf("no progress: from %v to %v", from, next)
		}
		from = next
	}
	t.Fatal("never ends")
	return nil
}

func TestIntersect_FullPageTellsTheNextKey(t *testing.T) {
	lists := []search.List{keys(1, 2, 3, 5, 8), keys(2, 3, 4, 8, 9)}
	work := 100
	got, next, more, err := search.Intersect(lists, key(0), 2, &work, nil)
	if err != nil || !slices.Equal(got, keys(2, 3)) || next != key(8) || !more {
		t.Errorf("got %v, next %v, more %v, error %v; want 2 3, next 8, more", got, next, more, err)
	}
	got, _, more, err = search.Intersect(lists, next, 1, &work, nil)
	if err != nil || !slices.Equal(got, keys(8)) || more {
		t.Errorf("got %v, more %v, error %v; want 8 and no more", got, more, err)
	}
}

func TestIntersect_WorkUsedUp(t *testing.T) {
	a, b := keys(0, 2, 4, 6, 8, 10), keys(1, 3, 5, 7, 9, 10)
	work := 4
	got, next, more, err := search.Intersect([]search.List{a, b}, key(0), 10, &work, nil)
	if err != nil || len(got) != 0 || !more || work != 0 || next.Compare(key(1)) <= 0 || next.Compare(key(10)) >= 0 {
		t.Errorf("got %v, next %v, more %v, work left %d, error %v", got, next, more, work, err)
	}
}

func TestIntersect_UnionPaysForItsLists(t *testing.T) {
	u := search.Union(keys(1), keys(2), keys(3))
	work := 100
	if _, _, _, err := search.Intersect([]search.List{u}, key(0), 1, &work, nil); err != nil {
		t.Fatal(err)
	}
	// Three looks to begin with; then one list moves past 1 to find that there is a second page.
	if spent, want := 100-work, 4; spent != want {
		t.Errorf("work: got %d, want %d", spent, want)
	}
}

func TestIntersect_NothingToFind(t *testing.T) {
	for name, lists := range map[string][]search.List{
		"no lists": nil, "empty list": {keys(1), keys()}, "empty union": {search.Union()}, "disjoint": {keys(1), keys(2)},
	} {
		work := 10
		if got, _, more, err := search.Intersect(lists, key(0), 5, &work, nil); len(got) != 0 || more || err != nil {
			t.Errorf("%s: got %v, more %v, error %v; want nothing", name, got, more, err)
		}
	}
}

func TestIntersect_LastPossibleKey(t *testing.T) {
	var last search.Key
	for i := range last {
		last[i] = 0xff
	}
	work := 10
	got, _, more, err := search.Intersect([]search.List{sliceList{last}}, key(0), 5, &work, nil)
	if err != nil || !slices.Equal(got, []search.Key{last}) || more {
		t.Errorf("got %v, more %v, error %v; want the last key and no more", got, more, err)
	}
}

func TestIntersect_Errors(t *testing.T) {
	broken := func(search.Key) (bool, error) { return false, errBroken }
	for name, c := range map[string]struct {
		list search.List
		keep func(search.Key) (bool, error)
	}{
		"list": {brokenList{}, nil}, "list in union": {search.Union(keys(1), brokenList{}), nil}, "keep": {keys(1), broken},
	} {
		work := 10
		if _, _, more, err := search.Intersect([]search.List{c.list}, key(0), 5, &work, c.keep); !errors.Is(err, errBroken) || more {
			t.Errorf("%s: got error %v, more %v; want %v", name, err, more, errBroken)
		}
	}
}

func TestUnion_SeeksBackAndForth(t *testing.T) {
	u := search.Union(keys(1, 4), keys(2, 4, 6), keys())
	for _, c := range []struct {
		from, want uint64
		ok         bool
	}{{0, 1, true}, {2, 2, true}, {3, 4, true}, {5, 6, true}, {7, 0, false}, {1, 1, true}, {6, 6, true}, {0, 1, true}} {
		got, ok, err := u.Seek(key(c.from))
		if got != key(c.want) || ok != c.ok || err != nil {
			t.Errorf("Seek(%d): got %v, %v, %v; want %d, %v", c.from, got, ok, err, c.want, c.ok)
		}
	}
}
