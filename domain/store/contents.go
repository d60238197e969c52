package store

import (
	"context"
	"errors"

	"pult/domain/store/kv"
)

// Contents is how much an engine holds of what people count.
type Contents struct{ Conversations, Messages int }

// CountContents counts by keys, without opening a Store: nothing is migrated by it.
func CountContents(ctx context.Context, engine kv.Store) (c Contents, err error) {
	err = engine.View(ctx, func(r kv.Reader) error {
		for prefix, n := range map[string]*int{"v/": &c.Conversations, "m/": &c.Messages} {
			every := kv.Range{Prefix: makeKey(prefix), KeysOnly: true}
			if err := r.Iterate(every, func(_, _ []byte) error { *n++; return nil }); err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}

// restoredKey is there from a restore until the desk has dealt with what the backup says is yet to be sent.
var restoredKey = []byte("zr")

// MarkRestored is what an engine that was restored from a backup has besides, for Tx.IsRestored.
func MarkRestored() map[string][]byte { return map[string][]byte{string(restoredKey): {}} }

// IsRestored reports whether the data come from a backup and nobody has settled yet what waited to be sent in it: that
// may have been sent after the backup was made.
func (tx *Tx) IsRestored() (bool, error) {
	_, err := tx.readValue(restoredKey)
	if errors.Is(err, errMissing) {
		return false, nil
	}
	return err == nil, err
}

// ForgetRestored says that it is settled.
func (tx *Tx) ForgetRestored() error { return tx.deleteKey(restoredKey) }
