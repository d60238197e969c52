package kv

import (
	"bytes"
	"fmt"
)

// Limits in bytes and operations. They fit the smallest engine the contract was
// measured on, with room to spare, so that data can move between engines.
const (
	MaxKey      = 1024      // bytes of one key; the least is 1
	MaxValue    = 256 << 10 // bytes of one value
	MaxTxnBytes = 1 << 20   // bytes of all keys and values written in one transaction
	MaxTxnOps   = 1000      // Set, Delete and Touch calls in one transaction
)

// EnginePrefix begins the keys under which our package around an engine keeps
// its own records. They are hidden from whoever reads the store.
const EnginePrefix = "!pult!"

// reservedPrefixes are where engines keep records: the default one, and the
// packages around any. Keys below them are refused on every engine: a store that
// accepted them could not be moved.
var reservedPrefixes = [][]byte{[]byte("!badger!"), []byte(EnginePrefix)}

// CheckKey returns nil for a key that may be read or written. It returns
// ErrTooBig for an empty key and one longer than MaxKey, and ErrReservedKey for
// one in the range that belongs to engines.
func CheckKey(key []byte) error {
	if len(key) == 0 {
		return fmt.Errorf("%w: empty key", ErrTooBig)
	}
	if len(key) > MaxKey {
		return fmt.Errorf("%w: key of %d bytes, at most %d", ErrTooBig, len(key), MaxKey)
	}
	for _, reserved := range reservedPrefixes {
		if bytes.HasPrefix(key, reserved) {
			return fmt.Errorf("%w: %q", ErrReservedKey, key)
		}
	}
	return nil
}

// CheckValue returns ErrTooBig for a value longer than MaxValue, otherwise nil.
func CheckValue(value []byte) error {
	if len(value) > MaxValue {
		return fmt.Errorf("%w: value of %d bytes, at most %d", ErrTooBig, len(value), MaxValue)
	}
	return nil
}

// Budget counts what one transaction writes. Its zero value is an empty
// transaction. The first refusal sticks: a function that ignores the error of a
// Set must not get the rest of its writes committed as if they were all.
type Budget struct {
	ops   int
	bytes int
	err   error
}

// Spend checks one write against every limit and counts it. A delete is a write
// without a value. It returns ErrTooBig or ErrReservedKey and then goes on
// returning it.
func (b *Budget) Spend(key, value []byte) error {
	if b.err == nil {
		b.err = b.spend(key, value)
	}
	return b.err
}

// Err returns the first refusal, or nil if every write fitted.
func (b *Budget) Err() error { return b.err }

func (b *Budget) spend(key, value []byte) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := CheckValue(value); err != nil {
		return err
	}
	b.ops++
	b.bytes += len(key) + len(value)
	if b.ops > MaxTxnOps {
		return fmt.Errorf("%w: more than %d writes in a transaction", ErrTooBig, MaxTxnOps)
	}
	if b.bytes > MaxTxnBytes {
		return fmt.Errorf("%w: more than %d bytes in a transaction", ErrTooBig, MaxTxnBytes)
	}
	return nil
}
