package thread

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// AddMessage stores a new message and tells the pages; fresh asks them for a sound. The conversation counts it and is stored by
// putConversation, once everything is known that the message changes of it.
func AddMessage(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation, m *domain.Message, fresh bool) error {
	conversation.MessageCount++
	tx.Record(domain.Event{
		Kind: domain.EventMessageAdded, ChannelID: c.Channel.ID, ConversationID: conversation.ID, MessageID: m.ID, Fresh: fresh,
	})
	return tx.PutMessage(m, c.Channel.Short)
}

// PutConversation writes a conversation and tells the pages.
func PutConversation(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
	tx.Record(domain.Event{Kind: domain.EventConversationChanged, ChannelID: c.Channel.ID, ConversationID: conversation.ID})
	return tx.PutConversation(conversation, &c.Channel)
}

// AddNote adds an activity line to a conversation. It is stored as a code and told to each reader in their language.
func AddNote(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation, code string, args map[string]string) error {
	m := domain.Message{
		ID: tx.NewID(), ConversationID: conversation.ID, ChannelID: conversation.ChannelID, At: tx.Now, Direction: domain.Activity,
		Author: domain.Author{Kind: domain.BySystem}, Kind: domain.KindActivity, ReceivedAt: tx.Now, ActivityCode: code, ActivityArgs: args,
	}
	tx.Record(domain.Event{Kind: domain.EventMessageAdded, ChannelID: c.Channel.ID, ConversationID: conversation.ID, MessageID: m.ID})
	return tx.PutMessage(&m, c.Channel.Short)
}

// PutMessage writes a changed message, keeps the chats table's glance of it true, and tells the pages.
func PutMessage(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
	if err := tx.PutMessage(m, c.Channel.Short); err != nil {
		return err
	}
	tx.Record(domain.Event{Kind: domain.EventMessageChanged, ChannelID: c.Channel.ID, ConversationID: m.ConversationID, MessageID: m.ID})
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil || conversation.LastMessage.ID != m.ID || conversation.LastMessage == m.Glance() {
		return err
	}
	conversation.LastMessage = m.Glance()
	if m.State.NeedsAttention() && m.State != domain.StateUncertain && !conversation.IsWaiting() && !conversation.LastInboundID.IsZero() {
		// The answer did not arrive, so the customer still waits.
		conversation.WaitingSince = m.At
	}
	return PutConversation(tx, c, &conversation)
}
