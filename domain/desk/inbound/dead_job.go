package inbound

import (
	"context"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
	"pult/domain/store"
)

// ListDeadJobs lists the newest jobs that were given up and kept. Administrators only.
func (s *Service) ListDeadJobs(ctx context.Context, who *domain.Operator) ([]domain.Job, error) {
	if err := who.Require(domain.ManageJournal); err != nil {
		return nil, err
	}
	return store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) ([]domain.Job, error) { return tx.DeadJobs(connections.ParkedShown) },
	)
}

// RetryJob has a dead job run again, from its first try. Administrators only.
func (s *Service) RetryJob(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.changeJob(ctx, who, id, jobs.Again)
}

// DropJob drops a dead job. Administrators only; Conflict for a job that is not dead.
func (s *Service) DropJob(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.changeJob(ctx, who, id, func(tx *store.Tx, j *domain.Job) error {
		if j.State != domain.JobDead {
			return domain.Refuse(domain.Conflict, "error.job_runs")
		}
		return tx.DropJob(j)
	})
}

// changeJob runs change with a job and tells the pages of the journal.
func (s *Service) changeJob(
	ctx context.Context,
	who *domain.Operator,
	id domain.ID,
	change func(*store.Tx, *domain.Job) error,
) error {
	if err := who.Require(domain.ManageJournal); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		j, err := tx.Job(id)
		if err != nil {
			return err
		}
		tx.Record(domain.Event{Kind: domain.EventJournalChanged})
		return change(tx, &j)
	})
}
