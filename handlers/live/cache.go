package live

import (
	"container/list"
	"sync"
)

// drawings keeps what was drawn for the streams, so that an event is drawn once for all who see the same of it and not
// once for each of a thousand open pages. It is bounded: what was not used for longest goes first.
type drawings struct {
	mu    sync.Mutex
	most  int
	known map[string]*list.Element // guarded by mu; values are *drawing
	order *list.List               // guarded by mu; most recently used first
}

// drawing is made by the first who asks for it; the others wait for it.
type drawing struct {
	key  string
	once sync.Once
	html []byte
	err  error
}

func newDrawings(most int) *drawings {
	return &drawings{most: most, known: map[string]*list.Element{}, order: list.New()}
}

// get gives what is known under the key, or draws it. The caller must not change the result. A failure is not kept.
func (d *drawings) get(key string, draw func() ([]byte, error)) ([]byte, error) {
	entry := d.entry(key)
	entry.once.Do(func() { entry.html, entry.err = draw() })
	if entry.err != nil {
		d.drop(entry)
	}
	return entry.html, entry.err
}

func (d *drawings) entry(key string) *drawing {
	d.mu.Lock()
	defer d.mu.Unlock()
	if at, ok := d.known[key]; ok {
		d.order.MoveToFront(at)
		return at.Value.(*drawing)
	}
	entry := &drawing{key: key}
	d.known[key] = d.order.PushFront(entry)
	for d.order.Len() > d.most {
		oldest := d.order.Remove(d.order.Back()).(*drawing)
		delete(d.known, oldest.key)
	}
	return entry
}

func (d *drawings) drop(entry *drawing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if at, ok := d.known[entry.key]; ok && at.Value == entry {
		d.order.Remove(at)
		delete(d.known, entry.key)
	}
}
