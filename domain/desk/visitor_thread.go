package desk

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// VisitorItem is one message as its visitor may see it: nothing of what the desk knows besides.
type VisitorItem struct {
	ID      domain.ID
	Said    string // what the visitor's page called it; "" for what we said
	Own     bool
	Name    string // of the operator who wrote it; "" for the visitor's own and for what the desk says by itself
	Text    string
	At      time.Time
	Files   []VisitorItemFile
	deliver domain.MessageState // how far it is known to have come
}

// VisitorItemFile is a file of a message. Its number within the message is its address.
type VisitorItemFile struct {
	Name string
	MIME string
	Size int64
	Here bool // it can be opened
}

// VisitorThread is a visitor's conversation.
type VisitorThread struct {
	Seq   uint64 // number of the newest event when it was read: the live stream goes on from there
	Items []VisitorItem
	Seen  string // the visitor's newest message that an operator has read, by its page's name; "" = none
}

// visitorPart is how many messages a visitor's page shows.
const visitorPart = 100

// VisitorThread reads the newest part of what a visitor and the desk said to each other, and notes that it reached them.
func (d *Desk) VisitorThread(ctx context.Context, v domain.Visitor) (t VisitorThread, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		if t.Seq, err = tx.Seq(); err != nil {
			return err
		}
		list, err := visitorConversations(tx, &v)
		if err != nil {
			return err
		}
		for _, conversation := range slices.Backward(list) {
			messages, _, _, err := tx.Messages(conversation.ID, store.MessageRange{Limit: visitorPart - len(t.Items)})
			if err != nil {
				return err
			}
			t.Items = append(visitorItems(&v, messages), t.Items...)
			if len(t.Items) >= visitorPart {
				break
			}
		}
		if n := len(list); n > 0 {
			t.Seen, err = seenBy(tx, &v, &list[n-1])
		}
		return err
	})
	if err == nil {
		err = d.reach(ctx, t.Items, domain.StateDelivered)
	}
	return t, err
}

// visitorConversations are the visitor's own conversations, the oldest first. A contact may have others, on this channel too when
// somebody merged two people: those are not shown.
func visitorConversations(tx *store.Tx, v *domain.Visitor) (list []domain.Conversation, err error) {
	contact, ok, err := tx.ContactByIdentity(v.Identity())
	if err != nil || !ok {
		return nil, err
	}
	ids, err := tx.ConversationsOf(contact.ID)
	if err != nil {
		return nil, err
	}
	all, err := tx.Conversations(ids)
	return slices.DeleteFunc(all, func(c domain.Conversation) bool { return !ownedBy(v, &c) }), err
}

func ownedBy(v *domain.Visitor, c *domain.Conversation) bool {
	return c.ChannelID == v.ChannelID && c.To == v.Identity()
}

// newestOf is the visitor's newest conversation.
func newestOf(tx *store.Tx, v *domain.Visitor) (domain.Conversation, bool, error) {
	contact, ok, err := tx.ContactByIdentity(v.Identity())
	if err != nil || !ok {
		return domain.Conversation{}, false, err
	}
	c, ok, err := tx.ConversationWith(v.ChannelID, contact.ID)
	return c, ok && ownedBy(v, &c), err
}

func visitorItems(v *domain.Visitor, messages []domain.Message) (list []VisitorItem) {
	for i := range messages {
		if visibleTo(v, &messages[i]) {
			list = append(list, visitorItem(v, &messages[i]))
		}
	}
	return list
}

// visibleTo is what a visitor may see, named one by one so that a new kind of message stays hidden until somebody decides: their
// own words, and ours once they have left the desk.
func visibleTo(v *domain.Visitor, m *domain.Message) bool {
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

func visitorItem(v *domain.Visitor, m *domain.Message) VisitorItem {
	item := VisitorItem{ID: m.ID, Own: m.Direction == domain.Incoming, Text: m.Text, At: m.At}
	if item.Own {
		item.Said = strings.TrimPrefix(m.VendorID, v.ID.String()+":")
	} else {
		item.deliver = m.State
	}
	if m.Author.Kind == domain.ByOperator {
		item.Name = m.Author.Name
	}
	for _, a := range m.Attachments {
		item.Files = append(item.Files, VisitorItemFile{Name: a.Name, MIME: a.MIME, Size: a.Size, Here: a.State == domain.FileStored})
	}
	return item
}

// seenBy is the visitor's newest message when an operator has opened the conversation since.
func seenBy(tx *store.Tx, v *domain.Visitor, c *domain.Conversation) (string, error) {
	if c.Unread > 0 || c.LastInboundID.IsZero() {
		return "", nil
	}
	m, err := tx.Message(c.LastInboundID)
	if err != nil || !visibleTo(v, &m) {
		return "", err
	}
	return visitorItem(v, &m).Said, nil
}

// VisitorOwns tells whether a conversation is the visitor's: only then may they learn anything of it.
func (d *Desk) VisitorOwns(ctx context.Context, v domain.Visitor, conversation domain.ID) (own bool, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(conversation)
		own = err == nil && ownedBy(&v, &c)
		return domain.IgnoreNotFound(err)
	})
	return own, err
}

