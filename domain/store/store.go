// Package store keeps the nouns of domain in an ordered key-value store.
//
// Every function is a method on Tx, so functions compose inside one transaction. A closure given to Update has no
// effects of its own: time, new ids and the list of events come from Tx, and events go out after the commit. keys.go
// draws the whole key space; index entries are keys of their own, removed by comparing old and new keys. Lists the
// product shows are read from an index without sorting or loading what is not shown.
//
// # Files
//
// Each noun of domain is read and written in the file of its name, and nowhere else. Besides the nouns:
//
//	open                opening, which runs the migrations that are missing
//	store               transactions, reading and writing of single records
//	keys                the drawing of the key space, and the parts that keys are made of
//	codec               the form of values
//	queue_head          where the queues begin, so that nothing walks over what was removed
//	recall              values that were decoded before
//	migrations          changes of what is stored from one version of the program to the next
//	conversation_list   the ordered lists behind the chats table, page by page
//	conversation_search the columns of that table as search terms
//	search              postings, and finding by them
//	counter             numbers people see, and counts that no page makes by scanning
//	mail                letters by their Message-ID
//	receiver            where the receivers of channels go on
//	seal                encryption of credentials
//	tag                 tags that were used, for suggestions
//	contents            how much an engine holds, for backups
//	restored            what data say that come from a backup
//	orphan_status, publication  records of the store's own: no noun of domain
package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/store/heads"
	"pult/domain/store/kv"
)

// Options are what a store needs besides its engine.
type Options struct {
	Now         func() time.Time     // the clock
	AfterCommit func([]domain.Event) // told each commit's events, in commit order; must not block
	SealKey     []byte               // 32 bytes; channel credentials are sealed with it. Empty = it is lost, see NewSealKey
	// makes and keeps a key once credentials are entered while there is none; nil = SealKey must be there
	NewSealKey func() ([]byte, error)
}

// Store keeps the nouns. It is safe for many callers.
type Store struct {
	kv      kv.Store
	now     func() time.Time
	publish func([]domain.Event)
	ids     domain.IDs
	seal    *sealer

	// write is held from the start of an Update until its events are published: events are numbered and told in commit
	// order.
	write   sync.Mutex
	seq     uint64  // number of the newest event; guarded by write
	workers Workers // guarded by write

	heads  *heads.Heads // where reading of queues begins
	queues heads.Names  // of jobs, but the desk's own

	full atomic.Bool // the engine refused the last write for want of room

	recalled recall // what values were decoded to

	enqueued  background.Signal // set while there may be jobs that nobody was told of
	journaled background.Signal // the same of journal entries
}

// EventsKept is how many events can be replayed to a page that was away. Older cursors reload the page.
const EventsKept = 20000

// Engine gives the store below, for backup and for its figures.
func (s *Store) Engine() kv.Store { return s.kv }

// Tx is one transaction. Now stands still within it, in UTC and whole milliseconds.
type Tx struct {
	Now      time.Time
	r        kv.Reader
	w        kv.Txn // nil in View
	s        *Store
	events   []domain.Event
	ops      int
	jobs     bool // a job was enqueued, or is due sooner
	replayed bool // a journal entry was put back to be taken in

	queued    queueWrites
	beginning []beginning // jobs that begin with the commit
}

// View reads one snapshot.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	since := s.heads.Now()
	return asRefusal(s.kv.View(ctx, func(r kv.Reader) error {
		return fn(&Tx{Now: s.currentTime(), r: r, s: s, queued: queueWrites{since: since}})
	}))
}

// Read reads one thing in a snapshot of its own: a method of Tx such as (*Tx).Operators, or a function around one that
// takes more than the transaction.
func Read[T any](ctx context.Context, s *Store, read func(*Tx) (T, error)) (out T, err error) {
	err = s.View(ctx, func(tx *Tx) (err error) {
		out, err = read(tx)
		return err
	})
	return out, err
}

// Update runs fn as one durable transaction and tells its events after the commit. fn may run more than once, so it has
// no effects outside the transaction but assigning to its own variables at its start.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	s.write.Lock()
	defer s.write.Unlock()
	tx, committed := &Tx{s: s}, false
	defer func() { finishTx(tx, committed) }()
	since := s.heads.Now()
	err := s.kv.Update(ctx, func(w kv.Txn) error {
		finishTx(tx, false)
		*tx = Tx{Now: s.currentTime(), r: w, w: w, s: s, queued: queueWrites{since: since}}
		if err := fn(tx); err != nil {
			return err
		}
		return tx.storeEvents()
	})
	s.noteRoom(err)
	if err != nil {
		return asRefusal(err)
	}
	committed = true
	s.seq += uint64(len(tx.events))
	if len(tx.events) > 0 {
		s.publish(tx.events)
	}
	if tx.jobs {
		s.enqueued.Set()
	}
	if tx.replayed {
		s.journaled.Set()
	}
	return nil
}

// Enqueued gives a signal after each commit in which a job was enqueued, revived or made due sooner, so that whoever
// runs the jobs learns of it without being told by the use case. Several commits before the signal is received are one
// signal. The channel is never closed, and each signal goes to one receiver only: a store has one job runner.
func (s *Store) Enqueued() <-chan struct{} { return s.enqueued }

// Journaled gives a signal after entries were added to the journal, in the same way, to the one who takes them in.
func (s *Store) Journaled() <-chan struct{} { return s.journaled }

