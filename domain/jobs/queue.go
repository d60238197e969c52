package jobs

import (
	"context"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/background"
)

// A queue is held when its vendor takes nothing just now: it asked us to wait, it refuses our credentials, or it does
// not answer. Nothing of a held queue runs but one job at a time that tries whether it takes something again. Then the
// others follow, twice as many after each that was answered.
const (
	maxUnanswered = 3                // jobs in a row without an answer after which their queue is held
	firstPause    = 2 * time.Second  // before the first try of a vendor that does not answer; doubles
	longestPause  = 10 * time.Second // the longest: what waits leaves within seconds of the vendor's return
	firstRefusal  = 10 * time.Second // before the first try of a vendor that refuses us; doubles
	// the longest: a vendor that refuses a password may lock the account of who tries it too often
	longestRefusal = 5 * time.Minute
)

// Hold says why a queue is held.
type Hold struct {
	Failure *domain.Failure // what the job said that was tried last; nil when it said nothing
	Since   time.Time
}

// Queues know how many jobs of each queue run and which queues are held. Every queue has places of its own, so that
// jobs that wait for one vendor do not keep those of another from running. What they know is in memory only: after a
// start every queue is tried. They are safe for many callers.
type Queues struct {
	places int // of each queue
	wake   background.Signal

	mu      sync.Mutex
	byName  map[string]*queue             // guarded by mu
	changed func(context.Context, string) // guarded by mu; see Listen
}

// queue is what is known of one queue.
type queue struct {
	running    int
	unanswered int   // jobs in a row that nobody answered
	hold       *Hold // nil = it is not held
	probing    bool  // a job tries whether the vendor takes something again
	tries      int   // such jobs that failed
	pause      wait  // until the next one
	// jobs that are being put back by which the queue becomes held: from before their commit, so that nobody takes them
	// in between
	closing map[domain.ID]bool
	// how many jobs may run at a time, while what was held proves that it is back; 0 = as many as there are places
	allowed int
}

// NewQueues makes queues of which none is held. places is how many jobs of one queue run at a time.
func NewQueues(places int) *Queues {
	return &Queues{
		places:  places,
		wake:    background.NewSignal(),
		byName:  map[string]*queue{},
		changed: func(context.Context, string) {},
	}
}

// Listen has changed called when a queue begins to be held, and when it is held for another reason than before. It is
// called outside of any transaction.
func (q *Queues) Listen(changed func(ctx context.Context, queue string)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.changed = changed
}

// announce tells who listens of a queue that is held.
func (q *Queues) announce(ctx context.Context, name string) {
	q.mu.Lock()
	changed := q.changed
	q.mu.Unlock()
	changed(ctx, name)
}

// Hold tells whether a queue is held, and why.
func (q *Queues) Hold(name string) (Hold, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if found := q.byName[name]; found != nil && found.hold != nil {
		return *found.hold, true
	}
	return Hold{}, false
}

// endPause has a held queue tried at once.
func (q *Queues) endPause(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(name)
	queue.pause, queue.tries = wait{}, 0
	q.wake.Set()
}

// listHeld names the queues that are held.
func (q *Queues) listHeld() (names []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for name, queue := range q.byName {
		if queue.hold != nil {
			names = append(names, name)
		}
	}
	return names
}

// findQueue gives the queue with a name, to be changed. Call with mu held.
func (q *Queues) findQueue(name string) *queue {
	if q.byName[name] == nil {
		q.byName[name] = &queue{closing: map[domain.ID]bool{}}
	}
	return q.byName[name]
}

// countFree gives how many more jobs may run in a queue that is not held. Call with mu held.
func (q *Queues) countFree(queue *queue) int {
	if len(queue.closing) > 0 {
		return 0
	}
	if queue.allowed > 0 {
		return queue.allowed - queue.running
	}
	return q.places - queue.running
}

