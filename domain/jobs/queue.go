package jobs

import (
	"sync"
	"time"
)

// Bulkheads. Every queue has places of its own, so jobs that wait for one vendor take nothing from another's. A queue whose
// vendor stopped answering is held: it costs one try now and then, by a single job, until somebody answers again.

const (
	// maxUnanswered is how many jobs in a row may end without an answer before their queue is held.
	maxUnanswered = 3
	firstHold     = 10 * time.Second
	longestHold   = 2 * time.Minute
)

// queues know how many jobs of each queue run and which queues are held.
type queues struct {
	mu     sync.Mutex
	slots  int               // of each queue
	byName map[string]*queue // guarded by mu
}

type queue struct {
	running    int
	unanswered int       // jobs in a row that nobody answered
	heldUntil  time.Time // held until then
}

func newQueues(slots int) *queues { return &queues{slots: slots, byName: map[string]*queue{}} }

// findQueue gives the queue of a name. Call with mu held.
func (q *queues) findQueue(name string) *queue {
	if q.byName[name] == nil {
		q.byName[name] = &queue{}
	}
	return q.byName[name]
}

// countFreeSlots is how many more jobs of a queue may run now, and until when it is held (zero = it is not).
func (q *queues) countFreeSlots(name string, now time.Time) (slots int, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(name)
	switch {
	case queue.unanswered < maxUnanswered:
		return q.slots - queue.running, time.Time{}
	case now.Before(queue.heldUntil):
		return 0, queue.heldUntil
	}
	return 1 - min(queue.running, 1), time.Time{}
}

func (q *queues) addRunning(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.findQueue(name).running++
}

// removeRunning gives the place back. answered tells whether the job found somebody to talk to.
func (q *queues) removeRunning(name string, answered bool, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(name)
	if queue.running--; answered {
		queue.unanswered, queue.heldUntil = 0, time.Time{}
		return
	}
	if queue.unanswered++; queue.unanswered >= maxUnanswered {
		queue.heldUntil = now.Add(holdTime(queue.unanswered - maxUnanswered))
	}
}

// holdTime is how long a queue waits before the next try: it doubles with every try that nobody answers.
func holdTime(tries int) time.Duration {
	return min(firstHold<<min(tries, 10), longestHold)
}