// noteRoom remembers whether the engine takes writes.
func (s *Store) noteRoom(err error) {
	if err == nil || errors.Is(err, kv.ErrReadOnly) {
		s.full.Store(err != nil)
	}
}

// IsFull reports whether the last write was refused because the disk is nearly full. The next write that is taken ends
// it.
func (s *Store) IsFull() bool { return s.full.Load() }

// IsFull reports whether an error says that nothing can be written because the disk is nearly full.
func IsFull(err error) bool { return errors.Is(err, kv.ErrReadOnly) }

// ErrTooBig says that a record or a transaction is larger than the engine takes: trying again is no use.
var ErrTooBig = kv.ErrTooBig

func (s *Store) currentTime() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// asRefusal turns the engine's "not now" into a refusal that people can be told.
func asRefusal(err error) error {
	switch {
	case errors.Is(err, kv.ErrReadOnly):
		return domain.Refuse(domain.Unavailable, "error.disk_full").Because(err)
	case errors.Is(err, kv.ErrUnknown), errors.Is(err, kv.ErrConflict):
		return domain.Refuse(domain.Unavailable, "error.busy").Because(err)
	}
	return err
}

// clockSlack is by how much a clock may be set back without anything stored counting as over.
const clockSlack = time.Hour

// isOver reports whether something has ended that ended no later than life after it was stored. What seems to end later
// was stored when the clock was ahead, and is over.
func isOver(end, now time.Time, life time.Duration) bool {
	return domain.IsDue(end, now, life+clockSlack)
}

// NewID makes an identifier for something created in this transaction.
func (tx *Tx) NewID() domain.ID { return tx.s.ids.New(tx.Now) }

// Record adds an event to the transaction; its number and time are set at commit.
func (tx *Tx) Record(e domain.Event) { tx.events = append(tx.events, e) }

// Ops is how many keys the transaction has written: long loops commit before kv.MaxTxnOps.
func (tx *Tx) Ops() int { return tx.ops }

func (tx *Tx) setKey(k, v []byte) error {
	tx.ops++
	if tx.s.noteWrite(k) {
		tx.queued.written = append(tx.queued.written, string(k))
	}
	return tx.w.Set(k, v)
}

func (tx *Tx) deleteKey(k []byte) error {
	tx.ops++
	if _, ok := queueOf(k); ok {
		tx.queued.removed = append(tx.queued.removed, k)
	}
	return tx.w.Delete(k)
}

func deleteKeys(tx *Tx, keys [][]byte) (err error) {
	for _, k := range keys {
		err = errors.Join(err, tx.deleteKey(k))
	}
	return err
}

// putRecord encodes a record under its key.
func (tx *Tx) putRecord(k []byte, v any) error {
	b, err := encodeValue(v)
	if err != nil {
		return err
	}
	return tx.setKey(k, b)
}

// getRecord decodes the record under a key; a missing one is a NotFound refusal.
func (tx *Tx) getRecord(k []byte, v any) error {
	b, err := tx.readValue(k)
	if err != nil {
		return err
	}
	return decodeValue(b, v)
}

// readValue reads the value under a key; a missing one is a NotFound refusal.
func (tx *Tx) readValue(k []byte) ([]byte, error) {
	b, err := tx.r.Get(k)
	if errors.Is(err, kv.ErrNotFound) {
		return nil, errMissing
	}
	return b, err
}

// findRecord is get for records that may be missing.
func (tx *Tx) findRecord(k []byte, v any) (bool, error) {
	err := tx.getRecord(k, v)
	if errors.Is(err, errMissing) {
		return false, nil
	}
	return err == nil, err
}

var errMissing error = domain.Refuse(domain.NotFound, "error.not_found")

// findID reads the identifier an index key leads to.
func (tx *Tx) findID(k []byte) (id domain.ID, ok bool, err error) {
	b, err := tx.r.Get(k)
	if errors.Is(err, kv.ErrNotFound) {
		return id, false, nil
	}
	if err != nil {
		return id, false, err
	}
	return idFrom(b), len(b) >= idLen, nil
}

// replaceKeys replaces the index entries of a record: what only old has goes, what only new has comes.
func (tx *Tx) replaceKeys(old, new [][]byte) error {
	had := make(map[string]bool, len(old))
	for _, k := range old {
		had[string(k)] = true
	}
	for _, k := range new {
		if had[string(k)] {
			delete(had, string(k))
			continue
		}
		if err := tx.setKey(k, nil); err != nil {
			return err
		}
	}
	for k := range had {
		if err := tx.deleteKey([]byte(k)); err != nil {
			return err
		}
	}
	return nil
}

// eachRecord decodes every record under a prefix.
func eachRecord[T any](tx *Tx, prefix []byte, fn func(*T) error) error {
	return tx.r.Iterate(kv.Range{Prefix: prefix}, func(_, v []byte) error {
		var t T
		if err := decodeValue(v, &t); err != nil {
			return err
		}
		return fn(&t)
	})
}

// allRecords decodes every record under a prefix into a list: only for things a desk has few of.
func allRecords[T any](tx *Tx, prefix []byte) (list []T, err error) {
	err = eachRecord(tx, prefix, func(t *T) error {
		list = append(list, *t)
		return nil
	})
	return list, err
}

func wrapError(err error, format string, args ...any) error {
	if err == nil || domain.KindOf(err) == domain.NotFound {
		return err
	}
	return fmt.Errorf("store: "+format+": %w", append(args, err)...)
}
