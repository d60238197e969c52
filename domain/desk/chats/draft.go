package chats

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// SaveDraft keeps what an operator typed and did not send. Invalid when it is too long for a reply.
func (s *Service) SaveDraft(ctx context.Context, who *domain.Operator, draft domain.Draft) error {
	if len(draft.Text) > 100<<10 || len(draft.Files) > domain.MaxFiles || draft.Cc != nil && len(*draft.Cc) > 10<<10 {
		return domain.Refuse(domain.Invalid, "error.field.too_long")
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		if _, _, err := s.thread.FindConversationIn(ctx, tx, who, draft.ConversationID); err != nil {
			return err
		}
		draft.Operator, draft.UpdatedAt = who.ID, tx.Now
		return tx.PutDraft(&draft)
	})
}
