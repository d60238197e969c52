package heads_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pult/domain/store/heads"
)

const queue, other = "q/", "r/"

// desk is a queue as an engine would hold it, with transactions that have begun and not ended.
type desk struct {
	heads   *heads.Heads
	live    map[string]bool
	writing []string
	reads   []read
}

// read is a transaction with the first key that its snapshot held.
type read struct {
	since heads.Moment
	first string
}

func newDesk() *desk {
	return &desk{heads: heads.New(func(string) bool { return false }), live: map[string]bool{}}
}

// first is the first key that is left from the head on.
func (d *desk) first() string {
	head, _ := d.heads.Find(queue)
	least := queue + "\xff"
	for k := range d.live {
		if k >= head && k < least {
			least = k
		}
	}
	return least
}

// step does one thing that a transaction may do at any time.
func (d *desk) step(r *rand.Rand) {
	switch r.IntN(6) {
	case 0:
		k := fmt.Sprintf("%s%03d", queue, r.IntN(300))
		d.heads.StartWriting(queue, k)
		d.writing = append(d.writing, k)
	case 1, 2: // one of them is committed, or undone
		if len(d.writing) == 0 {
			return
		}
		i := r.IntN(len(d.writing))
		if r.IntN(4) > 0 {
			d.live[d.writing[i]] = true
		}
		d.heads.StopWriting(d.writing[i])
		d.writing = slices.Delete(d.writing, i, i+1)
	case 3:
		d.reads = append(d.reads, read{d.heads.Now(), d.first()})
	case 4:
		if len(d.reads) == 0 {
			return
		}
		i := r.IntN(len(d.reads))
		d.heads.MoveForward(queue, d.reads[i].first, d.reads[i].since)
		d.reads = slices.Delete(d.reads, i, i+1)
	case 5:
		if k := d.first(); d.live[k] {
			since := d.heads.Now()
			delete(d.live, k)
			d.heads.PassRemoved(queue, k, since)
		}
	}
}

// Whatever order transactions begin and end in, nothing that is left lies before the head.
func TestHeads_NothingIsEverLeftBeforeTheHead(t *testing.T) {
	moved := 0
	for seed := range uint64(200) {
		r, d := rand.New(rand.NewPCG(seed, 1)), newDesk()
		for n := range 3000 { // more than keptWritten remembers
			before, _ := d.heads.Find(queue)
			d.step(r)
			head, _ := d.heads.Find(queue)
			if head > before {
				moved++
			}
			for k := range d.live {
				if k < head {
					t.Fatalf("seed %d, step %d: %q is left before the head %q", seed, n, k, head)
				}
			}
		}
	}
	if moved < 10_000 {
		t.Errorf("heads moved forward %d times: this tries nothing", moved)
	}
}

func TestHeads_QueuesDoNotMoveEachOther(t *testing.T) {
	h := heads.New(func(string) bool { return false })
	h.MoveForward(queue, queue+"5", h.Now())
	h.StartWriting(other, other+"1")
	h.MoveForward(queue, queue+"9", h.Now())
	if head, known := h.Find(queue); head != queue+"9" || !known {
		t.Errorf("got %q, known %v", head, known)
	}
	if _, known := h.Find(other); known {
		t.Error("a queue that nobody read has a head")
	}
}

func TestHeads_ForgetsOnlyQueuesThatAreMany(t *testing.T) {
	h := heads.New(func(q string) bool { return q != queue })
	h.MoveForward(queue, queue+"5", h.Now())
	for i := range 20_000 {
		lane := fmt.Sprintf("lane%d/", i)
		h.MoveForward(lane, lane+"1", h.Now())
	}
	if _, known := h.Find(queue); !known {
		t.Error("the head of the queue itself was forgotten")
	}
	remembered := 0
	for i := range 20_000 {
		if _, known := h.Find(fmt.Sprintf("lane%d/", i)); known {
			remembered++
		}
	}
	if remembered == 0 || remembered > 4096 {
		t.Errorf("%d of 20,000 heads are remembered, want some and at most 4,096", remembered)
	}
}
