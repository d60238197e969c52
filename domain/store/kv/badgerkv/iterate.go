package badgerkv

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"

	"pult/domain/store/kv"
)

// ctxEvery is how many keys are visited between two looks at the context.
const ctxEvery = 64

// Iterate keeps Badger's iterator open while fn runs. That is safe: it works on
// the snapshot and on a copy of the transaction's writes made when it began.
func (r *reader) Iterate(rg kv.Range, fn func(key, value []byte) error) error {
	if err := r.ctx.Err(); err != nil {
		return fmt.Errorf("store: iterate: %w", err)
	}
	it := r.txn.NewIterator(iteratorOptions(rg))
	defer it.Close()
	seekFirst(it, rg)
	for n := 0; it.ValidForPrefix(rg.Prefix); it.Next() {
		if isOwn(it.Item().Key()) {
			continue
		}
		n++
		if n%ctxEvery == 0 && r.ctx.Err() != nil {
			return fmt.Errorf("store: iterate: %w", r.ctx.Err())
		}
		if err := visitItem(it.Item(), rg.KeysOnly, fn); err != nil {
			return dropStop(err)
		}
		if n == rg.Limit {
			return nil
		}
	}
	return nil
}

// isOwn tells keys of this package from those of its users.
func isOwn(key []byte) bool { return bytes.HasPrefix(key, []byte(kv.EnginePrefix)) }

func dropStop(err error) error {
	if errors.Is(err, kv.ErrStop) {
		return nil
	}
	return err
}

// iteratorOptions leaves value prefetch off: it pays for values in a separate
// log, of which this store has none, and makes short reads ten times as slow.
// Badger wants no prefix for the descending direction.
func iteratorOptions(rg kv.Range) badger.IteratorOptions {
	opts := badger.IteratorOptions{Reverse: rg.Reverse}
	if !rg.Reverse {
		opts.Prefix = rg.Prefix
	}
	return opts
}

// seekFirst places the iterator on the first key of the range.
func seekFirst(it *badger.Iterator, rg kv.Range) {
	if rg.Reverse {
		seekLast(it, rg)
		return
	}
	if bytes.Compare(rg.Start, rg.Prefix) > 0 {
		it.Seek(rg.Start)
		return
	}
	it.Seek(rg.Prefix)
}

// seekLast places a descending iterator on the last key of the range. Badger
// seeks inclusively, and the end of a prefix lies just outside it.
func seekLast(it *badger.Iterator, rg kv.Range) {
	end := kv.PrefixEnd(rg.Prefix)
	if len(rg.Start) > 0 && (end == nil || bytes.Compare(rg.Start, end) < 0) {
		it.Seek(rg.Start)
		return
	}
	it.Seek(end)
	if end != nil && it.Valid() && bytes.Equal(it.Item().Key(), end) {
		it.Next()
	}
}

// visitItem passes copies to fn; one allocation holds key and value.
func visitItem(item *badger.Item, keysOnly bool, fn func(key, value []byte) error) error {
	if keysOnly {
		return fn(item.KeyCopy(nil), nil)
	}
	var buf []byte
	n := len(item.Key())
	err := item.Value(func(v []byte) error {
		buf = append(append(make([]byte, 0, n+len(v)), item.Key()...), v...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: read value of %q: %w", item.Key(), err)
	}
	return fn(buf[:n:n], buf[n:])
}
