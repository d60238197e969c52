package desk

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
)

// How long things without an owner are kept.
const (
	uploadKept = 24 * time.Hour // an upload no message names
	orphanKept = 24 * time.Hour // a report for a message nobody knows
	sweepEvery = time.Hour
	sweepMost  = 200 // of each, so that one transaction stays small
)

// sweepLane holds at most one waiting sweep.
const sweepLane = "sweep"

// sweeper drops what nobody will ask for again.
type sweeper struct{ store *store.Store }

func (s sweeper) jobs() map[domain.JobKind]jobs.Kind {
	return map[domain.JobKind]jobs.Kind{domain.JobSweep: {Do: s.sweep, GiveUp: jobs.Forget, MaxTries: 2}}
}

// ensureScheduled enqueues the first sweep; each enqueues the next.
func (s sweeper) ensureScheduled(ctx context.Context) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if _, waiting, err := tx.NextInLane(sweepLane); err != nil || waiting {
			return err
		}
		return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: sweepLane, Due: tx.Now.Add(sweepEvery)})
	})
}

// sweep drops what nobody will ask for again.
func (s sweeper) sweep(ctx context.Context, _ domain.Job) error {
	var old []domain.ID
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		unclaimed, err := tx.UnclaimedFiles(sweepMost)
		if err != nil {
			return err
		}
		old = old[:0]
		for _, id := range unclaimed {
			if id.Time().Before(tx.Now.Add(-uploadKept)) {
				old = append(old, id)
			}
		}
		_, err = tx.SweepOrphans(tx.Now.Add(-orphanKept), sweepMost)
		if err != nil {
			return err
		}
		if err := tx.SweepPublications(sweepMost); err != nil {
			return err
		}
		if err := tx.SweepChannelLogins(tx.Now); err != nil {
			return err
		}
		return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: sweepLane, Due: tx.Now.Add(sweepEvery)})
	})
	for _, id := range old {
		if err == nil {
			err = s.store.DropFile(ctx, id)
		}
	}
	return err
}
