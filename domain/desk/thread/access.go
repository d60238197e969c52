package thread

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// FindConversation reads a conversation that the operator may see; any other is NotFound.
func (s *Service) FindConversation(ctx context.Context, who *domain.Operator, id domain.ID) (conversation domain.Conversation, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if conversation, err = tx.Conversation(id); err != nil {
			return err
		}
		_, err = s.connections.FindReadable(ctx, who, conversation.ChannelID)
		return err
	})
	return conversation, err
}

// FindMessage reads a message that the operator may see; any other is NotFound.
func (s *Service) FindMessage(ctx context.Context, who *domain.Operator, id domain.ID) (m domain.Message, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if m, err = tx.Message(id); err != nil {
			return err
		}
		_, err = s.connections.FindReadable(ctx, who, m.ChannelID)
		return err
	})
	return m, err
}

// ChangeConversation changes one conversation the operator may work on.
func (s *Service) ChangeConversation(ctx context.Context, who *domain.Operator, id domain.ID, change func(*store.Tx, *carrier.Connection, *domain.Conversation) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		c, err := s.connections.FindReadable(ctx, who, conversation.ChannelID)
		if err != nil {
			return err
		}
		return change(tx, c, &conversation)
	})
}

func (s *Service) MessageAndConnection(ctx context.Context, id domain.ID) (m domain.Message, c *carrier.Connection, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	if err != nil {
		return m, nil, err
	}
	c, err = s.connections.Find(ctx, m.ChannelID)
	return m, c, err
}

// ChangeMessage changes one message of a conversation the operator may work on.
func (s *Service) ChangeMessage(ctx context.Context, who *domain.Operator, id domain.ID, change func(*store.Tx, *carrier.Connection, *domain.Message) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		c, err := s.connections.FindReadable(ctx, who, m.ChannelID)
		if err != nil {
			return err
		}
		return change(tx, c, &m)
	})
}

// FindVisibleWith is the newest conversation of a contact that the reader may open; without one the contact does not
// exist for them.
func FindVisibleWith(tx *store.Tx, contact domain.ID, visible map[domain.ID]*domain.Channel) (id domain.ID, ok bool, err error) {
	ids, err := tx.ConversationsOf(contact)
	if err != nil {
		return id, false, err
	}
	list, err := tx.Conversations(ids)
	for _, c := range list {
		if visible[c.ChannelID] != nil {
			id, ok = c.ID, true
		}
	}
	return id, ok, err
}
