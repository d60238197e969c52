package kv

import (
	"context"
	"io"
)

// Range says which keys Iterate visits and in which order.
type Range struct {
	// Prefix limits the range to keys that begin with it; empty means all keys.
	Prefix []byte
	// Start is the first key of the range, inclusive in both directions. Empty
	// means the end from which the direction starts. A Start outside the prefix
	// is allowed: nothing outside the prefix is ever visited.
	Start []byte
	// Reverse visits the keys in descending order.
	Reverse bool
	// Limit is the greatest number of keys visited; 0 means no limit.
	Limit int
	// KeysOnly passes a nil value to the callback.
	KeysOnly bool
}

// Reader reads one snapshot. It is not safe for use by several goroutines and
// ends with the function it was passed to.
type Reader interface {
	// Get returns the value of a key, or ErrNotFound.
	Get(key []byte) ([]byte, error)
	// GetMany returns the values of keys in the order of keys, in one round
	// trip. A missing key gives a nil element, an empty value an empty one.
	GetMany(keys [][]byte) ([][]byte, error)
	// Iterate calls fn for each key of the range in order, each key once, also
	// if fn reads, iterates or writes in the same transaction; whether a write
	// made by fn further along the range is seen is left open. It ends with the
	// first error of fn; ErrStop ends it with nil.
	Iterate(r Range, fn func(key, value []byte) error) error
}

// Txn is a Reader that sees and collects its own writes.
type Txn interface {
	Reader
	// Set gives a key a value; nil is stored as an empty value. It returns
	// ErrTooBig if the write does not fit, and the transaction then cannot
	// commit any more.
	Set(key, value []byte) error
	// Delete removes a key. Removing a missing key is no error.
	Delete(key []byte) error
	// Touch guards a rule about a range: it reads and writes a key set aside
	// for that rule, so of two concurrent transactions that both touch it one
	// runs again. A value the key has is kept; a missing one becomes empty.
	Touch(key []byte) error
}

// Change tells a watcher what has been committed.
type Change struct {
	// Keys are the distinct keys that changed under the watched prefixes, in no
	// particular order. The same key may be named again in a later Change.
	Keys [][]byte
	// Resync means that changes may have been missed: read again everything
	// that is shown. Keys is then empty.
	Resync bool
}

// Info describes a store for the status page and for logs.
type Info struct {
	Engine    string // "badger"
	Version   string // of the engine, as its maker writes it
	Encrypted bool   // the files are unreadable without a key
	Shared    bool   // several nodes may use the store at once
	Writable  bool   // false while Update and Append answer ErrReadOnly
	BytesUsed int64  // on disk, holes in sparse files not counted
	BytesFree int64  // left for the store; 0 if it has no disk
	Commits   int64  // transactions committed since the store was opened; Appends that shared one count once
}

// Store is an ordered key-value store. It is safe for concurrent use. After
// Close every method answers ErrClosed.
type Store interface {
	// View calls fn with a snapshot that contains every commit acknowledged
	// before View was called, and returns fn's error. It stops with the error
	// of ctx at the next read after ctx has ended. Views do not hold up writers.
	View(ctx context.Context, fn func(Reader) error) error
	// Update calls fn and commits what it wrote. An error or a panic of fn
	// undoes everything and passes through. After a conflict fn is called
	// again, until ctx ends; a ctx without deadline gets DefaultTimeout. There
	// may be one writer at a time, so fn must be short and must not call Update.
	//
	// Errors besides fn's own: ErrConflict, ErrUnknown, ErrTooBig, ErrReadOnly,
	// ErrClosed and the error of ctx.
	Update(ctx context.Context, fn func(Txn) error) error
	// Append writes one key durably without reading anything. It may run beside
	// an Update, and Appends that wait at the same time share one commit, which
	// is what makes it fit for a journal: many callers, few disk flushes. It
	// replaces a value the key has. If ctx ends while the write still waits for
	// its turn, it is withdrawn and the error of ctx returned.
	Append(ctx context.Context, key, value []byte) error
	// Watch reports the keys under any of the prefixes that are committed from
	// now on, each after it can be read by View; without prefixes, all keys. A
	// receiver with more than MaxPending changes waiting gets one Resync
	// instead. The channel closes when ctx ends or the store closes. A watcher
	// reads the state first after Watch has returned, not before.
	Watch(ctx context.Context, prefixes ...[]byte) (<-chan Change, error)
	// Backup writes a snapshot of all keys, with a checksum, while the store
	// stays in use.
	Backup(ctx context.Context, w io.Writer) error
	// Info may touch the disk: call it for a page, not for every request.
	Info() Info
	// Close waits until running transactions have ended, then releases
	// everything. It must not be called from inside one. Closing twice is fine.
	Close() error
}
