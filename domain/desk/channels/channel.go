package channels

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// Add stores a new channel without trying it at the vendor. Administrators only; Conflict when its webhook key or
// account is another channel's.
func (s *Service) Add(ctx context.Context, who *domain.Operator, c domain.Channel) (domain.Channel, error) {
	return s.addOnce(ctx, who, domain.ID{}, c)
}

// addOnce is Add, unless the same form added a channel before, which is given then.
func (s *Service) addOnce(
	ctx context.Context, who *domain.Operator, once domain.ID, c domain.Channel,
) (domain.Channel, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return c, err
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	conn := s.connections.Connect(c, nil)
	if err := conn.Trouble(); err != nil {
		return c, refuseSettings(err)
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if done, err := findMadeChannel(tx, who, once, &c); err != nil || done {
			return err
		}
		if err := putNewChannel(tx, &c, conn.Capabilities()); err != nil {
			return err
		}
		return tx.NoteMade(who.ID, once, c.ID)
	})
	s.connections.ApplyChange(ctx, c.ID, err)
	return c, err
}

// findMadeChannel reads the channel that an operator made from the same form before.
func findMadeChannel(tx *store.Tx, who *domain.Operator, once domain.ID, c *domain.Channel) (done bool, err error) {
	made, done, err := tx.FindMade(who.ID, once)
	if err == nil && done {
		*c, err = findPresent(tx, made)
	}
	return done, err
}

// putNewChannel stores a new channel and has its templates fetched, where caps say that it has some.
func putNewChannel(tx *store.Tx, c *domain.Channel, caps carrier.Capabilities) error {
	if err := checkOperatorsExist(tx, c.Operators); err != nil {
		return err
	}
	c.ID, c.CreatedAt, c.Short = tx.NewID(), tx.Now, 0
	tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: c.ID})
	if err := tx.PutChannel(c); err != nil || !caps.Templates {
		return err
	}
	return tx.Enqueue(domain.Job{Kind: domain.JobTemplates, Queue: connections.VendorQueue(c.ID), Subject: c.ID})
}

// SetOperators says which operators may use a channel; none means everybody. Administrators only.
func (s *Service) SetOperators(ctx context.Context, who *domain.Operator, id domain.ID, operators []domain.ID) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Channel(id)
		if err != nil {
			return err
		}
		if err := checkOperatorsExist(tx, operators); err != nil {
			return err
		}
		c.Operators = operators
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: id})
		return tx.PutChannel(&c)
	})
	s.connections.Reload()
	return err
}
