package outbound

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// React makes emoji the business's reaction to a customer's message; "" takes it away. Invalid where the channel has no
// reactions and when its window is closed.
func (s *Service) React(ctx context.Context, who *domain.Operator, id domain.ID, emoji string) error {
	if len(emoji) > 64 {
		return domain.Refuse(domain.Invalid, "error.field.too_long")
	}
	return s.thread.ChangeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.Direction != domain.Incoming || m.VendorID == "" || !c.Capabilities().Reactions {
			return domain.Refuse(domain.Invalid, "provider.unsupported")
		}
		conversation, err := tx.Conversation(m.ConversationID)
		if err != nil {
			return err
		}
		if caps := c.Capabilities(); !conversation.IsWindowOpen(caps.Window, caps.WindowMargin, tx.Now) {
			return domain.Refuse(domain.Invalid, "error.window_closed")
		}
		thread.SetReaction(m, domain.Reaction{Emoji: emoji, From: domain.Outgoing, Operator: who.ID, At: tx.Now})
		job := domain.Job{
			Kind:    domain.JobReact,
			Lane:    "reaction/" + m.ID.String(),
			Queue:   connections.VendorQueue(m.ChannelID),
			Subject: m.ID,
			Args:    map[string]string{"emoji": emoji},
		}
		if err := tx.Enqueue(job); err != nil {
			return err
		}
		return thread.PutMessage(tx, c, m)
	})
}

// sendReaction sends our reaction, or takes it away: to the vendor it is a message about a message.
func (s *Service) sendReaction(ctx context.Context, j domain.Job) error {
	m, c, err := s.thread.LoadMessage(ctx, j.Subject)
	if err != nil {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return retryReaction(connections.NewOffError(c, err))
	}
	out, err := s.completeEnvelope(ctx, &domain.Message{
		ID:             j.ID,
		ConversationID: m.ConversationID,
		Kind:           domain.KindReaction,
	})
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	out.Target, out.Emoji = m.VendorID, j.Args["emoji"]
	_, err = conn.Send(ctx, out)
	if err != nil && carrier.AsError(err).Class == carrier.Uncertain {
		return &jobs.Retry{Err: err} // a reaction set twice is one reaction
	}
	if err != nil {
		return retryReaction(carrier.AsError(err))
	}
	return nil
}

// retryReaction asks for another try of a reaction that was certainly not taken and may be later.
func retryReaction(e *carrier.Error) error {
	if e.CanWait() {
		return connections.NewRetry(e)
	}
	return e
}

// giveUpReaction takes our reaction off the message again: it never reached the customer.
func (s *Service) giveUpReaction(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil {
		return false, err
	}
	thread.SetReaction(&m, domain.Reaction{From: domain.Outgoing})
	return false, thread.PutMessage(tx, c, &m)
}
