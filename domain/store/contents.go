package store

import (
	"context"

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
