package app

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much memory the program may take before the collector hurries. The desktop's footprint stays small, and the
// collector has room: a fixed limit below the real need would have it run without pause.
const (
	// memoryBase is what the program may take beside what it holds.
	memoryBase = 96 << 20
	// memoryPerStream is what an open page may take beside what it holds: its share of a round of news.
	memoryPerStream = 64 << 10
	// memoryStep is by how much the limit changes at least; setting it stops the program for a moment.
	memoryStep = 8 << 20
	// collectAt lets the heap grow to three times what is held, within the limit, before it is collected: between two
	// quiet moments memory is cheaper than the collector's time.
	collectAt = 200
)

// When memory is given back to the system.
const (
	// memoryEvery is how often memory is looked at.
	memoryEvery = time.Second
	// quietRate is up to how many bytes are allocated between two looks while nothing happens.
	quietRate = 1 << 20
	// quietLooks is for how many looks in a row nothing must have happened: a burst of sign-ins is over by then.
	quietLooks = 5
	// worthFreeing is how much more must be held than after the last time. A sign-in takes 19 MiB.
	worthFreeing = 8 << 20
	// freeAgainAfter is how many looks lie between two times at least.
	freeAgainAfter = 30
)

// memoryReading is what the runtime says of the memory, in bytes.
type memoryReading struct {
	live      int64 // of objects and stacks in use, as of the last collection
	held      int64 // taken from the system and not given back
	allocated int64 // since the start
}

// memory keeps what the program takes from the system in proportion to what it does: the limit from which the collector
// hurries follows what is open, and what a burst of work took is given back when it is over.
type memory struct {
	read     func() memoryReading
	streams  func() int // open pages
	setLimit func(bytes int64)
	free     func() // collects, and gives back what is not used

	limit     int64
	last      int64 // allocated at the last look
	quiet     int   // looks in a row at which nothing had happened
	sinceFree int   // looks since memory was given back
	floor     int64 // held after that
}

// newMemory is the memory of this process.
func newMemory(streams func() int) *memory {
	return &memory{
		read:     readMemory,
		streams:  streams,
		setLimit: func(bytes int64) { debug.SetMemoryLimit(bytes) },
		free:     freeMemory,
	}
}

// run looks at the memory until ctx ends.
func (m *memory) run(ctx context.Context) {
	tick := time.NewTicker(memoryEvery)
	defer tick.Stop()
	for {
		m.look()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look does what the moment asks for.
func (m *memory) look() {
	r := m.read()
	m.adjustLimit(r)
	if m.isQuiet(r) && m.sinceFree >= freeAgainAfter && r.held >= m.floor+worthFreeing {
		m.free()
		after := m.read()
		m.floor, m.last, m.sinceFree = after.held, after.allocated, 0
	}
}

// adjustLimit sets the limit when it is off by a step.
func (m *memory) adjustLimit(r memoryReading) {
	wanted := memoryBase + r.live + memoryPerStream*int64(m.streams())
	if off := wanted - m.limit; off > -memoryStep && off < memoryStep {
		return
	}
	m.limit = wanted
	m.setLimit(wanted)
}

// isQuiet counts the looks at which nothing had happened.
func (m *memory) isQuiet(r memoryReading) bool {
	m.sinceFree++
	if r.allocated-m.last > quietRate {
		m.quiet = 0
	} else {
		m.quiet++
	}
	m.last = r.allocated
	return m.quiet >= quietLooks
}

// freeMemory collects twice: what is pooled outlives the first collection, and after a rush that is most of it.
func freeMemory() {
	runtime.GC()
	debug.FreeOSMemory()
}

// readMemory asks the runtime.
func readMemory() memoryReading {
	s := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/heap/allocs:bytes"},
	}
	metrics.Read(s)
	value := func(i int) int64 {
		if s[i].Value.Kind() != metrics.KindUint64 {
			return 0 // a runtime that does not tell
		}
		return int64(min(s[i].Value.Uint64(), math.MaxInt64))
	}
	return memoryReading{live: value(0) + value(1), held: value(2) - value(3), allocated: value(4)}
}
