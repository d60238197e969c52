package live

import (
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// cache keeps what was drawn for the streams, so that an event is drawn once for all who see the same of it and not
// once for each of a thousand open pages. It is bounded: what was not used for longest goes first.
type cache struct {
	kept   *lru.Cache[string, drawing]
	making singleflight.Group
}

// newCache makes a cache of at most so many drawings, which must be more than none.
func newCache(most int) *cache {
	kept, err := lru.New[string, drawing](most)
	if err != nil {
		panic(err) // the number is a constant of this package
	}
	return &cache{kept: kept}
}

// getOrDraw gives what is kept under the key, or draws it; others who ask for it meanwhile wait. The caller must not
// change the result. A failure is not kept.
func (c *cache) getOrDraw(key string, draw func() (drawing, error)) (drawing, error) {
	if kept, ok := c.kept.Get(key); ok {
		return kept, nil
	}
	made, err, _ := c.making.Do(key, func() (any, error) {
		if kept, ok := c.kept.Peek(key); ok { // drawn since we looked
			return kept, nil
		}
		made, err := draw()
		if err == nil {
			c.kept.Add(key, made)
		}
		return made, err
	})
	return made.(drawing), err
}
