package thread

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Jobs act for nobody, so no permission is asked here.

// LoadMessage reads a message, with the connection of its channel, for a job.
func (s *Service) LoadMessage(ctx context.Context, id domain.ID) (m domain.Message, c *carrier.Connection, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		m, c, err = s.LoadMessageIn(ctx, tx, id)
		return err
	})
	return m, c, err
}

// LoadMessageIn is LoadMessage within a transaction.
func (s *Service) LoadMessageIn(
	ctx context.Context,
	tx *store.Tx,
	id domain.ID,
) (domain.Message, *carrier.Connection, error) {
	m, err := tx.Message(id)
	if err != nil {
		return m, nil, err
	}
	c, err := s.connections.Find(ctx, m.ChannelID)
	return m, c, err
}

// UpdateMessage runs change with a message for a job, in one transaction. change stores what it changed.
func (s *Service) UpdateMessage(
	ctx context.Context,
	id domain.ID,
	change func(*store.Tx, *carrier.Connection, *domain.Message) error,
) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		m, c, err := s.LoadMessageIn(ctx, tx, id)
		if err != nil {
			return err
		}
		return change(tx, c, &m)
	})
}
