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
	sweepInterval  = time.Hour
	sweepLimit     = 200 // of each, so that one transaction stays small
)

// sweepLane holds at most one waiting sweep.
const sweepLane = "sweep"

// sweeper drops what nobody owns or needs any more: uploads, reports, published files and attempts to sign in.
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
		return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: sweepLane, Due: tx.Now.Add(sweepInterval)})
	})
}

// sweep drops at most sweepLimit of each sort of thing, and enqueues the next sweep.
func (s sweeper) sweep(ctx context.Context, _ domain.Job) error {
	var expired []domain.ID
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		unclaimed, err := tx.UnclaimedFiles(sweepLimit)
		if err != nil {
			return err
		}
		expired = expired[:0]
		for _, id := range unclaimed {
			if id.Time().Before(tx.Now.Add(-uploadLifetime)) {
				expired = append(expired, id)
			}
		}
		_, err = tx.SweepOrphans(tx.Now.Add(-orphanLifetime), sweepLimit)
		if err != nil {
			return err
		}
		if err := tx.SweepPublications(sweepLimit); err != nil {
			return err
		}
		if err := tx.SweepChannelLogins(tx.Now); err != nil {
			return err
		}
		return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: sweepLane, Due: tx.Now.Add(sweepInterval)})
	})
	for _, id := range expired {
		if err == nil {
			err = s.store.DropFile(ctx, id)
		}
	}
	return err
}
