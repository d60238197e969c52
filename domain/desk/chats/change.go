package chats

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Open notes that the operator reads a conversation: nothing is unread any more, a tab opens, and the customer is told
// where the channel has receipts for reading.
func (s *Service) Open(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.thread.ChangeConversation(
		ctx,
		who,
		id,
		func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			if err := openTab(tx, who, id); err != nil || conversation.Unread == 0 {
				return err
			}
			conversation.Unread = 0
			if !conversation.LastInboundID.IsZero() && c.Capabilities().ReadReceipts {
				if err := tx.Enqueue(domain.Job{
					Kind:    domain.JobMarkRead,
					Queue:   connections.VendorQueue(conversation.ChannelID),
					Subject: conversation.LastInboundID,
				}); err != nil {
					return err
				}
			}
			return thread.PutConversation(tx, c, conversation)
		},
	)
}

// MarkUnread makes a conversation count as unread again, so that it is not forgotten.
func (s *Service) MarkUnread(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.thread.ChangeConversation(
		ctx,
		who,
		id,
		func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			conversation.Unread = max(conversation.Unread, 1)
			return thread.PutConversation(tx, c, conversation)
		},
	)
}

// NoReplyNeeded says that the customer's last message needs no answer, so that the conversation waits no more, or that
// it needs one after all. The status stays as it is. Conflict when the customer has written nothing.
func (s *Service) NoReplyNeeded(ctx context.Context, who *domain.Operator, id domain.ID, on bool) error {
	return s.thread.ChangeConversation(
		ctx,
		who,
		id,
		func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			if conversation.LastInboundID.IsZero() {
				return domain.Refuse(domain.Conflict, "error.no_customer_message")
			}
			m, err := tx.Message(conversation.LastInboundID)
			if err != nil {
				return err
			}
			m.NoReply = on
			if conversation.WaitingSince = (time.Time{}); !on && conversation.LastMessage.Direction == domain.Incoming {
				conversation.WaitingSince = m.At
			}
			if err := thread.PutConversation(tx, c, conversation); err != nil {
				return err
			}
			return thread.PutMessage(tx, c, &m)
		},
	)
}

// SetStatus moves a conversation to another status. Conflict where the old one does not allow it: closed is final.
func (s *Service) SetStatus(ctx context.Context, who *domain.Operator, id domain.ID, status domain.Status) error {
	return s.thread.ChangeConversation(
		ctx,
		who,
		id,
		func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			if conversation.Status == status {
				return nil
			}
			if !conversation.Status.CanBecome(status) {
				return domain.Refuse(domain.Conflict, "error.status_final")
			}
			conversation.Status = status
			if status.IsDone() {
				conversation.WaitingSince, conversation.Unread = time.Time{}, 0
			}
			if err := thread.PutConversation(tx, c, conversation); err != nil {
				return err
			}
			args := map[string]string{"by": who.Name, "status": string(status)}
			if err := thread.AddNote(tx, c, conversation, "activity.status_changed", args); err != nil {
				return err
			}
			return s.thread.Raise(tx, thread.Occurrence{
				Kind:         thread.StatusChanged,
				Connection:   c,
				Conversation: conversation,
				By:           who,
			})
		},
	)
}

// Assign makes an operator responsible for a conversation, or nobody with the zero id. Invalid when that operator may
// not see it.
func (s *Service) Assign(ctx context.Context, who *domain.Operator, id, operator domain.ID) error {
	return s.thread.ChangeConversation(
		ctx,
		who,
		id,
		func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			if conversation.Assignee == operator {
				return nil
			}
			code, args := "activity.unassigned", map[string]string{"by": who.Name}
			if !operator.IsZero() {
				to, err := tx.Operator(operator)
				if err != nil {
					return err
				}
				if !to.MayUse(&c.Channel) {
					return domain.Refuse(domain.Invalid, "error.assignee_cannot_see", "name", to.Name)
				}
				code, args["to"] = "activity.assigned", to.Name
				if operator == who.ID {
					code = "activity.taken"
				}
			}
			conversation.Assignee = operator
			if err := thread.PutConversation(tx, c, conversation); err != nil {
				return err
			}
			if err := thread.AddNote(tx, c, conversation, code, args); err != nil {
				return err
			}
			return s.thread.Raise(tx, thread.Occurrence{
				Kind:         thread.AssigneeChanged,
				Connection:   c,
				Conversation: conversation,
				By:           who,
			})
		},
	)
}
