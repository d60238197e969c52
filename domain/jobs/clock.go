package jobs

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// The clock may be put back while jobs wait for times that it showed before, or between two runs of the program. What
// waits is brought forward then: a job that runs too early does no harm, one that waits for next year does.
const (
	clockSlack = 2 * time.Second // by which a clock may be set back without anybody noticing
	// longestDue is how far ahead a job may be due: none is enqueued for later. What lies further ahead when the program
	// starts was enqueued when the clock was ahead.
	longestDue = 2 * time.Hour
)

// clock notices that the clock was put back. Only Start and dispatch use it.
type clock struct {
	started time.Time // when the runner was started, by the clock of now
	seen    time.Time // what it showed when it was last looked at
}

// note notes what the clock shows and reports whether it was put back since the last call.
func (c *clock) note(now time.Time) (back bool) {
	now = now.Round(0) // what the clock on the wall shows: the other one never goes back
	back = now.Before(c.seen.Add(-clockSlack))
	if c.seen = now; c.started.IsZero() || now.Before(c.started) {
		c.started = now
	}
	return back
}

// goBackInTime makes everything due that waits for a time the clock showed before it was put back, and takes back what
// was leased until then by a worker that is gone.
func (r *Runner) goBackInTime(ctx context.Context) error {
	r.log.Warn("jobs: the clock was put back")
	if err := r.rescueJobs(ctx, true); err != nil {
		return err
	}
	return r.bringAllForward(ctx, func(domain.Job, time.Time) bool { return true })
}

// isLeftBehind reports whether a job that waits when the program starts has no reason to wait any longer: its vendor may
// be back, or the clock was ahead when it was enqueued.
func (r *Runner) isLeftBehind(j domain.Job, now time.Time) bool {
	return j.Due.Sub(now) > longestDue || r.kinds[j.Kind].Until != nil && j.Attempt > 0
}

// hasFailed reports whether a job waits for another try because its vendor failed it.
func hasFailed(j domain.Job, _ time.Time) bool { return j.Attempt > 0 && j.LastError != nil }

// bringAllForward is bringForward for every queue.
func (r *Runner) bringAllForward(ctx context.Context, which func(domain.Job, time.Time) bool) error {
	names, err := store.Read(ctx, r.store, (*store.Tx).Queues)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := bringForward(ctx, r.store, name, which); err != nil {
			return err
		}
	}
	return nil
}

// forwardBatch bounds one transaction that brings jobs forward.
const forwardBatch = 200

// bringForward makes jobs of a queue due that wait for a later time. Jobs that are due when it runs stay as they are.
func bringForward(ctx context.Context, s *store.Store, queue string, which func(domain.Job, time.Time) bool) error {
	later, err := listLater(ctx, s, queue, which)
	for len(later) > 0 && err == nil {
		part := later[:min(forwardBatch, len(later))]
		later = later[len(part):]
		err = s.Update(ctx, func(tx *store.Tx) error {
			for _, id := range part {
				if err := bringOneForward(tx, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

// listLater lists jobs of a queue that wait for a later time.
func listLater(
	ctx context.Context,
	s *store.Store,
	queue string,
	which func(domain.Job, time.Time) bool,
) (later []domain.ID, err error) {
	err = s.View(ctx, func(tx *store.Tx) error {
		later = later[:0]
		return tx.EachWaitingJob(queue, func(j domain.Job) error {
			if j.Due.After(tx.Now) && which(j, tx.Now) {
				later = append(later, j.ID)
			}
			return nil
		})
	})
	return later, err
}

// bringOneForward makes a job due that still waits.
func bringOneForward(tx *store.Tx, id domain.ID) error {
	j, err := tx.Job(id)
	if err != nil || j.State != domain.JobWaiting || !j.Due.After(tx.Now) {
		return domain.IgnoreNotFound(err)
	}
	j.Due, j.Attempt = tx.Now, 0
	return tx.PutJob(&j)
}

// TryNow has everything go on that waits in a queue for its vendor, because somebody learned that the vendor may be back:
// jobs that it failed are due, and if the queue is held it is tried at once.
func (q *Queues) TryNow(ctx context.Context, s *store.Store, queue string) error {
	err := bringForward(ctx, s, queue, hasFailed)
	q.endPause(queue)
	return err
}
