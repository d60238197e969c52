package outbound

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// isPersonal tells whether a message leaves as a person's own after the window: an operator wrote it, and it is no longer the time in
// which everything may be sent. It is asked when the message leaves, which may be later than it was written.
func (s *Service) isPersonal(ctx context.Context, c *carrier.Connection, m *domain.Message) (personal bool, err error) {
	caps := c.Capabilities()
	if caps.PersonalWindow == 0 || m.Author.Kind != domain.ByOperator || m.Kind == domain.KindTemplate {
		return false, nil
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(m.ConversationID)
		_, personal = caps.CanWrite(&conversation, tx.Now)
		return err
	})
	return personal, err
}
