package live

import (
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// keptOnce keeps what was made for one stream or page, so that it is made once for all who need the same and not once
// for each of a thousand open pages. It is bounded: what was not used for longest goes first.
type keptOnce[K comparable, V any] struct {
	kept   *lru.Cache[K, V]
	making singleflight.Group
}

// newKeptOnce keeps at most so many, which must be more than none.
func newKeptOnce[K comparable, V any](most int) *keptOnce[K, V] {
	kept, err := lru.New[K, V](most)
	if err != nil {
		panic(err) // the number is a constant of this package
	}
	return &keptOnce[K, V]{kept: kept}
}

// get gives what is kept under the key, or makes it; others who ask for it meanwhile wait. The caller must not change
// the result. A failure is not kept.
func (c *keptOnce[K, V]) get(key K, make func() (V, error)) (V, error) {
	if kept, ok := c.kept.Get(key); ok {
		return kept, nil
	}
	made, err, _ := c.making.Do(fmt.Sprint(key), func() (any, error) {
		if kept, ok := c.kept.Peek(key); ok { // made since we looked
			return kept, nil
		}
		made, err := make()
		if err == nil {
			c.kept.Add(key, made)
		}
		return made, err
	})
	return made.(V), err
}
