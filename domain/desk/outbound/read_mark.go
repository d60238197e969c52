package outbound

import (
	"context"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
)

// markReadAtVendor tells the vendor that a customer's message, and all before it, was read. Nobody is shown when that
// fails.
func (s *Service) markReadAtVendor(ctx context.Context, j domain.Job) error {
	m, c, err := s.thread.LoadMessage(ctx, j.Subject)
	if err != nil || m.VendorID == "" {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return err
	}
	out, err := s.completeEnvelope(ctx, &domain.Message{
		ID:             j.ID,
		ConversationID: m.ConversationID,
		ChannelID:      m.ChannelID,
		Kind:           domain.KindReaction,
	})
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	return connections.RetryTemporary(conn.MarkRead(ctx, out.To, m.VendorID, false))
}
