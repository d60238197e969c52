package desk

import (
	"context"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
)

// check looks whether a channel's connection to its vendor is in order, and again in an hour.
func (d *Desk) check(ctx context.Context, j domain.Job) error {
	c, err := d.connection(ctx, j.Subject)
	if err != nil || !c.IsInService() {
		return nil // the chain ends; switching the channel on begins another
	}
	missed, failed := d.inspect(ctx, c)
	if !missed.IsZero() && c.CanPoll() {
		if err := d.store.Update(ctx, func(tx *store.Tx) error { return catchUp(tx, c.Channel.ID, missed) }); err != nil {
			return &jobs.Retry{Err: err}
		}
	}
	if err := d.link(ctx, j, checkEvery, nil); err != nil {
		return &jobs.Retry{Err: err}
	}
	if failed != nil && failed.Unanswered() {
		return &jobs.Over{Err: failed}
	}
	return nil
}

// CheckChannel looks at a channel's connection now, at a person's word; its health then says what was found. Administrators only.
func (d *Desk) CheckChannel(ctx context.Context, who *domain.Operator, id domain.ID) error {
	if _, err := d.managed(ctx, who, id); err != nil {
		return err
	}
	c, err := d.connection(ctx, id)
	if err != nil {
		return err
	}
	if _, err := c.Ready(); err != nil {
		return err
	}
	missed, _ := d.inspect(ctx, c) // what failed is in the channel's health
	if missed.IsZero() || !c.CanPoll() {
		return nil
	}
	return d.store.Update(ctx, func(tx *store.Tx) error { return catchUp(tx, id, missed) })
}
