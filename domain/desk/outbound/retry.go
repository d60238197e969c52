package outbound

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Retry sends a message again that failed or is uncertain, because an operator decided so. Any other is left as it is;
// Invalid when the channel's window is closed.
func (s *Service) Retry(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.thread.ChangeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.Direction != domain.Outgoing || !m.State.NeedsAttention() {
			return nil
		}
		conversation, err := tx.Conversation(m.ConversationID)
		if err != nil {
			return err
		}
		if err := thread.RequireConsent(&conversation, false); err != nil {
			return err
		}
		if open, _ := c.Capabilities().CanWrite(&conversation, tx.Now); m.Kind != domain.KindTemplate && !open {
			return c.Capabilities().WindowOver()
		}
		if m.VendorID != "" {
			// Late reports about the earlier try must not count for this one.
			if err := tx.MarkSeen(m.ChannelID, m.VendorID, domain.ID{}); err != nil {
				return err
			}
		}
		m.State, m.StateAt, m.Failure, m.VendorID = domain.StateQueued, tx.Now, nil, ""
		if err := enqueueDelivery(tx, m); err != nil {
			return err
		}
		return thread.PutMessage(tx, c, m)
	})
}

// MarkSent makes an uncertain message a sent one: the operator found out that it arrived. Any other is left as it is.
func (s *Service) MarkSent(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.thread.ChangeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.State != domain.StateUncertain {
			return nil
		}
		m.State, m.StateAt, m.Failure = domain.StateSent, tx.Now, nil
		return thread.PutMessage(tx, c, m)
	})
}
