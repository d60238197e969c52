package search

import (
	"bytes"
	"container/heap"
)

// Key is what a posting points to. Lists ascend by it; the store inverts its time-sorted identifiers, so that the
// newest comes first.
type Key [16]byte

// Compare is -1, 0 or +1 as k comes before, is, or comes after other.
func (k Key) Compare(other Key) int { return bytes.Compare(k[:], other[:]) }

// nextKey is the key right after k; ok is false after the last possible one.
func (k Key) nextKey() (after Key, ok bool) {
	for i := len(k) - 1; i >= 0; i-- {
		k[i]++
		if k[i] != 0 {
			return k, true
		}
	}
	return k, false
}

// List is an ascending list of distinct keys, usually an iterator over one term's postings.
type List interface {
	// Seek gives the first key that is not before from; ok is false when there is none. Seeking forward is the
	// common case and should be cheap; seeking back is allowed.
	Seek(from Key) (key Key, ok bool, err error)
}

// Union is the list of all keys of the given lists, without repetitions: the terms that a prefix expands to. It looks
// into a list only when its turn comes. Without lists it is empty. It is not safe for concurrent use.
func Union(lists ...List) List {
	if len(lists) == 1 {
		return lists[0]
	}
	return &union{lists: lists}
}

// union keeps the lists that have keys left in a heap by their next key.
type union struct {
	lists   []List
	heads   heads
	from    Key  // of the last Seek
	started bool // heads and from are set
	work    int  // seeks in lists that the last Seek needed
}

// Seek implements List.
func (u *union) Seek(from Key) (Key, bool, error) {
	u.work = 0
	if !u.started || from.Compare(u.from) < 0 {
		if err := u.seekAll(from); err != nil {
			return Key{}, false, err
		}
	}
	u.from = from
	for len(u.heads) > 0 && u.heads[0].key.Compare(from) < 0 {
		if err := u.advanceFirst(from); err != nil {
			return Key{}, false, err
		}
	}
	if len(u.heads) == 0 {
		return Key{}, false, nil
	}
	return u.heads[0].key, true, nil
}

// seekAll looks into every list anew. After an error the next Seek does so again.
func (u *union) seekAll(from Key) error {
	u.started, u.heads = false, u.heads[:0]
	for _, l := range u.lists {
		key, ok, err := l.Seek(from)
		u.work++
		if err != nil {
			return err
		}
		if ok {
			u.heads = append(u.heads, head{key, l})
		}
	}
	heap.Init(&u.heads)
	u.started = true
	return nil
}

// advanceFirst moves the list whose key comes first on to from, or drops it when it has come to its end.
func (u *union) advanceFirst(from Key) error {
	key, ok, err := u.heads[0].list.Seek(from)
	u.work++
	if err != nil {
		u.started = false
		return err
	}
	if !ok {
		heap.Pop(&u.heads)
		return nil
	}
	u.heads[0].key = key
	heap.Fix(&u.heads, 0)
	return nil
}

// head is a list and the key it stands at.
type head struct {
	key  Key
	list List
}

// heads implements heap.Interface.
type heads []head

func (h heads) Len() int           { return len(h) }
func (h heads) Less(i, j int) bool { return h[i].key.Compare(h[j].key) < 0 }
func (h heads) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *heads) Push(x any)        { *h = append(*h, x.(head)) }
func (h *heads) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
