package jobs

import (
	"context"
	"errors"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// errOverdue gives a job up that waited as long as its kind waits.
var errOverdue = errors.New("jobs: its time is over")

// How often jobs of held queues are looked through for those whose time is over.
const overdueEvery = 10 * time.Second

// overdue remembers when it was last looked. Only dispatch uses it.
type overdue struct{ lookedAt time.Time }

// giveUpOverdue gives up the jobs of held queues whose time is over. They would be given up when their turn comes, but
// in a queue that is held few have one.
func (r *Runner) giveUpOverdue(ctx context.Context) error {
	held := r.queues.listHeld()
	if now := r.now(); len(held) == 0 || !domain.IsLong(r.overdue.lookedAt, now, overdueEvery) {
		return nil
	}
	r.overdue.lookedAt = r.now()
	for _, name := range held {
		if err := r.giveUpOverdueIn(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// giveUpOverdueIn is giveUpOverdue for one queue.
func (r *Runner) giveUpOverdueIn(ctx context.Context, queue string) error {
	late, err := store.Read(ctx, r.store, func(tx *store.Tx) (late []domain.ID, err error) {
		err = tx.EachWaitingJob(queue, func(j domain.Job) error {
			is, err := r.isLate(ctx, tx, &j)
			if is {
				late = append(late, j.ID)
			}
			return err
		})
		return late, err
	})
	for _, id := range late {
		if err != nil {
			return err
		}
		err = r.store.Update(ctx, func(tx *store.Tx) error {
			j, err := tx.Job(id)
			if err != nil || j.State != domain.JobWaiting {
				return domain.IgnoreNotFound(err)
			}
			_, err = r.giveUpLate(ctx, tx, &j)
			return err
		})
	}
	return err
}

// freshness is within which a job is not late: most run at once, and nothing is read for them.
const freshness = time.Minute

// isLate reports whether the time of a job is over.
func (r *Runner) isLate(ctx context.Context, tx *store.Tx, j *domain.Job) (bool, error) {
	until := r.kinds[j.Kind].Until
	if until == nil {
		return false, nil
	}
	end, err := until(ctx, tx, j)
	return err == nil && !tx.Now.Before(end), domain.IgnoreNotFound(err)
}

// giveUpLate gives a waiting job up whose time is over, and reports whether it did.
func (r *Runner) giveUpLate(ctx context.Context, tx *store.Tx, j *domain.Job) (bool, error) {
	late, err := r.isLate(ctx, tx, j)
	if err != nil || !late {
		return false, err
	}
	if hold, held := r.queues.Hold(j.Queue); held && hold.Failure != nil {
		j.LastError = hold.Failure
	}
	return true, r.giveUp(ctx, tx, j, errOverdue, nil)
}
