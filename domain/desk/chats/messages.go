package chats

import (
	"context"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// MessagesQuery says which part of a conversation to read; the zero query is the newest part.
type MessagesQuery struct {
	Before string    // cursor: only older
	After  string    // cursor: only newer
	Around domain.ID // the part around a message
	Limit  int       // 0 = 50
}

// Messages is a part of a conversation, oldest first, with cursors to go on in both directions ("" = nothing there).
type Messages struct {
	Items []MessageItem
	Older string
	Newer string
}

// MessageItem is a message with what its bubble shows beside it.
type MessageItem struct {
	domain.Message
	Quoted      *domain.Message // the message it answers; nil when it answers none or we do not have it
	CanRetry    bool
	CanMarkSent bool
	Wait        *Wait // nil = it does not wait to leave
}

// Wait is what a message waits for that has not left.
type Wait struct {
	Failure domain.Failure // what keeps it
	Until   time.Time      // then it is given up
}

// ListMessages reads a part of a conversation that the operator may see. Invalid for a wrong cursor.
func (s *Service) ListMessages(
	ctx context.Context,
	who *domain.Operator,
	conversation domain.ID,
	q MessagesQuery,
) (Messages, error) {
	if _, err := s.findRow(ctx, who, conversation); err != nil {
		return Messages{}, err
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	r := store.MessageRange{Limit: q.Limit}
	var err1, err2 error
	r.Before, err1 = decodeCursor(q.Before)
	r.After, err2 = decodeCursor(q.After)
	if err1 != nil || err2 != nil {
		return Messages{}, domain.Refuse(domain.Invalid, "error.cursor")
	}
	var out Messages
	err := s.store.View(ctx, func(tx *store.Tx) error {
		list, older, newer, err := readPart(tx, conversation, q, r)
		if err != nil {
			return err
		}
		out.Older, out.Newer = encodeCursor(older), encodeCursor(newer)
		out.Items, err = s.buildItems(ctx, tx, list)
		return err
	})
	return out, err
}

// readPart reads the messages that were asked for. Around a message that is half of the limit before it and half after.
func readPart(
	tx *store.Tx,
	conversation domain.ID,
	q MessagesQuery,
	r store.MessageRange,
) (list []domain.Message, older, newer string, err error) {
	if q.Around.IsZero() {
		return tx.Messages(conversation, r)
	}
	m, err := tx.Message(q.Around)
	if err != nil {
		return nil, "", "", err
	}
	if m.ConversationID != conversation {
		return nil, "", "", domain.ErrNotFound
	}
	half := store.MessageRange{Before: store.CursorAt(&m), Limit: q.Limit / 2}
	before, older, _, err := tx.Messages(conversation, half)
	if err != nil {
		return nil, "", "", err
	}
	after, _, newer, err := tx.Messages(conversation, store.MessageRange{After: store.CursorAt(&m), Limit: q.Limit / 2})
	return slices.Concat(before, []domain.Message{m}, after), older, newer, err
}

// isAllRefused reports whether the customer of a conversation's messages takes none of us, so that sending one again
// would be refused too.
func isAllRefused(tx *store.Tx, list []domain.Message) (bool, error) {
	if len(list) == 0 {
		return false, nil
	}
	c, err := tx.Conversation(list[0].ConversationID)
	return c.Refuses == domain.RefusesAll, err
}

// buildItems adds what bubbles show beside the messages themselves.
func (s *Service) buildItems(ctx context.Context, tx *store.Tx, list []domain.Message) ([]MessageItem, error) {
	out := make([]MessageItem, len(list))
	refuses, err := isAllRefused(tx, list)
	if err != nil {
		return nil, err
	}
	loaded := map[domain.ID]*domain.Message{}
	for i := range list {
		loaded[list[i].ID] = &list[i]
	}
	for i := range list {
		m := &list[i]
		out[i] = MessageItem{
			Message:     *m,
			CanRetry:    m.Direction == domain.Outgoing && m.State.NeedsAttention() && !refuses,
			CanMarkSent: m.State == domain.StateUncertain,
		}
		var err error
		if out[i].Wait, err = s.findWait(ctx, tx, m); err != nil {
			return nil, err
		}
		if m.ReplyTo.IsZero() {
			continue
		}
		if quoted := loaded[m.ReplyTo]; quoted != nil {
			out[i].Quoted = quoted
			continue
		}
		quoted, err := tx.Message(m.ReplyTo)
		if domain.KindOf(err) == domain.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[i].Quoted = &quoted
	}
	return out, nil
}

// findWait finds what a message waits for that has not left: for a vendor that takes nothing of the whole channel, or for
// another try of its own. nil = it is on its way, or has left.
func (s *Service) findWait(ctx context.Context, tx *store.Tx, m *domain.Message) (*Wait, error) {
	if m.Direction != domain.Outgoing || !m.State.IsPending() {
		return nil, nil
	}
	kept := m.Failure
	if hold, held := s.connections.HoldOf(m.ChannelID); held && hold.Failure != nil {
		kept = hold.Failure
	}
	if kept == nil {
		return nil, nil
	}
	c, err := s.connections.Find(ctx, m.ChannelID)
	if err != nil {
		return nil, domain.IgnoreNotFound(err)
	}
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return nil, domain.IgnoreNotFound(err)
	}
	until, _ := connections.AnswerWaitsUntil(c, &conversation, m, tx.Now)
	return &Wait{*kept, until}, nil
}

// ReadMessage reads one message that the operator may see. Those who may see raw data get it with the message.
func (s *Service) ReadMessage(ctx context.Context, who *domain.Operator, id domain.ID) (MessageItem, error) {
	var out []MessageItem
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, _, err := s.thread.FindMessageIn(ctx, tx, who, id)
		if err != nil {
			return err
		}
		if who.May(domain.SeeRaw) {
			if m.Raw, err = tx.Raw(id); err != nil {
				return err
			}
		}
		out, err = s.buildItems(ctx, tx, []domain.Message{m})
		return err
	})
	if err != nil {
		return MessageItem{}, err
	}
	return out[0], nil
}
