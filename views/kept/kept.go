// Package kept keeps what was drawn by what it shows. The key of a piece is the whole value it was drawn from, so two
// values that are drawn alike are one piece, nothing is ever out of date, and nothing of one reader's reaches another
// whose value differs.
//
//	kept.go   the pieces, bounded in bytes
//	print.go  the fingerprint of a value
package kept

import (
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// shards is how many parts the pieces lie in, each with a lock of its own, so that readers seldom meet.
const shards = 8

// overhead is what a piece takes beside its bytes: key, list entry, place in the map.
const overhead = 200

// Pieces keeps drawn pieces, the least used of which go first. It is safe for many callers.
type Pieces struct {
	parts  [shards]part
	missed atomic.Int64
}

type part struct {
	mu    sync.Mutex
	list  *simplelru.LRU[Print, *Piece]
	bytes int
	most  int
}

// Piece is something that was drawn, cut where a hole has to be filled. It must not be changed.
type Piece struct {
	Cuts  [][]byte // what stands between the holes: one more than there are holes
	Holes []int    // which hole follows each cut but the last
}

func (p *Piece) size() int {
	n := overhead
	for _, cut := range p.Cuts {
		n += cap(cut) + 24
	}
	return n + 8*len(p.Holes)
}

// New prepares room for pieces of so many bytes in all.
func New(bytes int) *Pieces {
	p := &Pieces{}
	for i := range p.parts {
		one := &p.parts[i]
		one.most = bytes / shards
		// bounded by bytes, so the count must never be what pushes a piece out
		list, err := simplelru.NewLRU(bytes, func(_ Print, gone *Piece) { one.bytes -= gone.size() })
		if err != nil {
			panic(err) // only a size below one is refused
		}
		one.list = list
	}
	return p
}

// Find gives the piece of a fingerprint, nil when there is none.
func (p *Pieces) Find(of Print) *Piece {
	one := &p.parts[of[0]%shards]
	one.mu.Lock()
	found, ok := one.list.Get(of)
	one.mu.Unlock()
	if !ok {
		p.missed.Add(1)
		return nil
	}
	return found
}

// Keep keeps a piece; one that is larger than a fair share of the room is not kept.
func (p *Pieces) Keep(of Print, piece *Piece) {
	one := &p.parts[of[0]%shards]
	size := piece.size()
	if size > one.most/4 {
		return
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.list.Contains(of) {
		return // somebody else drew it at the same time
	}
	one.list.Add(of, piece)
	for one.bytes += size; one.bytes > one.most; {
		one.list.RemoveOldest()
	}
}

// Bytes is how much is kept.
func (p *Pieces) Bytes() (n int) {
	for i := range p.parts {
		one := &p.parts[i]
		one.mu.Lock()
		n += one.bytes
		one.mu.Unlock()
	}
	return n
}

// Missed is how often a piece was looked for that was not there.
func (p *Pieces) Missed() int64 { return p.missed.Load() }
