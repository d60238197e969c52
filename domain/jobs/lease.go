package jobs

import (
	"context"
	"math"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// Lease is how long a worker may hold a job. It is longer than any request to a vendor may take.
const Lease = 12 * time.Minute

// Bounds of one transaction that leases jobs.
const (
	leaseBatch = 16             // jobs of one queue
	leaseLimit = 3 * leaseBatch // jobs of all queues together: so many fit
)

// leaseDue leases the jobs that are due, as many as have a slot, and gives when to look again; zero = when it is told
// to.
func (r *Runner) leaseDue(ctx context.Context) (jobs []domain.Job, next time.Time, err error) {
	var due []domain.ID
	var left bool
	r.left.Store(true) // a job that ends meanwhile may free what the snapshot does not show as free
	err = r.store.View(ctx, func(tx *store.Tx) (err error) {
		due, next, left, err = r.listReady(tx)
		return err
	})
	r.left.Store(left || err != nil || len(due) > 0)
	if err != nil || len(due) == 0 {
		return nil, next, err
	}
	err = r.store.Update(ctx, func(tx *store.Tx) error {
		jobs = jobs[:0]
		for _, id := range due {
			j, ok, err := r.leaseOne(ctx, tx, id)
			if err != nil {
				return err
			}
			if ok {
				jobs = append(jobs, j)
			}
		}
		return nil
	})
	if err != nil {
		return nil, next, err
	}
	return jobs, next, nil
}

// listReady lists what may begin now in each queue, as far as it has slots. A queue that is held or full is not read,
// however much waits in it. left says that something may begin when a job ends.
func (r *Runner) listReady(tx *store.Tx) (due []domain.ID, next time.Time, left bool, err error) {
	names, err := tx.Queues()
	if err != nil {
		return nil, next, false, err
	}
	for _, name := range names {
		slots, until := r.queues.countFreePlaces(name, r.now())
		if slots = min(slots, leaseBatch, leaseLimit-len(due)); slots > 0 {
			var ids []domain.ID
			var blocked bool
			if ids, until, blocked, err = tx.ReadyJobs(name, slots); err != nil {
				return nil, next, false, err
			}
			due, left = append(due, ids...), left || blocked
		} else {
			left = true
		}
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	return due, next, left, nil
}

// leaseOne leases a job and reports whether it did: not when the job is gone, waits for later, or for another of its
// lane. One whose time is over is given up.
func (r *Runner) leaseOne(ctx context.Context, tx *store.Tx, id domain.ID) (domain.Job, bool, error) {
	j, err := tx.Job(id)
	if domain.KindOf(err) == domain.NotFound {
		return j, false, nil
	}
	if err != nil || j.State != domain.JobWaiting || j.Due.After(tx.Now) {
		return j, false, err
	}
	isFirst, err := tx.IsFirstInLane(&j)
	if err != nil || !isFirst {
		return j, false, err
	}
	if domain.IsLong(j.CreatedAt, tx.Now, freshness) {
		if over, err := r.giveUpLate(ctx, tx, &j); over || err != nil {
			return j, false, err
		}
	}
	j.State, j.LeaseUntil = domain.JobRunning, tx.Now.Add(Lease)
	j.Attempt++
	return j, true, tx.PutJob(&j)
}

// TakePlace implements store.Workers. A queue that is held gives none: whether it is back is tried with the job that
// waits longest.
func (r *Runner) TakePlace(name string) (begin func(*domain.Job), lease time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.working == nil || !r.queues.takePlace(name) {
		return nil, 0, false
	}
	r.idle.addJob()
	ctx, given := r.working, make(chan *domain.Job, 1)
	r.worker.Go(func() {
		if j := <-given; j != nil {
			r.setActive(j.ID, true)
			r.finishJob(ctx, *j)
			return
		}
		r.queues.givePlaceBack(name)
		r.idle.removeJob()
		r.wake.Set()
	})
	return func(j *domain.Job) { given <- j }, Lease, true
}

// startWorking lets jobs begin with the transactions that enqueue them, within ctx.
func (r *Runner) startWorking(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.working = ctx
}

// stopWorking lets no more jobs begin so.
func (r *Runner) stopWorking() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.working = nil
}

// leases remember when the next lease may end, so that nobody looks for ended ones before. Only dispatch uses them.
type leases struct {
	lookedAt time.Time // when it was last looked
	end      time.Time // none ends before
}

// mayHaveEnded reports whether a lease may have ended. A clock that was set back says nothing of what was leased since.
func (l *leases) mayHaveEnded(now time.Time) bool {
	return now.Before(l.lookedAt) || !now.Before(l.end)
}

// note notes what was found: next is when the first of the leases ends, zero = there are none. Those made later last
// for Lease.
func (l *leases) note(now, next time.Time) {
	l.lookedAt, l.end = now, now.Add(Lease)
	if !next.IsZero() && next.Before(l.end) {
		l.end = next
	}
}

// rescueEnded takes back jobs whose lease has ended, if one may have.
func (r *Runner) rescueEnded(ctx context.Context) error {
	if !r.leases.mayHaveEnded(r.now()) {
		return nil
	}
	return r.rescueJobs(ctx, false)
}

// rescueJobs takes back jobs whose lease has ended because their worker died, or all that run: at the start there is no
// worker yet, and the lock of the data folder proves that no other process has one.
func (r *Runner) rescueJobs(ctx context.Context, all bool) error {
	var ids []domain.ID
	var now, next time.Time
	err := r.store.View(ctx, func(tx *store.Tx) (err error) {
		if now = tx.Now; all {
			tx.Now = endOfTime // also those that were leased when the clock was ahead
		}
		ids, next, err = tx.ExpiredLeases(math.MaxInt)
		return err
	})
	r.leases.note(now, next)
	for len(ids) > 0 && err == nil {
		part := ids[:min(leaseLimit, len(ids))]
		ids = ids[len(part):]
		err = r.store.Update(ctx, func(tx *store.Tx) error {
			for _, id := range part {
				if err := r.takeBack(tx, id, all); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}

// endOfTime is later than any time that can be stored.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// takeBack makes a running job wait again, unless it ended since it was found. One that runs in this process keeps its
// lease, however far ahead the clock was moved.
func (r *Runner) takeBack(tx *store.Tx, id domain.ID, all bool) error {
	j, err := tx.Job(id)
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	if err != nil || j.State != domain.JobRunning || !all && j.LeaseUntil.After(tx.Now) {
		return err
	}
	if r.isActive(id) {
		j.LeaseUntil = tx.Now.Add(Lease)
		return tx.PutJob(&j)
	}
	j.State, j.LeaseUntil, j.Due = domain.JobWaiting, time.Time{}, tx.Now
	return tx.PutJob(&j)
}
