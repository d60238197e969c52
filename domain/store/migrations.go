package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"pult/domain"
	"pult/domain/store/kv"
)

// migration changes what is stored from one schema number to the next. It may be run again after a crash in its middle,
// so it must be safe to repeat, and it commits in batches of its own.
type migration struct {
	name string
	run  func(context.Context, *Store) error
}

// migrations are applied in order; the schema number is how many were applied. Entries are never removed or reordered.
var migrations = []migration{
	{"first schema", func(context.Context, *Store) error { return nil }},
	{"suggestions by channel", keepSuggestionsByChannel},
}

// ErrNewer says that the store was written by a newer program. It is left untouched.
var ErrNewer = errors.New(
	"store: the data were written by a newer version of Pult; start that version, or restore a backup made by this one",
)

var schemaKey = []byte("z")

// SchemaKey is where an engine keeps the number of what is stored, for CheckSchema.
func SchemaKey() []byte { return schemaKey }

// CheckSchema returns ErrNewer if the number, as it is stored under SchemaKey, is of a newer program.
func CheckSchema(stored []byte) error {
	if schemaIn(stored) > len(migrations) {
		return ErrNewer
	}
	return nil
}

func schemaIn(stored []byte) int {
	if len(stored) != 4 {
		return 0
	}
	return int(binary.BigEndian.Uint32(stored))
}

func (s *Store) runMigrations(ctx context.Context) error {
	at, err := s.schemaNumber(ctx)
	if err != nil {
		return err
	}
	if at > len(migrations) {
		return ErrNewer
	}
	for i := at; i < len(migrations); i++ {
		if err := migrations[i].run(ctx, s); err != nil {
			return fmt.Errorf("store: migration %d (%s): %w", i+1, migrations[i].name, err)
		}
		if err := s.kv.Update(ctx, func(w kv.Txn) error { return w.Set(schemaKey, uint32Part(uint32(i+1))) }); err != nil {
			return fmt.Errorf("store: note migration %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *Store) schemaNumber(ctx context.Context) (n int, err error) {
	err = s.kv.View(ctx, func(r kv.Reader) error {
		b, err := r.Get(schemaKey)
		if errors.Is(err, kv.ErrNotFound) {
			return nil
		}
		n = schemaIn(b)
		return err
	})
	return n, err
}

// migratedAtOnce is how many requests a migration looks at in one transaction.
const migratedAtOnce = 50

// keepSuggestionsByChannel makes the names of every request anew, by its channel, and forgets those that were kept for
// all channels together.
func keepSuggestionsByChannel(ctx context.Context, s *Store) error {
	after := []byte("r/")
	for after != nil {
		var list []domain.Request
		err := s.View(ctx, func(tx *Tx) (err error) {
			list, after, err = tx.requestsFrom(after, migratedAtOnce)
			return err
		})
		if err != nil {
			return err
		}
		err = s.Update(ctx, func(tx *Tx) error {
			for i := range list {
				if err := tx.putSuggestions(&list[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.deleteAll(ctx, []byte("g/"))
}

// deleteAll deletes every key with a prefix, some at a time.
func (s *Store) deleteAll(ctx context.Context, prefix []byte) error {
	for {
		var keys [][]byte
		err := s.kv.View(ctx, func(r kv.Reader) error {
			return r.Iterate(kv.Range{Prefix: prefix, Limit: kv.MaxTxnOps / 2, KeysOnly: true}, func(k, _ []byte) error {
				keys = append(keys, slices.Clone(k))
				return nil
			})
		})
		if err != nil || len(keys) == 0 {
			return err
		}
		err = s.kv.Update(ctx, func(w kv.Txn) error {
			for _, k := range keys {
				if err := w.Delete(k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
