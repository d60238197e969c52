package kvtest

import (
	"bytes"
	"context"
	"sync"

	"pult/domain/store/kv"
)

// Counter is a store that counts what is done with the one below. It models an
// engine that keeps a mark for each removed key: reading a range walks over the
// marks in it as over keys, which is what makes reading a queue from its
// beginning dearer with use. Marks of keys written by others than the Counter
// are not known to it.
type Counter struct {
	kv.Store

	mu      sync.Mutex
	gone    map[string]bool // keys that were removed; guarded by mu
	steps   int             // keys and marks walked over; guarded by mu
	commits int             // transactions that wrote something, and Appends; guarded by mu
}

// Count counts what is done with a store from now on.
func Count(s kv.Store) *Counter { return &Counter{Store: s, gone: map[string]bool{}} }

// Steps is how many keys and marks of removed keys were walked over so far.
func (c *Counter) Steps() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.steps
}

// Commits is how many transactions wrote something so far; each Append is one.
func (c *Counter) Commits() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.commits
}

// View implements kv.Store.
func (c *Counter) View(ctx context.Context, fn func(kv.Reader) error) error {
	return c.Store.View(ctx, func(r kv.Reader) error { return fn(countingReader{r, c}) })
}

// Update implements kv.Store.
func (c *Counter) Update(ctx context.Context, fn func(kv.Txn) error) error {
	var t *countingTxn
	err := c.Store.Update(ctx, func(inner kv.Txn) error {
		t = &countingTxn{countingReader{inner, c}, inner, map[string]bool{}}
		return fn(t)
	})
	if err == nil {
		c.noteCommit(t.removed)
	}
	return err
}

// Append implements kv.Store.
func (c *Counter) Append(ctx context.Context, key, value []byte) error {
	err := c.Store.Append(ctx, key, value)
	if err == nil {
		c.noteCommit(map[string]bool{string(key): false})
	}
	return err
}

// noteCommit notes the keys that a transaction wrote (false) and removed (true).
func (c *Counter) noteCommit(removed map[string]bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(removed) > 0 {
		c.commits++
	}
	for k, gone := range removed {
		if gone {
			c.gone[k] = true
		} else {
			delete(c.gone, k)
		}
	}
}

// noteWalk counts the walk over a range of which seen keys were visited, the
// last of them last; nil says that the range was walked to its end.
func (c *Counter) noteWalk(rg kv.Range, seen int, last []byte) {
	from, to := rg.Start, last
	if to == nil {
		to = kv.PrefixEnd(rg.Prefix)
	}
	if rg.Reverse {
		from, to = last, rg.Start
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steps += seen
	for k := range c.gone {
		k := []byte(k)
		if bytes.HasPrefix(k, rg.Prefix) && bytes.Compare(k, from) >= 0 && (len(to) == 0 || bytes.Compare(k, to) <= 0) {
			c.steps++
		}
	}
}

type countingReader struct {
	kv.Reader
	c *Counter
}

// Iterate implements kv.Reader.
func (r countingReader) Iterate(rg kv.Range, fn func(key, value []byte) error) error {
	seen, ended := 0, true
	var last []byte
	err := r.Reader.Iterate(rg, func(key, value []byte) error {
		seen++
		last = bytes.Clone(key)
		err := fn(key, value)
		ended = err == nil && seen != rg.Limit
		return err
	})
	if ended {
		last = nil
	}
	r.c.noteWalk(rg, seen, last)
	return err
}

type countingTxn struct {
	countingReader
	inner   kv.Txn
	removed map[string]bool // by key written; true = removed
}

// Set implements kv.Txn.
func (t *countingTxn) Set(key, value []byte) error {
	t.removed[string(key)] = false
	return t.inner.Set(key, value)
}

// Delete implements kv.Txn.
func (t *countingTxn) Delete(key []byte) error {
	t.removed[string(key)] = true
	return t.inner.Delete(key)
}

// Touch implements kv.Txn.
func (t *countingTxn) Touch(key []byte) error {
	t.removed[string(key)] = false
	return t.inner.Touch(key)
}