// VisitorItem reads one message for its visitor and notes that it reached them; NotFound for any that they may not see.
func (d *Desk) VisitorItem(ctx context.Context, v domain.Visitor, id domain.ID) (item VisitorItem, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		m, err := visitorMessage(tx, &v, id)
		if err == nil {
			item = visitorItem(&v, &m)
		}
		return err
	})
	if err == nil {
		err = d.reach(ctx, []VisitorItem{item}, domain.StateDelivered)
	}
	return item, err
}

func visitorMessage(tx *store.Tx, v *domain.Visitor, id domain.ID) (domain.Message, error) {
	m, err := tx.Message(id)
	if err != nil {
		return m, err
	}
	c, err := tx.Conversation(m.ConversationID)
	if err == nil && (!ownedBy(v, &c) || !visibleTo(v, &m)) {
		err = domain.ErrNotFound
	}
	return m, err
}

// VisitorSeen is the visitor's newest message that an operator has read, by its page's name; "" when the newest is not read yet.
func (d *Desk) VisitorSeen(ctx context.Context, v domain.Visitor, conversation domain.ID) (seen string, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(conversation)
		if err == nil && ownedBy(&v, &c) {
			seen, err = seenBy(tx, &v, &c)
		}
		return domain.IgnoreNotFound(err)
	})
	return seen, err
}

// VisitorRead notes that the visitor has what we said before their eyes.
func (d *Desk) VisitorRead(ctx context.Context, v domain.Visitor) error {
	var items []VisitorItem
	err := d.store.View(ctx, func(tx *store.Tx) error {
		c, ok, err := newestOf(tx, &v)
		if err != nil || !ok {
			return err
		}
		messages, _, _, err := tx.Messages(c.ID, store.MessageRange{Limit: visitorPart})
		items = visitorItems(&v, messages)
		return err
	})
	if err != nil {
		return err
	}
	return d.reach(ctx, items, domain.StateRead)
}

// reach moves our messages on to delivered or read. What is there already costs no write.
func (d *Desk) reach(ctx context.Context, items []VisitorItem, state domain.MessageState) error {
	items = slices.DeleteFunc(slices.Clone(items), func(i VisitorItem) bool { return i.Own || !i.deliver.CanAdvanceTo(state) })
	if len(items) == 0 {
		return nil
	}
	return d.store.Update(ctx, func(tx *store.Tx) error {
		for _, item := range items[max(0, len(items)-reachAtOnce):] {
			m, err := tx.Message(item.ID)
			if err != nil {
				return err
			}
			c, err := d.connection(ctx, m.ChannelID)
			if err != nil {
				return err
			}
			if !progress(&m, state, tx.Now, nil) {
				continue
			}
			if err := putMessage(tx, c, &m); err != nil {
				return err
			}
		}
		return nil
	})
}

// reachAtOnce keeps one transaction small; older ones are moved on with the next look.
const reachAtOnce = 20

// VisitorTyping tells the operators that the visitor types, or stopped. Before the first message there is nobody to tell.
func (d *Desk) VisitorTyping(ctx context.Context, v domain.Visitor, on bool) error {
	var c domain.Conversation
	var ok bool
	err := d.store.View(ctx, func(tx *store.Tx) (err error) {
		c, ok, err = newestOf(tx, &v)
		return err
	})
	if err == nil && ok {
		d.hub.NoteCustomerTyping(c.ID, c.ChannelID, v.ID, c.Name, on, d.now())
	}
	return err
}

// pageAddress is the address of a page as the operators see it: of the web, without what follows the hash, which may hold secrets.
func pageAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return domain.Clip(u.String(), 500)
}
