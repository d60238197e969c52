package world

import (
	"slices"
	"sync"
	"time"
)

// Clock is the simulator's time, which tests move by hand.
type Clock interface {
	Now() time.Time
	// AfterFunc runs fn once after d. The function it returns keeps fn from running, if it did not begin yet.
	AfterFunc(d time.Duration, fn func()) (stop func())
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is the present time.
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc runs fn in its own goroutine.
func (SystemClock) AfterFunc(d time.Duration, fn func()) func() {
	t := time.AfterFunc(d, fn)
	return func() { t.Stop() }
}

// ManualClock stands still until Advance. It is safe for many callers.
type ManualClock struct {
	mu    sync.Mutex
	now   time.Time
	tasks []*task
}

type task struct {
	due time.Time
	fn  func()
}

// NewManualClock makes a clock that shows start.
func NewManualClock(start time.Time) *ManualClock { return &ManualClock{now: start} }

// Now is where the clock stands.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc keeps fn until the clock was advanced by d.
func (c *ManualClock) AfterFunc(d time.Duration, fn func()) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &task{due: c.now.Add(d), fn: fn}
	c.tasks = append(c.tasks, t)
	slices.SortStableFunc(c.tasks, func(a, b *task) int { return a.due.Compare(b.due) })
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.tasks = slices.DeleteFunc(c.tasks, func(o *task) bool { return o == t })
	}
}

// Advance moves the clock by d and runs what becomes due on the way, in order, before it returns.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	c.mu.Unlock()
	for {
		fn := c.next(end)
		if fn == nil {
			return
		}
		fn()
	}
}

// next takes the first task due by end and sets the clock to its time, or to end when none is left.
func (c *ManualClock) next(end time.Time) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tasks) == 0 || c.tasks[0].due.After(end) {
		c.now = end
		return nil
	}
	t := c.tasks[0]
	c.tasks = c.tasks[1:]
	if t.due.After(c.now) {
		c.now = t.due
	}
	return t.fn
}
