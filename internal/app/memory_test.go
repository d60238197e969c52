package app

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fakeMemory is a process whose memory a test writes down.
type fakeMemory struct {
	reading memoryReading
	streams int
	limits  []int64
	frees   int
	garbage int64 // what giving back gives back
}

func (f *fakeMemory) memory() *memory {
	return &memory{
		read:     func() memoryReading { return f.reading },
		streams:  func() int { return f.streams },
		setLimit: func(bytes int64) { f.limits = append(f.limits, bytes) },
		free: func() {
			f.frees++
			f.reading.held -= f.garbage
			f.garbage = 0
		},
	}
}

// work takes memory that is garbage afterwards.
func (f *fakeMemory) work(bytes int64) {
	f.reading.allocated += bytes
	f.reading.held += bytes
	f.garbage += bytes
}

// look looks n times, with the little that goes on in between when nothing happens.
func (f *fakeMemory) look(m *memory, n int) {
	for range n {
		f.reading.allocated += 50 << 10
		m.look()
	}
}

func TestMemory_LimitFollowsWhatIsOpenAndHeld(t *testing.T) {
	f := &fakeMemory{reading: memoryReading{live: 30 << 20}}
	m := f.memory()
	f.look(m, 10)
	if len(f.limits) != 1 || f.limits[0] != memoryBase+30<<20 {
		t.Fatalf("at rest: got limits %v, want the base and what is held, once", f.limits)
	}
	f.streams, f.reading.live = 1000, 90<<20
	f.look(m, 10)
	open := f.limits[len(f.limits)-1]
	if room := open - f.reading.live; room < memoryBase+1000*memoryPerStream {
		t.Errorf("with 1,000 pages: %d bytes of room beside what is held, want the base and a share for each", room)
	}
	f.streams, f.reading.live = 0, 30<<20
	f.look(m, 10)
	if got := f.limits[len(f.limits)-1]; got != f.limits[0] {
		t.Errorf("after they closed: got %d, want %d as before", got, f.limits[0])
	}
}

func TestMemory_LimitStaysForSmallChanges(t *testing.T) {
	f := &fakeMemory{reading: memoryReading{live: 30 << 20}}
	m := f.memory()
	for i := range 100 {
		f.reading.live = 30<<20 + int64(i%2)*(memoryStep-1)
		f.look(m, 1)
	}
	if len(f.limits) != 1 {
		t.Errorf("the limit was set %d times for changes below a step, want once", len(f.limits))
	}
}

func TestMemory_BurstIsGivenBackOnceWhenItIsOver(t *testing.T) {
	f := &fakeMemory{reading: memoryReading{live: 20 << 20, held: 40 << 20}}
	m := f.memory()
	f.look(m, freeAgainAfter+quietLooks) // the start is given back
	before := f.frees
	for range 20 { // sign-ins, one a second
		f.work(19 << 20)
		f.look(m, 1)
	}
	if f.frees != before {
		t.Fatalf("given back %d times while people sign in, want none", f.frees-before)
	}
	f.look(m, freeAgainAfter+quietLooks)
	if f.frees != before+1 || f.garbage != 0 {
		t.Errorf("given back %d times after the burst, %d bytes of it left; want once and all", f.frees-before, f.garbage)
	}
	f.look(m, 600)
	if f.frees != before+1 {
		t.Errorf("given back %d times more while nothing happened, want none", f.frees-before-1)
	}
}

// Within a minute after work the memory is back: the pause between two times and the quiet moment together are shorter.
func TestMemory_BackWithinAMinute(t *testing.T) {
	f := &fakeMemory{reading: memoryReading{live: 20 << 20, held: 40 << 20}}
	m := f.memory()
	f.look(m, freeAgainAfter+quietLooks)
	f.work(19 << 20)
	f.look(m, quietLooks+1)
	f.work(100 << 20) // at the worst moment: just after it was given back, or while it waits
	looks := 0
	for ; f.garbage > 0 && looks < 1000; looks++ {
		f.look(m, 1)
	}
	if took := time.Duration(looks) * memoryEvery; took > time.Minute {
		t.Errorf("memory is back after %v, want within a minute", took)
	}
}

func TestMemory_WorkWithoutPauseIsLeftToTheCollector(t *testing.T) {
	f := &fakeMemory{reading: memoryReading{live: 20 << 20, held: 40 << 20}}
	m := f.memory()
	for range 1000 {
		f.work(quietRate + 1)
		m.look()
	}
	if f.frees != 0 {
		t.Errorf("given back %d times during work, want none", f.frees)
	}
}

func TestMemory_RunLooksUntilItIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		f := &fakeMemory{}
		m := f.memory()
		m.read = func() memoryReading { looks++; return f.reading }
		ctx, cancel := context.WithCancel(t.Context())
		go m.run(ctx)
		time.Sleep(10*memoryEvery + memoryEvery/2)
		cancel()
		synctest.Wait()
		if looks != 11 {
			t.Errorf("looked %d times in ten and a half turns, want 11", looks)
		}
	})
}

// A pool is emptied by the second collection only.
func TestFreeMemory_EmptiesPools(t *testing.T) {
	made := 0
	pool := sync.Pool{New: func() any { made++; return new([1 << 10]byte) }}
	pool.Put(pool.Get())
	freeMemory()
	pool.Get()
	if made != 2 {
		t.Errorf("%d were made, want one before memory was given back and one after", made)
	}
}

func TestReadMemory_KnowsThisProcess(t *testing.T) {
	kept := make([]byte, 16<<20)
	before := readMemory()
	if before.held < int64(len(kept)) || before.allocated < int64(len(kept)) {
		t.Errorf("got %+v, want at least the %d bytes that are held", before, len(kept))
	}
	again := make([]byte, 4<<20)
	if got := readMemory().allocated - before.allocated; got < int64(len(again)) {
		t.Errorf("after %d more bytes: got %d", len(again), got)
	}
	kept[0], again[0] = 1, 1
}
