package channels

import (
	"context"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
	"pult/domain/store"
)

// checkConnection checks a channel's connection to its vendor, and enqueues the next check of the chain.
func (s *Service) checkConnection(ctx context.Context, j domain.Job) error {
	c, err := s.connections.Find(ctx, j.Subject)
	if err != nil || !c.IsInService() {
		return nil // the chain ends; switching the channel on begins another
	}
	missed, failed := s.connections.Inspect(ctx, c)
	if !missed.IsZero() && c.CanPoll() {
		err := s.store.Update(ctx, func(tx *store.Tx) error {
			return connections.ScheduleCatchUp(tx, c.Channel.ID, missed)
		})
		if err != nil {
			return &jobs.Retry{Err: err}
		}
	}
	if err := s.connections.ScheduleNext(ctx, j, connections.CheckEvery, nil); err != nil {
		return &jobs.Retry{Err: err}
	}
	if failed != nil && failed.Unanswered() {
		return connections.NewOver(failed)
	}
	return nil
}

// Check checks a channel's connection now. What was found is in its health afterwards. Administrators only.
func (s *Service) Check(ctx context.Context, who *domain.Operator, id domain.ID) error {
	if _, err := s.findManaged(ctx, who, id); err != nil {
		return err
	}
	c, err := s.connections.Find(ctx, id)
	if err != nil {
		return err
	}
	if _, err := c.Ready(); err != nil {
		return err
	}
	missed, _ := s.connections.Inspect(ctx, c) // the failure is in the channel's health
	if missed.IsZero() || !c.CanPoll() {
		return nil
	}
	return s.store.Update(ctx, func(tx *store.Tx) error { return connections.ScheduleCatchUp(tx, id, missed) })
}
