package jobs

import (
	"context"
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
	err = r.store.View(ctx, func(tx *store.Tx) (err error) {
		due, next, err = r.listReady(tx)
		return err
	})
	if err != nil || len(due) == 0 {
		return nil, next, err
	}
	err = r.store.Update(ctx, func(tx *store.Tx) error {
		jobs = jobs[:0]
		for _, id := range due {
			j, ok, err := leaseOne(tx, id)
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
// however much waits in it.
func (r *Runner) listReady(tx *store.Tx) (due []domain.ID, next time.Time, err error) {
	names, err := tx.Queues()
	if err != nil {
		return nil, next, err
	}
	for _, name := range names {
		slots, until := r.queues.countFreeSlots(name, r.now())
		if slots = min(slots, leaseBatch, leaseLimit-len(due)); slots > 0 {
			var ids []domain.ID
			if ids, until, err = tx.ReadyJobs(name, slots); err != nil {
				return nil, next, err
			}
			due = append(due, ids...)
		}
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	return due, next, nil
}

// leaseOne leases a job and reports whether it did: not when the job is gone, waits for later, or for another of its
// lane.
func leaseOne(tx *store.Tx, id domain.ID) (domain.Job, bool, error) {
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
	j.State, j.LeaseUntil = domain.JobRunning, tx.Now.Add(Lease)
	j.Attempt++
	return j, true, tx.PutJob(&j)
}

// rescueJobs takes back jobs whose lease has ended because their worker died, or all that run: at the start there is no
// worker yet, and the lock of the data folder proves that no other process has one.
func (r *Runner) rescueJobs(ctx context.Context, all bool) error {
	for {
		var ids []domain.ID
		err := r.store.View(ctx, func(tx *store.Tx) (err error) {
			if all {
				tx.Now = tx.Now.Add(Lease + time.Hour)
			}
			ids, _, err = tx.ExpiredLeases(50)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		err = r.store.Update(ctx, func(tx *store.Tx) error {
			for _, id := range ids {
				if err := takeBack(tx, id, all); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// takeBack makes a running job wait again, unless it ended since it was found.
func takeBack(tx *store.Tx, id domain.ID, all bool) error {
	j, err := tx.Job(id)
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	if err != nil || j.State != domain.JobRunning || !all && j.LeaseUntil.After(tx.Now) {
		return err
	}
	j.State, j.LeaseUntil, j.Due = domain.JobWaiting, time.Time{}, tx.Now
	return tx.PutJob(&j)
}
