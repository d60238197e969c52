package channels

import (
	"context"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// ListTemplates lists the vendor-approved templates of a channel, whatever their status.
func (s *Service) ListTemplates(ctx context.Context, who *domain.Operator, channel domain.ID) (list []domain.MessageTemplate, err error) {
	if _, err := s.connections.FindGranted(ctx, who, channel); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.MessageTemplates(channel)
		return err
	})
	return list, err
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
		return tx.Enqueue(domain.Job{Kind: domain.JobTemplates, Queue: connections.VendorQueue(channel), Subject: channel})
	})
}

// fetchTemplates makes our list of a channel's templates the vendor's.
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
