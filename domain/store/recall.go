package store

import (
	"bytes"
	"hash/maphash"
	"reflect"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// recall remembers what stored values were decoded to, because pages read the same conversations and messages again and
// again, and decoding one takes longer than fetching it. A record is found by the bytes it was decoded from, so
// whatever a transaction reads is what its snapshot holds: nothing has to be told of a change. The zero value is ready.
type recall struct {
	once  sync.Once
	seed  maphash.Seed
	parts [recallParts]recallPart
}

type recallPart struct {
	mu    sync.Mutex
	list  *simplelru.LRU[recallKey, recalled]
	bytes int
}

// recallKey is a hash: the bytes are compared as well.
type recallKey struct {
	kind reflect.Type
	hash uint64
}

type recalled struct {
	raw    []byte
	record any // by pointer; nobody changes it
}

// size is about what a record takes with its bytes.
func (r recalled) size() int { return 300 + 3*len(r.raw) }

const (
	recallParts = 8
	recallBytes = 6 << 20 // of all parts: some thousand conversations and messages
)

func (r *recall) prepare() {
	r.seed = maphash.MakeSeed()
	for i := range r.parts {
		part := &r.parts[i]
		list, err := simplelru.NewLRU(recallBytes, func(_ recallKey, gone recalled) { part.bytes -= gone.size() })
		if err != nil {
			panic(err) // only a size below one is refused
		}
		part.list = list
	}
}

// find gives the record that the bytes were decoded to, and where to keep it when there is none.
func (r *recall) find(kind reflect.Type, raw []byte) (record any, key recallKey) {
	r.once.Do(r.prepare)
	key = recallKey{kind, maphash.Bytes(r.seed, raw)}
	part := &r.parts[key.hash%recallParts]
	part.mu.Lock()
	found, ok := part.list.Get(key)
	part.mu.Unlock()
	if !ok || !bytes.Equal(found.raw, raw) {
		return nil, key
	}
	return found.record, key
}

// keep keeps what bytes were decoded to. Neither may be changed afterwards.
func (r *recall) keep(key recallKey, raw []byte, record any) {
	entry := recalled{raw, record}
	if entry.size() > recallBytes/recallParts/4 {
		return
	}
	part := &r.parts[key.hash%recallParts]
	part.mu.Lock()
	defer part.mu.Unlock()
	part.list.Remove(key) // of the same hash
	part.list.Add(key, entry)
	for part.bytes += entry.size(); part.bytes > recallBytes/recallParts; {
		part.list.RemoveOldest()
	}
}

// countBytes is how much is remembered.
func (r *recall) countBytes() (n int) {
	r.once.Do(r.prepare)
	for i := range r.parts {
		r.parts[i].mu.Lock()
		n += r.parts[i].bytes
		r.parts[i].mu.Unlock()
	}
	return n
}

// recallValue decodes a value, or gives what the same bytes were decoded to before. What a record leads to (lists,
// pointers) is shared by all who read it: only transactions that cannot write get it, and nobody changes it. volatile
// says that raw is valid until the caller's next read only.
func recallValue[T any](tx *Tx, raw []byte, volatile bool, out *T) error {
	if tx.w != nil {
		return decodeValue(raw, out)
	}
	known, key := tx.s.recalled.find(reflect.TypeFor[T](), raw)
	if known != nil {
		*out = *known.(*T)
		return nil
	}
	if volatile {
		raw = bytes.Clone(raw)
	}
	record := new(T)
	if err := decodeValue(raw, record); err != nil {
		return err
	}
	tx.s.recalled.keep(key, raw, record)
	*out = *record
	return nil
}

// recallRecord is getRecord with recallValue.
func recallRecord[T any](tx *Tx, k []byte, out *T) error {
	if tx.w != nil {
		return tx.getRecord(k, out)
	}
	raw, err := tx.readValue(k)
	if err != nil {
		return err
	}
	return recallValue(tx, raw, false, out)
}

// recallRecords is getRecords with recallValue.
func recallRecords[T any](tx *Tx, keys [][]byte) ([]T, []bool, error) {
	if len(keys) == 0 {
		return nil, nil, nil
	}
	values, err := tx.r.GetMany(keys)
	if err != nil {
		return nil, nil, err
	}
	list, found := make([]T, len(keys)), make([]bool, len(keys))
	for i, raw := range values {
		if raw == nil {
			continue
		}
		if err := recallValue(tx, raw, false, &list[i]); err != nil {
			return nil, nil, err
		}
		found[i] = true
	}
	return list, found, nil
}
