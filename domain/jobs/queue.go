package jobs

import (
	"sync"
	"time"
)

// Bulkheads. Every queue has places of its own, so jobs that wait for one vendor take nothing from another's. A queue whose
// vendor stopped answering is held: it costs one try now and then, by a single job, until somebody answers again.

const (
	// silentTries is how many jobs in a row may end without an answer before their queue is held.
	silentTries = 3
	firstHold   = 10 * time.Second
	longestHold = 2 * time.Minute
)

// queues know how many jobs of each queue run and which queues are held.
type queues struct {
	mu     sync.Mutex
	places int               // of each queue
	of     map[string]*queue // guarded by mu
}

type queue struct {
	running int
	silent  int       // jobs in a row that nobody answered
	until   time.Time // held until then
}

func newQueues(places int) *queues { return &queues{places: places, of: map[string]*queue{}} }

// get gives the queue of a name. Call with mu held.
func (q *queues) get(name string) *queue {
	if q.of[name] == nil {
		q.of[name] = &queue{}
	}
	return q.of[name]
}

// room is how many more jobs of a queue may run now, and until when it is held (zero = it is not).
func (q *queues) room(name string, now time.Time) (places int, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.get(name)
	switch {
	case c.silent < silentTries:
		return q.places - c.running, time.Time{}
	case now.Before(c.until):
		return 0, c.until
	}
	return 1 - min(c.running, 1), time.Time{}
}

func (q *queues) begin(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.get(name).running++
}

// end gives the place back. answered tells whether the job found somebody to talk to.
func (q *queues) end(name string, answered bool, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.get(name)
	if c.running--; answered {
		c.silent, c.until = 0, time.Time{}
		return
	}
	if c.silent++; c.silent >= silentTries {
		c.until = now.Add(hold(c.silent - silentTries))
	}
}

// hold is how long a queue waits before the next try: it doubles with every try that nobody answers.
func hold(tries int) time.Duration {
	return min(firstHold<<min(tries, 10), longestHold)
}
