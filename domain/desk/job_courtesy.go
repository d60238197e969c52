package desk

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/store"
)

// markRead tells the vendor that a customer's message, and all before it, was read. It is a courtesy: failures are not shown.
func (d *Desk) markRead(ctx context.Context, j domain.Job) error {
	m, c, err := d.messageAndChannel(ctx, j.Subject)
	if err != nil || m.VendorID == "" {
		return err
	}
	line, err := c.Ready()
	if err != nil {
		return err
	}
	out, err := d.envelopeFor(ctx, &domain.Message{ID: j.ID, ConversationID: m.ConversationID, ChannelID: m.ChannelID, Kind: domain.KindReaction})
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	return retryable(line.MarkRead(ctx, out.To, m.VendorID, false))
}

// react sends or removes our reaction; the vendor knows reactions as messages about a message.
func (d *Desk) react(ctx context.Context, j domain.Job) error {
	m, c, err := d.messageAndChannel(ctx, j.Subject)
	if err != nil {
		return err
	}
	line, err := c.Ready()
	if err != nil {
		return err
	}
	out, err := d.envelopeFor(ctx, &domain.Message{ID: j.ID, ConversationID: m.ConversationID, Kind: domain.KindReaction})
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	out.Target, out.Emoji = m.VendorID, j.Args["emoji"]
	_, err = line.Send(ctx, out)
	if err != nil && carrier.AsError(err).Class == carrier.Uncertain {
		return &jobs.Retry{Err: err} // a reaction set twice is one reaction
	}
	return retryable(err)
}

// reactGivenUp takes the reaction off the bubble again: it never reached the customer.
func (d *Desk) reactGivenUp(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, err := tx.Message(j.Subject)
	if err != nil {
		return false, err
	}
	c, err := d.connection(ctx, m.ChannelID)
	if err != nil {
		return false, err
	}
	setReaction(&m, domain.Reaction{From: domain.Outgoing})
	return false, putMessage(tx, c, &m)
}

// fetchTemplates makes our list of a channel's templates the vendor's.
func (d *Desk) fetchTemplates(ctx context.Context, j domain.Job) error {
	c, err := d.connection(ctx, j.Subject)
	if err != nil {
		return err
	}
	line, err := c.Ready()
	if err != nil {
		return err
	}
	list, err := line.Templates(ctx)
	if err != nil {
		return retryable(err)
	}
	return d.store.Update(ctx, func(tx *store.Tx) error {
		for i := range list {
			list[i].ChannelID, list[i].SyncedAt = c.Channel.ID, tx.Now
		}
		tx.Record(domain.Event{Kind: domain.EventTemplatesChanged, ChannelID: c.Channel.ID})
		return tx.ReplaceTemplates(c.Channel.ID, list)
	})
}

func (d *Desk) messageAndChannel(ctx context.Context, id domain.ID) (m domain.Message, c *carrier.Connection, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	if err != nil {
		return m, nil, err
	}
	c, err = d.connection(ctx, m.ChannelID)
	return m, c, err
}

// retryable asks for another try after a failure that may pass.
func retryable(err error) error {
	if err == nil {
		return nil
	}
	if e := carrier.AsError(err); e.Class.CanRetry() {
		return &jobs.Retry{Failure: e.Failure(), Wait: e.RetryAfter, Silent: e.Unanswered(), Err: e}
	}
	return err
}

// How long things without an owner are kept.
const (
	uploadKept = 24 * time.Hour // an upload no message names
	orphanKept = 24 * time.Hour // a report for a message nobody knows
	sweepEvery = time.Hour
)

// sweepLane holds at most one waiting sweep.
const sweepLane = "sweep"

// ensureSweep enqueues the first sweep; each enqueues the next.
func (d *Desk) ensureSweep(ctx context.Context) error {
	return d.store.Update(ctx, func(tx *store.Tx) error {
		if _, waiting, err := tx.NextInLane(sweepLane); err != nil || waiting {
			return err
		}
		return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: sweepLane, Due: tx.Now.Add(sweepEvery)})
	})
}

// sweep drops what nobody will ask for again.
func (d *Desk) sweep(ctx context.Context, _ domain.Job) error {
	var old []domain.ID
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		unclaimed, err := tx.UnclaimedFiles(200)
		if err != nil {
			return err
		}
		old = old[:0]
		for _, id := range unclaimed {
			if id.Time().Before(tx.Now.Add(-uploadKept)) {
				old = append(old, id)
			}
		}
		_, err = tx.SweepOrphans(tx.Now.Add(-orphanKept), 200)
		if err != nil {
			return err
		}
		if err := tx.SweepPublications(200); err != nil {
			return err
		}
		if err := tx.SweepChannelLogins(tx.Now); err != nil {
			return err
		}
		return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: sweepLane, Due: tx.Now.Add(sweepEvery)})
	})
	for _, id := range old {
		if err == nil {
			err = d.store.DropFile(ctx, id)
		}
	}
	return err
}
