package badgerkv

import (
	"github.com/dgraph-io/badger/v4"
)

// CheckDisk looks at the disk now, as the store does by itself every few seconds.
func (s *Store) CheckDisk() { s.disk.check() }

// RawCommit writes one key with nothing of this package in between, as the
// measure for Append.
func (s *Store) RawCommit(key, value []byte) error {
	return s.db.Update(func(t *badger.Txn) error { return t.Set(key, value) })
}

// OpenPanics runs the opening of an engine that panics on its options.
func OpenPanics() error {
	opts := badger.DefaultOptions("").WithInMemory(true).WithLogger(nil).WithBlockCacheSize(0)
	_, err := openEngine(opts)
	return err
}
