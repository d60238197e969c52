package webchat

import (
	"context"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Item is one message as its visitor may see it: nothing of what the desk knows besides.
type Item struct {
	ID    domain.ID
	Said  string // the id that the visitor's page gave it; "" for what the desk says
	Own   bool   // the visitor wrote it
	Name  string // of the operator who wrote it; "" for the visitor's own and for what the desk says by itself
	Text  string
	At    time.Time
	Files []ItemFile
	state domain.MessageState // of what the desk says: how far it has come
}

// ItemFile is a file of a message. Its number within the message is its address.
type ItemFile struct {
	Name string
	MIME string
	Size int64
	Here bool // it is stored and can be opened
}

// Thread is a visitor's conversation.
type Thread struct {
	Seq   uint64 // number of the newest event that had happened when it was read: the live stream goes on from there
	Items []Item
	Seen  string // what LastSeen gives
}

// threadPart is how many messages a visitor's page shows.
const threadPart = 100

// ReadThread reads the newest messages between a visitor and the desk. That the desk's have arrived is for the page to
// say: see MarkDelivered.
func (s *Service) ReadThread(ctx context.Context, v domain.Visitor) (t Thread, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if t.Seq, err = tx.Seq(); err != nil {
			return err
		}
		list, err := listConversations(tx, &v)
		if err != nil {
			return err
		}
		for _, conversation := range slices.Backward(list) {
			messages, _, _, err := tx.Messages(conversation.ID, store.MessageRange{Limit: threadPart - len(t.Items)})
			if err != nil {
				return err
			}
			t.Items = append(newItems(&v, messages), t.Items...)
			if len(t.Items) >= threadPart {
				break
			}
		}
		if n := len(list); n > 0 {
			t.Seen, err = findLastSeen(tx, &v, &list[n-1])
		}
		return err
	})
	return t, err
}

// listConversations lists the visitor's own conversations, the oldest first. Their contact may have others, even in
// this chat when two contacts were merged: those are left out.
func listConversations(tx *store.Tx, v *domain.Visitor) (list []domain.Conversation, err error) {
	contact, ok, err := tx.ContactByIdentity(v.Identity())
	if err != nil || !ok {
		return nil, err
	}
	ids, err := tx.ConversationsOf(contact.ID)
	if err != nil {
		return nil, err
	}
	all, err := tx.Conversations(ids)
	return slices.DeleteFunc(all, func(c domain.Conversation) bool { return !isOwnedBy(v, &c) }), err
}

// isOwnedBy reports whether a conversation is the visitor's.
func isOwnedBy(v *domain.Visitor, c *domain.Conversation) bool {
	return c.ChannelID == v.ChannelID && c.To == v.Identity()
}

// findNewest finds the visitor's newest conversation and reports whether there is one.
func findNewest(tx *store.Tx, v *domain.Visitor) (domain.Conversation, bool, error) {
	contact, ok, err := tx.ContactByIdentity(v.Identity())
	if err != nil || !ok {
		return domain.Conversation{}, false, err
	}
	c, ok, err := tx.ConversationWith(v.ChannelID, contact.ID)
	return c, ok && isOwnedBy(v, &c), err
}

// newItems makes items of the messages that the visitor may see.
func newItems(v *domain.Visitor, messages []domain.Message) (list []Item) {
	for i := range messages {
		if isVisibleTo(v, &messages[i]) {
			list = append(list, newItem(v, &messages[i]))
		}
	}
	return list
}

// isVisibleTo reports whether a visitor may see a message: their own, and ours once it was sent. What may be seen is
// listed, so that a new kind of message stays hidden until somebody decides otherwise.
func isVisibleTo(v *domain.Visitor, m *domain.Message) bool {
	if m.Deleted || m.Kind != domain.KindText && !m.Kind.IsMedia() {
		return false
	}
	switch m.Direction {
	case domain.Incoming:
		return strings.HasPrefix(m.VendorID, v.ID.String()+":")
	case domain.Outgoing:
		return m.State == domain.StateSent || m.State == domain.StateDelivered || m.State == domain.StateRead
	}
	return false
}

// newItem makes the item of a message that the visitor may see.
func newItem(v *domain.Visitor, m *domain.Message) Item {
	item := Item{ID: m.ID, Own: m.Direction == domain.Incoming, Text: m.Text, At: m.At}
	if item.Own {
		item.Said = strings.TrimPrefix(m.VendorID, v.ID.String()+":")
	} else {
		item.state = m.State
	}
	if m.Author.Kind == domain.ByOperator {
		item.Name = m.Author.Name
	}
	for _, a := range m.Attachments {
		item.Files = append(item.Files, ItemFile{
			Name: a.Name,
			MIME: a.MIME,
			Size: a.Size,
			Here: a.State == domain.FileStored,
		})
	}
	return item
}

