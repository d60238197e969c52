package badgerkv

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// DefaultFreeFloor is the free disk space in bytes below which a store refuses
// writes: room for the logs and tables that the engine may still have to write
// for what it has already taken, and some more.
const DefaultFreeFloor = max(512<<20, 8*memTableSize)

// diskPeriod is the time between two looks at the free space while nobody writes.
// Before every write there is another: a disk can be filled in less time.
const diskPeriod = 2 * time.Second

// roomToOpen is the free space in bytes without which the engine is not let in:
// it makes a log of twice memTableSize, two smaller files, and tables of what the
// logs of the last run hold.
const roomToOpen = 5 * memTableSize

// diskGuard knows whether the disk has room for writes.
type diskGuard struct {
	dir   string
	floor int64
	free  func(dir string) (int64, error)
	log   *slog.Logger

	low      atomic.Bool
	unknown  atomic.Bool  // the last question was not answered
	lastFree atomic.Int64 // bytes, as last seen
}

func newDiskGuard(opts Options) *diskGuard {
	d := &diskGuard{dir: opts.Dir, floor: opts.FreeFloor, free: opts.FreeBytes, log: opts.Logger}
	if d.floor == 0 {
		d.floor = DefaultFreeFloor
	}
	if d.free == nil {
		d.free = freeBytes
	}
	return d
}

// check looks at the disk and changes the verdict if need be. If the question
// cannot be answered, the verdict stays as it is: a desk must not stop because a
// folder gives no numbers.
func (d *diskGuard) check() {
	free, err := d.free(d.dir)
	if err != nil {
		if !d.unknown.Swap(true) {
			d.log.Warn("store: free disk space unknown", "dir", d.dir, "err", err)
		}
		return
	}
	d.unknown.Store(false)
	d.lastFree.Store(free)
	low := free < d.floor
	if d.low.Swap(low) == low {
		return
	}
	if low {
		d.log.Error("store: disk nearly full, writes are refused", "dir", d.dir, "free", free, "floor", d.floor)
		return
	}
	d.log.Info("store: disk has room again, writes are taken", "dir", d.dir, "free", free)
}

// runEvery calls fn once in each period until ctx ends.
func runEvery(ctx context.Context, period time.Duration, fn func()) {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			fn()
		case <-ctx.Done():
			return
		}
	}
}
