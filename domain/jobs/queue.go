package jobs

import (
	"sync"
	"time"
)

// A queue whose vendor does not answer is held: after a pause one job of it is tried, then another after a longer
// pause, until one is answered.
const (
	maxUnanswered = 3                // jobs in a row without an answer after which their queue is held
	firstHold     = 10 * time.Second // the pause before the first job of a held queue
	longestHold   = 2 * time.Minute  // the longest pause
)

// queues know how many jobs of each queue run and which queues are held. Every queue has slots of its own, so that jobs
// that wait for one vendor do not keep those of another from running.
type queues struct {
	mu     sync.Mutex
	slots  int               // of each queue
	byName map[string]*queue // guarded by mu
}

// queue is what is known of one queue.
type queue struct {
	running    int
	unanswered int       // jobs in a row that nobody answered
	heldUntil  time.Time // held until then
}

func newQueues(slots int) *queues { return &queues{slots: slots, byName: map[string]*queue{}} }

// findQueue gives the queue with a name, to be changed. Call with mu held.
func (q *queues) findQueue(name string) *queue {
	if q.byName[name] == nil {
		q.byName[name] = &queue{}
	}
	return q.byName[name]
}

// countFreeSlots gives how many more jobs of a queue may run now, and until when it is held; zero = it is not.
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

// addRunning takes a slot of a queue.
func (q *queues) addRunning(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.findQueue(name).running++
}

// takeSlot takes a slot of a queue that has one and is not held, and reports whether it did.
func (q *queues) takeSlot(name string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(name)
	if queue.unanswered >= maxUnanswered || queue.running >= q.slots {
		return false
	}
	queue.running++
	return true
}

// giveSlotBack gives back a slot in which nothing ran.
func (q *queues) giveSlotBack(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.findQueue(name).running--
}

// removeRunning gives a slot back. answered says that somebody answered the job.
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

// holdTime gives the pause before the next job of a held queue: it doubles with each job that was not answered.
func holdTime(tries int) time.Duration {
	return min(firstHold<<min(tries, 10), longestHold)
}