// findLastSeen is LastSeen within a transaction.
func findLastSeen(tx *store.Tx, v *domain.Visitor, c *domain.Conversation) (string, error) {
	if c.Unread > 0 || c.LastInboundID.IsZero() {
		return "", nil
	}
	m, err := tx.Message(c.LastInboundID)
	if err != nil || !isVisibleTo(v, &m) {
		return "", err
	}
	return newItem(v, &m).Said, nil
}

// Owns reports whether a conversation is the visitor's. Of any other they may learn nothing.
func (s *Service) Owns(ctx context.Context, v domain.Visitor, conversation domain.ID) (own bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(conversation)
		own = err == nil && isOwnedBy(&v, &c)
		return domain.IgnoreNotFound(err)
	})
	return own, err
}

// ReadItem reads one message for its visitor; NotFound for any that they may not see.
func (s *Service) ReadItem(ctx context.Context, v domain.Visitor, id domain.ID) (item Item, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		m, err := findMessage(tx, &v, id)
		if err == nil {
			item = newItem(&v, &m)
		}
		return err
	})
	return item, err
}

// findMessage finds a message that the visitor may see; any other is NotFound.
func findMessage(tx *store.Tx, v *domain.Visitor, id domain.ID) (domain.Message, error) {
	m, err := tx.Message(id)
	if err != nil {
		return m, err
	}
	c, err := tx.Conversation(m.ConversationID)
	if err == nil && (!isOwnedBy(v, &c) || !isVisibleTo(v, &m)) {
		err = domain.ErrNotFound
	}
	return m, err
}

// LastSeen gives the visitor's newest message, by the id that their page gave it, when an operator has opened the
// conversation since; "" while it is not read.
func (s *Service) LastSeen(ctx context.Context, v domain.Visitor, conversation domain.ID) (seen string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(conversation)
		if err == nil && isOwnedBy(&v, &c) {
			seen, err = findLastSeen(tx, &v, &c)
		}
		return domain.IgnoreNotFound(err)
	})
	return seen, err
}

// MarkDelivered notes that the visitor's page has what the desk said, up to a message.
func (s *Service) MarkDelivered(ctx context.Context, v domain.Visitor, upTo domain.ID) error {
	return s.advanceThread(ctx, v, upTo, domain.StateDelivered)
}

// MarkRead notes that the visitor has what the desk said on their screen, up to a message.
func (s *Service) MarkRead(ctx context.Context, v domain.Visitor, upTo domain.ID) error {
	return s.advanceThread(ctx, v, upTo, domain.StateRead)
}

// advanceThread moves the desk's messages on up to one of them: what came after it, the page does not have. Nothing
// happens when the message is not among the newest of the visitor's conversation.
func (s *Service) advanceThread(ctx context.Context, v domain.Visitor, upTo domain.ID, state domain.MessageState) error {
	var items []Item
	err := s.store.View(ctx, func(tx *store.Tx) error {
		c, ok, err := findNewest(tx, &v)
		if err != nil || !ok {
			return err
		}
		messages, _, _, err := tx.Messages(c.ID, store.MessageRange{Limit: threadPart})
		items = newItems(&v, messages)
		return err
	})
	if err != nil {
		return err
	}
	last := slices.IndexFunc(items, func(i Item) bool { return i.ID == upTo })
	return s.advanceItems(ctx, items[:last+1], state)
}

// advanceBatch bounds how many messages one transaction moves on; older ones are moved on when the page tells again.
const advanceBatch = 20

// advanceItems moves the desk's messages on to delivered or read. Nothing is written when they all are there already.
func (s *Service) advanceItems(ctx context.Context, items []Item, state domain.MessageState) error {
	items = slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return i.Own || !i.state.CanAdvanceTo(state) })
	if len(items) == 0 {
		return nil
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		for _, item := range items[max(0, len(items)-advanceBatch):] {
			m, err := tx.Message(item.ID)
			if err != nil {
				return err
			}
			c, err := s.connections.Find(ctx, m.ChannelID)
			if err != nil {
				return err
			}
			if !thread.AdvanceState(&m, state, tx.Now, nil) {
				continue
			}
			if err := thread.PutMessage(tx, c, &m); err != nil {
				return err
			}
		}
		return nil
	})
}

// NoteTyping shows the operators that the visitor types, or has stopped. Before the first message there is no
// conversation to show it in.
func (s *Service) NoteTyping(ctx context.Context, v domain.Visitor, on bool) error {
	var c domain.Conversation
	var ok bool
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		c, ok, err = findNewest(tx, &v)
		return err
	})
	if err == nil && ok {
		s.hub.NoteCustomerTyping(c.ID, c.ChannelID, v.ID, c.Name, on, s.now())
	}
	return err
}
