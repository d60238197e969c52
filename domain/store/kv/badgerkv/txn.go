package badgerkv

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"

	"pult/domain/store/kv"
)

// View implements kv.Store.
func (s *Store) View(ctx context.Context, fn func(kv.Reader) error) error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: view: %w", err)
	}
	r := &reader{ctx: ctx, txn: s.db.NewTransaction(false)}
	defer r.txn.Discard()
	return fn(r)
}

// Update implements kv.Store. Conflicts can only come from an Append between a
// read and the commit, since there is one writer.
func (s *Store) Update(ctx context.Context, fn func(kv.Txn) error) error {
	if err := s.gate.enter(); err != nil {
		return err
	}
	defer s.gate.leave()
	ctx, cancel := kv.WithTimeout(ctx)
	defer cancel()
	return kv.Retry(ctx, func() (bool, error) { return s.attempt(ctx, fn) })
}

// attempt runs fn once. It gives the writer's turn back before the wait for the
// next attempt, so that others can go on meanwhile.
func (s *Store) attempt(ctx context.Context, fn func(kv.Txn) error) (again bool, err error) {
	if err := s.lockWriter(ctx); err != nil {
		return false, err
	}
	defer s.unlockWriter()
	if err := s.checkWritable(); err != nil {
		return false, err
	}
	t := &txn{reader: reader{ctx: ctx, txn: s.db.NewTransaction(true)}}
	defer t.txn.Discard()
	if err := fn(t); err != nil {
		return false, err
	}
	if err := t.budget.Err(); err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, fmt.Errorf("store: update: %w", err)
	}
	if len(t.changed) == 0 {
		return false, nil
	}
	if err := s.commit(t.txn, updates); err != nil {
		return errors.Is(err, kv.ErrConflict), err
	}
	s.commits.Add(1)
	s.hub.Publish(t.changed)
	return false, nil
}

func (s *Store) lockWriter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: update: %w", err)
	}
	select {
	case s.writer <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("store: update: waiting for the writer before: %w", ctx.Err())
	}
}

func (s *Store) unlockWriter() { <-s.writer }

// commit numbers a transaction and flushes it. Besides a conflict it fails only when the disk
// does, and then nobody can tell what the files hold; the engine's state in
// memory may be ahead of them. No more writes go on top of that: opening the
// store again reads what is really there.
func (s *Store) commit(t *badger.Txn, in sequence) error {
	if s.marks != nil {
		if err := s.marks.stamp(t, in); err != nil {
			return fmt.Errorf("store: number a commit: %w", err)
		}
	}
	err := t.Commit()
	switch {
	case err == nil:
		s.acknowledge(in)
		return nil
	case errors.Is(err, badger.ErrConflict):
		return kv.ErrConflict
	case errors.Is(err, badger.ErrTxnTooBig):
		return fmt.Errorf("%w: %w", kv.ErrTooBig, err)
	}
	s.broken.Store(true)
	s.log.Error("store: commit failed, no more writes until restart", "err", err)
	return fmt.Errorf("%w: %w", kv.ErrUnknown, err)
}

// acknowledge notes outside of the engine what is on the disk. That it could not
// be noted is no reason to say that the commit failed.
func (s *Store) acknowledge(in sequence) {
	if s.marks == nil {
		return
	}
	if err := s.marks.acknowledge(in); err != nil {
		s.log.Warn("store: a commit was not noted", "err", err)
	}
}

// reader implements kv.Reader.
type reader struct {
	ctx context.Context
	txn *badger.Txn
}

func (r *reader) Get(key []byte) ([]byte, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, fmt.Errorf("store: get: %w", err)
	}
	if err := kv.CheckKey(key); err != nil {
		return nil, err
	}
	item, err := r.txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, kv.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("store: get %q: %w", key, err)
	}
	return copyValue(item)
}

// copyValue never returns nil without an error: nil would mean "missing".
func copyValue(item *badger.Item) (value []byte, err error) {
	err = item.Value(func(v []byte) error {
		value = append(make([]byte, 0, len(v)), v...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: read value of %q: %w", item.Key(), err)
	}
	return value, nil
}

func (r *reader) GetMany(keys [][]byte) ([][]byte, error) {
	values := make([][]byte, len(keys))
	for i, key := range keys {
		value, err := r.Get(key)
		if err != nil && !errors.Is(err, kv.ErrNotFound) {
			return nil, err
		}
		values[i] = value
	}
	return values, nil
}

// txn implements kv.Txn.
type txn struct {
	reader
	budget  kv.Budget
	changed [][]byte // every key written, for the watchers
}

func (t *txn) Set(key, value []byte) error {
	if err := t.checkWrite(key, value); err != nil {
		return err
	}
	// Badger refers to key and value until the commit, hence the copies; one
	// allocation holds both.
	buf := append(append(make([]byte, 0, len(key)+len(value)), key...), value...)
	key, value = buf[:len(key):len(key)], buf[len(key):]
	t.changed = append(t.changed, key)
	return wrapWrite(key, t.txn.Set(key, value))
}

func (t *txn) Delete(key []byte) error {
	if err := t.checkWrite(key, nil); err != nil {
		return err
	}
	key = bytes.Clone(key)
	t.changed = append(t.changed, key)
	return wrapWrite(key, t.txn.Delete(key))
}

func (t *txn) Touch(key []byte) error {
	value, err := t.Get(key)
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	return t.Set(key, value)
}

// checkWrite checks that one more write is allowed.
func (t *txn) checkWrite(key, value []byte) error {
	if err := t.ctx.Err(); err != nil {
		return fmt.Errorf("store: write: %w", err)
	}
	return t.budget.Spend(key, value)
}

func wrapWrite(key []byte, err error) error {
	if err != nil {
		return fmt.Errorf("store: write %q: %w", key, err)
	}
	return nil
}
