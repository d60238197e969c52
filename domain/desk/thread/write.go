package thread

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// AddMessage stores a new message and tells the pages; with fresh they sound. The conversation counts the message but
// is not stored: the caller does that with PutConversation, when it has changed all that the message changes of it.
func AddMessage(
	tx *store.Tx,
	c *carrier.Connection,
	conversation *domain.Conversation,
	m *domain.Message,
	fresh bool,
) error {
	conversation.MessageCount++
	tx.Record(domain.Event{
		Kind:           domain.EventMessageAdded,
		ChannelID:      c.Channel.ID,
		ConversationID: conversation.ID,
		MessageID:      m.ID,
		Fresh:          fresh,
	})
	return tx.PutMessage(m, c.Channel.Short)
}

// PutConversation stores a conversation and tells the pages.
func PutConversation(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
	tx.Record(domain.Event{
		Kind:           domain.EventConversationChanged,
		ChannelID:      c.Channel.ID,
		ConversationID: conversation.ID,
	})
	return tx.PutConversation(conversation, &c.Channel)
}

// AddNote adds an entry to a conversation that tells what happened, such as another status. It is stored as a message
// key with its arguments, and each reader sees it in their language.
func AddNote(
	tx *store.Tx,
	c *carrier.Connection,
	conversation *domain.Conversation,
	code string,
	args map[string]string,
) error {
	m := domain.Message{
		ID:             tx.NewID(),
		ConversationID: conversation.ID,
		ChannelID:      conversation.ChannelID,
		At:             TimeAfter(conversation, tx.Now, tx.Now),
		Direction:      domain.Activity,
		Author:         domain.Author{Kind: domain.BySystem},
		Kind:           domain.KindActivity,
		ReceivedAt:     tx.Now,
		ActivityCode:   code,
		ActivityArgs:   args,
	}
	tx.Record(domain.Event{
		Kind:           domain.EventMessageAdded,
		ChannelID:      c.Channel.ID,
		ConversationID: conversation.ID,
		MessageID:      m.ID,
	})
	return tx.PutMessage(&m, c.Channel.Short)
}

// PutMessage stores a changed message and tells the pages. When it is the last one of its conversation, the
// conversation's copy of it changes too, and a customer whose answer failed waits again.
func PutMessage(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
	if err := tx.PutMessage(m, c.Channel.Short); err != nil {
		return err
	}
	tx.Record(domain.Event{
		Kind:           domain.EventMessageChanged,
		ChannelID:      c.Channel.ID,
		ConversationID: m.ConversationID,
		MessageID:      m.ID,
	})
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil || conversation.LastMessage.ID != m.ID || conversation.LastMessage == m.Glance() {
		return err
	}
	conversation.LastMessage = m.Glance()
	if m.State.NeedsAttention() && m.State != domain.StateUncertain && !conversation.IsWaiting() &&
		!conversation.LastInboundID.IsZero() {
		// The answer did not arrive.
		conversation.WaitingSince = m.At
	}
	return PutConversation(tx, c, &conversation)
}
