package desk

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
)

// How long things without an owner are kept, and how they are swept.
const (
	uploadLifetime = 24 * time.Hour // an upload that no message names
	orphanLifetime = 24 * time.Hour // a report of a message that is not stored
	loginLifetime  = time.Hour      // an attempt to sign in at a vendor; it ends sooner
	sweepInterval  = time.Hour
	sweepLimit     = 200 // of each in one transaction, so that it stays small
)

// sweepLane holds at most one waiting sweep.
const sweepLane = "sweep"

// sweeper drops what nobody owns or needs any more: uploads, reports, pieces of webhooks, published files and attempts to
// sign in.
type sweeper struct{ store *store.Store }

// jobs is the kind of job that sweeps.
func (s sweeper) jobs() map[domain.JobKind]jobs.Kind {
	return map[domain.JobKind]jobs.Kind{domain.JobSweep: {Do: s.sweep, GiveUp: jobs.Forget, MaxTries: 2}}
}

// ensureScheduled enqueues a sweep unless one waits. Each sweep enqueues the next.
func (s sweeper) ensureScheduled(ctx context.Context) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if _, waiting, err := tx.NextInLane(sweepLane); err != nil || waiting {
			return err
		}
		return scheduleSweep(tx)
	})
}

func scheduleSweep(tx *store.Tx) error {
	return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: sweepLane, Due: tx.Now.Add(sweepInterval)})
}

// sweep drops all that is past its time, however much came since the last sweep, and enqueues the next.
func (s sweeper) sweep(ctx context.Context, _ domain.Job) error {
	if err := s.sweepUploads(ctx); err != nil {
		return err
	}
	for _, drop := range []func(*store.Tx) (int, error){
		func(tx *store.Tx) (int, error) { return tx.SweepOrphans(orphanLifetime, sweepLimit) },
		func(tx *store.Tx) (int, error) { return tx.SweepBodies(orphanLifetime, sweepLimit) },
		func(tx *store.Tx) (int, error) { return tx.SweepPublications(sweepLimit) },
	} {
		if err := s.dropAll(ctx, drop); err != nil {
			return err
		}
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SweepChannelLogins(loginLifetime); err != nil {
			return err
		}
		return scheduleSweep(tx)
	})
}

// dropAll repeats a step that drops at most sweepLimit things, each time in a transaction of its own, until there are
// no more.
func (s sweeper) dropAll(ctx context.Context, drop func(*store.Tx) (int, error)) error {
	for {
		n := 0
		err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = drop(tx)
			return err
		})
		if err != nil || n < sweepLimit {
			return err
		}
	}
}

// sweepUploads drops the uploads that no message names, oldest first, until one is not past its time.
func (s sweeper) sweepUploads(ctx context.Context) error {
	for {
		var old []domain.ID
		n := 0
		err := s.store.View(ctx, func(tx *store.Tx) error {
			unclaimed, err := tx.UnclaimedFiles(sweepLimit)
			n = len(unclaimed)
			for _, id := range unclaimed {
				f, err := tx.File(id)
				if err == nil && domain.IsDue(f.CreatedAt.Add(uploadLifetime), tx.Now, 2*uploadLifetime) {
					old = append(old, id)
				}
				if err = domain.IgnoreNotFound(err); err != nil {
					return err
				}
			}
			return err
		})
		for _, id := range old {
			if err == nil {
				err = s.store.DropFile(ctx, id)
			}
		}
		if err != nil || len(old) < sweepLimit || n < sweepLimit {
			return err
		}
	}
}
