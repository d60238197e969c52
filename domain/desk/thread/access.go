package thread

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// FindConversation reads a conversation that the operator may see; any other is NotFound.
func (s *Service) FindConversation(
	ctx context.Context,
	who *domain.Operator,
	id domain.ID,
) (domain.Conversation, error) {
	return store.Read(ctx, s.store, func(tx *store.Tx) (domain.Conversation, error) {
		conversation, _, err := s.FindConversationIn(ctx, tx, who, id)
		return conversation, err
	})
}

// FindMessage reads a message that the operator may see; any other is NotFound.
func (s *Service) FindMessage(ctx context.Context, who *domain.Operator, id domain.ID) (domain.Message, error) {
	return store.Read(ctx, s.store, func(tx *store.Tx) (domain.Message, error) {
		m, _, err := s.FindMessageIn(ctx, tx, who, id)
		return m, err
	})
}

// ChangeConversation runs change with a conversation that the operator may work on, in one transaction. change stores
// what it changed.
func (s *Service) ChangeConversation(
	ctx context.Context,
	who *domain.Operator,
	id domain.ID,
	change func(*store.Tx, *carrier.Connection, *domain.Conversation) error,
) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		conversation, c, err := s.FindConversationIn(ctx, tx, who, id)
		if err != nil {
			return err
		}
		return change(tx, c, &conversation)
	})
}

// ChangeMessage runs change with a message of a conversation that the operator may work on, in one transaction. change
// stores what it changed.
func (s *Service) ChangeMessage(
	ctx context.Context,
	who *domain.Operator,
	id domain.ID,
	change func(*store.Tx, *carrier.Connection, *domain.Message) error,
) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		m, c, err := s.FindMessageIn(ctx, tx, who, id)
		if err != nil {
			return err
		}
		return change(tx, c, &m)
	})
}

// FindConversationIn is FindConversation within a transaction. It gives the connection of the channel too.
func (s *Service) FindConversationIn(
	ctx context.Context,
	tx *store.Tx,
	who *domain.Operator,
	id domain.ID,
) (domain.Conversation, *carrier.Connection, error) {
	conversation, err := tx.Conversation(id)
	if err != nil {
		return conversation, nil, err
	}
	c, err := s.connections.FindReadable(ctx, who, conversation.ChannelID)
	return conversation, c, err
}

// FindMessageIn is FindMessage within a transaction. It gives the connection of the channel too.
func (s *Service) FindMessageIn(
	ctx context.Context,
	tx *store.Tx,
	who *domain.Operator,
	id domain.ID,
) (domain.Message, *carrier.Connection, error) {
	m, err := tx.Message(id)
	if err != nil {
		return m, nil, err
	}
	c, err := s.connections.FindReadable(ctx, who, m.ChannelID)
	return m, c, err
}

// FindVisibleWith finds the newest conversation with a contact on one of the visible channels. ok is false when there
// is none: then the contact does not exist for whoever sees these channels.
func FindVisibleWith(
	tx *store.Tx,
	contact domain.ID,
	visible map[domain.ID]*domain.Channel,
) (id domain.ID, ok bool, err error) {
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

// RequireVisibleWith is FindVisibleWith, with NotFound when there is no such conversation.
func RequireVisibleWith(tx *store.Tx, contact domain.ID, visible map[domain.ID]*domain.Channel) (domain.ID, error) {
	id, ok, err := FindVisibleWith(tx, contact, visible)
	if err == nil && !ok {
		err = domain.ErrNotFound
	}
	return id, err
}
