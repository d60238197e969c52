package channels

import (
	"context"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// ListTemplates lists the templates that the vendor has of a channel, approved or not, for operators who may use the
// channel.
func (s *Service) ListTemplates(
	ctx context.Context,
	who *domain.Operator,
	channel domain.ID,
) ([]domain.MessageTemplate, error) {
	if _, err := s.connections.FindGranted(ctx, who, channel); err != nil {
		return nil, err
	}
	return store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) ([]domain.MessageTemplate, error) { return tx.MessageTemplates(channel) },
	)
}

// SyncTemplates fetches a channel's templates from the vendor again, in the background.
func (s *Service) SyncTemplates(ctx context.Context, who *domain.Operator, channel domain.ID) error {
	if err := who.Require(domain.ManageTemplates); err != nil {
		return err
	}
	if _, err := s.connections.FindGranted(ctx, who, channel); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		return tx.Enqueue(domain.Job{
			Kind:    domain.JobTemplates,
			Queue:   connections.VendorQueue(channel),
			Subject: channel,
		})
	})
}

// fetchTemplates replaces the stored templates of a channel by the vendor's.
func (s *Service) fetchTemplates(ctx context.Context, j domain.Job) error {
	c, err := s.connections.Find(ctx, j.Subject)
	if err != nil {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return err
	}
	list, err := conn.Templates(ctx)
	if err != nil {
		return connections.RetryTemporary(err)
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		for i := range list {
			list[i].ChannelID, list[i].SyncedAt = c.Channel.ID, tx.Now
		}
		tx.Record(domain.Event{Kind: domain.EventTemplatesChanged, ChannelID: c.Channel.ID})
		return tx.ReplaceTemplates(c.Channel.ID, list)
	})
}
