package channels

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// Tick stores what an administrator ticked off of what a channel needs at its vendor: prerequisites, steps and events.
// Administrators only.
func (s *Service) Tick(ctx context.Context, who *domain.Operator, id domain.ID, ticked []string) error {
	c, err := s.findManaged(ctx, who, id)
	if err != nil {
		return err
	}
	product, _ := s.connections.FindProduct(c.Driver)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		c, err := findPresent(tx, id)
		if err != nil {
			return err
		}
		c.Ticked = keepTicks(product, ticked)
		return tx.PutChannel(&c)
	})
}
