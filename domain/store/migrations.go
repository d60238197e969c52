package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"pult/domain"
	"pult/domain/search"
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
	{"numbers by every spelling", indexEverySpelling},
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

// migratedAtOnce is how many records a migration reads at a time.
const migratedAtOnce = 50

// keepSuggestionsByChannel makes the names of every request anew, by its channel, and forgets those that were kept for
// all channels together.
func keepSuggestionsByChannel(ctx context.Context, s *Store) error {
	if err := migrateRecords(ctx, s, "r/", (*Tx).putSuggestions); err != nil {
		return err
	}
	return s.deleteAll(ctx, []byte("g/"))
}

// indexEverySpelling has contacts and conversations found by every spelling of a number, and listed by the one that is
// dialled. Few have more than one.
func indexEverySpelling(ctx context.Context, s *Store) error {
	if err := migrateRecords(ctx, s, "p/", (*Tx).indexContactSpellings); err != nil {
		return err
	}
	return migrateRecords(ctx, s, "v/", (*Tx).indexConversationSpellings)
}

func hasSpellings(e164 string) bool { return len(domain.PhoneSpellings(e164)) > 1 }

func (tx *Tx) indexContactSpellings(c *domain.Contact) error {
	several := false
	for _, i := range c.Identities {
		if i.Kind != domain.PhoneIdentity || !hasSpellings(i.Value) {
			continue
		}
		several = true
		// where a contact without a name was listed until now
		if err := tx.deleteKey(makeKey("pn/", textPart(search.Fold(i.Value)), c.ID[:])); err != nil {
			return err
		}
	}
	if !several {
		return nil
	}
	return tx.replaceKeys(nil, contactKeys(c))
}

func (tx *Tx) indexConversationSpellings(c *domain.Conversation) error {
	channel, err := tx.Channel(c.ChannelID)
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if !hasSpellings(c.Address) && !hasSpellings(channel.Number) {
		return nil
	}
	if err := tx.replaceKeys(nil, conversationPostings(c, &channel)); err != nil {
		return err
	}
	contact, err := tx.Contact(c.ContactID)
	if err != nil {
		return err
	}
	if !hasSpellings(c.Address) {
		return nil
	}
	if c.Address = contact.ShownPhone(c.Address); hasSpellings(c.Name) {
		c.Name = contact.Title()
	}
	return tx.PutConversation(c, &channel)
}

// migrateRecords runs change with every record under a prefix, each in a transaction of its own where it writes.
func migrateRecords[T any](ctx context.Context, s *Store, prefix string, change func(*Tx, *T) error) error {
	after := []byte(prefix)
	for after != nil {
		var list []T
		err := s.View(ctx, func(tx *Tx) (err error) {
			list, after, err = recordsFrom[T](tx, prefix, after, migratedAtOnce)
			return err
		})
		for i := range list {
			if err == nil {
				err = s.Update(ctx, func(tx *Tx) error { return change(tx, &list[i]) })
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// recordsFrom reads some records under a prefix, beginning at a key, and gives the key to go on at; nil = no more.
func recordsFrom[T any](tx *Tx, prefix string, from []byte, limit int) (list []T, next []byte, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: []byte(prefix), Start: from, Limit: limit}, func(k, v []byte) error {
		next = makeKey("", k, []byte{0}) // the first key after it that there can be
		var t T
		err := decodeValue(v, &t)
		list = append(list, t)
		return err
	})
	return list, next, err
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