// countFreePlaces gives how many more jobs of a queue may run now, and until when it is held; zero = it is not.
func (q *Queues) countFreePlaces(name string, now time.Time) (places int, until time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(name)
	switch {
	case queue.hold == nil:
		return max(q.countFree(queue), 0), time.Time{}
	case queue.probing || len(queue.closing) > 0:
		return 0, time.Time{}
	case !queue.pause.isOver(now):
		return 0, queue.pause.until
	}
	return 1, time.Time{}
}

// addRunning takes a place of a queue for a job that was leased, and reports whether the queue is held, so that the job
// tries whether its vendor is back.
func (q *Queues) addRunning(name string) (probe bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(name)
	queue.running++
	queue.probing = queue.hold != nil
	return queue.probing
}

// takePlace takes a place of a queue that has one and is not held, and reports whether it did.
func (q *Queues) takePlace(name string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(name)
	if queue.hold != nil || q.countFree(queue) <= 0 {
		return false
	}
	queue.running++
	return true
}

// givePlaceBack gives back a place in which nothing ran.
func (q *Queues) givePlaceBack(name string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.findQueue(name).running--
}

// close reports whether a job's queue is held after the job, which ends with a failure of its vendor. If so it gives
// nothing until removeRunning is told of the end.
func (q *Queues) close(j *domain.Job, trouble trouble) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(j.Queue)
	if !queue.mayHold(trouble) {
		return false
	}
	queue.closing[j.ID] = true
	return true
}

// mayHold reports whether the queue is held after a failure of its vendor.
func (queue *queue) mayHold(trouble trouble) bool {
	return queue.hold != nil || trouble.refused || queue.allowed > 0 || queue.unanswered+1 >= maxUnanswered
}

// change is what the end of a job did to its queue.
type change int

const (
	unchanged change = iota
	heldNow          // it is held, or for another reason than before
	freed            // it is no longer held
)

// removeRunning gives the place of a job back. trouble is what the job says of the vendor, nil = somebody answered it;
// stopped says that it was cut off and proves nothing.
func (q *Queues) removeRunning(j *domain.Job, stopped bool, trouble *trouble, now time.Time) change {
	q.mu.Lock()
	defer q.mu.Unlock()
	queue := q.findQueue(j.Queue)
	queue.running--
	if delete(queue.closing, j.ID); j.Probe {
		queue.probing = false
	}
	switch {
	case stopped:
		return unchanged
	case trouble == nil:
		return queue.noteAnswer(j.Probe, q.places)
	}
	return queue.noteTrouble(j.Probe, *trouble, now)
}

// noteAnswer notes that a job was answered. What began before a hold says nothing of what comes after it.
func (queue *queue) noteAnswer(probe bool, places int) change {
	if queue.hold != nil && !probe {
		return unchanged
	}
	wasHeld := queue.hold != nil
	if queue.unanswered, queue.hold = 0, nil; wasHeld {
		queue.tries, queue.allowed = 0, 1
	}
	if queue.allowed *= 2; queue.allowed >= places {
		queue.allowed = 0
	}
	if wasHeld {
		return freed
	}
	return unchanged
}

// noteTrouble notes that a job was not answered, or that the vendor takes nothing from anybody.
func (queue *queue) noteTrouble(probe bool, trouble trouble, now time.Time) change {
	held := queue.mayHold(trouble)
	queue.unanswered++
	if !held {
		return unchanged
	}
	if queue.hold != nil && !probe { // it began before the hold: it may only say that the vendor wants more time
		if asked := newWait(now, trouble.wait); trouble.wait > 0 && queue.pause.until.Before(asked.until) {
			queue.pause = asked
		}
		return unchanged
	}
	before := queue.hold
	queue.hold = &Hold{Failure: trouble.failure, Since: now}
	if before != nil {
		queue.hold.Since = before.Since
		queue.tries++
	}
	queue.pause = newWait(now, trouble.pause(queue.tries))
	if before != nil && reasonOf(before.Failure) == reasonOf(trouble.failure) {
		return unchanged
	}
	return heldNow
}

// reasonOf is by what two reasons are told apart.
func reasonOf(f *domain.Failure) string {
	if f == nil {
		return ""
	}
	return f.Class + " " + f.Key
}
