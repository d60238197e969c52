package inbound

import (
	"cmp"
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/files"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// receiveMessage stores one item that a vendor tells: a message, a reaction, a correction or a deletion. A repeat,
// which has the same vendor's id, changes nothing.
func (s *Service) receiveMessage(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	in.At = thread.ClampVendorTime(in.At, tx.Now)
	stored, seen, err := tx.MessageByVendorID(c.Channel.ID, in.VendorID)
	if err != nil {
		return err
	}
	if seen {
		return completeMessage(tx, c, stored, in)
	}
	switch {
	case in.Edit:
		return receiveEdit(tx, c, in)
	case in.Delete:
		return receiveDeletion(tx, c, in)
	case in.Kind == domain.KindReaction:
		return s.receiveReaction(tx, c, in)
	case in.Mail != nil:
		return s.receiveLetter(tx, c, in)
	}
	if c.Capabilities().Visitors {
		if err := keepVisitorApart(tx, &in.Contact); err != nil {
			return err
		}
	}
	contact, err := thread.LearnContact(tx, in)
	if err != nil {
		return err
	}
	conversation, err := findOrAddConversation(tx, c, &contact, in)
	if err != nil {
		return err
	}
	if err := enqueueProfile(tx, c, &contact, &conversation); err != nil {
		return err
	}
	word := readConsent(c, in)
	if word != "" {
		in.Answered = true // who wants to be left alone is not greeted, nor who comes back from that
	}
	if err := s.addMessage(tx, c, &conversation, in); err != nil || word == "" {
		return err
	}
	return heedConsent(tx, c, contact.ID, word)
}

// completeMessage completes a stored message by a second item with the same vendor's id: one that came by a poll, or a
// placeholder of what the vendor could not yet show. Any other repeat changes nothing.
func completeMessage(tx *store.Tx, c *carrier.Connection, id domain.ID, in carrier.InboundMessage) error {
	if id.IsZero() {
		return nil
	}
	m, err := tx.Message(id)
	if err == nil && m.Polled && !in.Polled && m.VendorID == in.VendorID {
		return enrichPolled(tx, c, m, in)
	}
	if err != nil || len(in.Attachments) == 0 || m.Kind != domain.KindUnsupported || m.VendorID != in.VendorID {
		return err
	}
	m.Kind, m.Text, m.Attachments, m.Raw = in.Kind, in.Text, in.Attachments, in.Raw
	if err := files.EnqueueFetches(tx, &m); err != nil {
		return err
	}
	return thread.PutMessage(tx, c, &m)
}

// findOrAddConversation finds the contact's conversation on the channel or makes a new one, not stored yet. A closed
// one is final: when the customer writes, another begins.
func findOrAddConversation(
	tx *store.Tx,
	c *carrier.Connection,
	contact *domain.Contact,
	in carrier.InboundMessage,
) (domain.Conversation, error) {
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil {
		return conversation, err
	}
	if !ok || conversation.Status == domain.StatusClosed && in.From == domain.ByCustomer && !in.History {
		return thread.NewConversation(tx, c, contact, chooseAnswerAddress(in), in.At)
	}
	if in.From == domain.ByCustomer {
		conversation.To = chooseAnswerAddress(in)
	}
	thread.NameConversation(&conversation, contact)
	return conversation, nil
}

// chooseAnswerAddress gives where answers go: to the new identity of a customer who changed theirs, else to the one
// they wrote from.
func chooseAnswerAddress(in carrier.InboundMessage) domain.Identity {
	if in.Renamed != nil && len(in.Renamed.Identities) > 0 {
		return in.Renamed.Identities[0]
	}
	return in.Contact.Identities[0]
}

// addMessage stores a new message of a conversation, moves the conversation on, and raises MessageReceived.
func (s *Service) addMessage(
	tx *store.Tx,
	c *carrier.Connection,
	conversation *domain.Conversation,
	in carrier.InboundMessage,
) error {
	m := newMessage(tx, conversation, in)
	if err := linkQuoted(tx, &m, in.ReplyTo); err != nil {
		return err
	}
	if err := files.EnqueueFetches(tx, &m); err != nil {
		return err
	}
	if err := files.ClaimStored(tx, &m); err != nil {
		return err
	}
	fresh := in.From == domain.ByCustomer && !in.History && !in.Automatic
	if err := thread.AddMessage(tx, c, conversation, &m, fresh); err != nil {
		return err
	}
	before := *conversation
	reopened := advanceConversation(conversation, &m, in)
	if err := thread.PutConversation(tx, c, conversation); err != nil {
		return err
	}
	if reopened {
		if err := thread.AddNote(tx, c, conversation, "activity.reopened", nil); err != nil {
			return err
		}
	}
	return s.thread.RaiseWithChanges(tx, before, thread.Occurrence{
		Kind:         thread.MessageReceived,
		Connection:   c,
		Conversation: conversation,
		Message:      &m,
		Inbound:      &in,
	})
}

// timeOf is the time by which an item is sorted in its conversation. What is imported stays where it was said.
func timeOf(tx *store.Tx, conversation *domain.Conversation, in carrier.InboundMessage) time.Time {
	at := thread.TimeInThread(in.At, tx.Now)
	if in.History {
		return at
	}
	return thread.TimeAfter(conversation, at, tx.Now)
}

// newMessage makes the message of an item, without what it quotes.
func newMessage(tx *store.Tx, conversation *domain.Conversation, in carrier.InboundMessage) domain.Message {
	m := domain.Message{
		ID:             tx.NewID(),
		ConversationID: conversation.ID,
		ChannelID:      conversation.ChannelID,
		At:             timeOf(tx, conversation, in),
		Direction:      domain.Incoming,
		Author:         domain.Author{Kind: in.From, Name: conversation.Name},
		Kind:           in.Kind,
		Text:           in.Text,
		Attachments:    in.Attachments,
		Location:       in.Location,
		Cards:          in.Cards,
		Order:          in.Order,
		Choice:         in.Choice,
		Referral:       in.Referral,
		Forwarded:      in.Forwarded,
		ReplyToVendor:  in.ReplyTo,
		State:          domain.StateReceived,
		VendorID:       in.VendorID,
		VendorAt:       in.At,
		ReceivedAt:     tx.Now,
		Raw:            in.Raw,
		ActivityCode:   in.Key,
		Polled:         in.Polled,
	}
	if in.Mail != nil {
		m.Mail, m.Author.Name = in.Mail, cmp.Or(
			domain.Clip(domain.LegibleName(in.Mail.From.Name), 120),
			in.Mail.From.Address,
		)
	}
	if in.From == domain.ByPhone || in.From == domain.BySystem {
		m.Direction, m.Author.Name, m.State = domain.Outgoing, "", domain.StateSent
	}
	return m
}

// linkQuoted links a message to the one it answers, by the vendor's id, when that one is stored.
func linkQuoted(tx *store.Tx, m *domain.Message, vendorID string) error {
	id, found, err := tx.MessageByVendorID(m.ChannelID, vendorID)
	if found {
		m.ReplyTo = id
	}
	return err
}

// advanceConversation moves a conversation on by a message that came in, or that staff wrote on the business telephone,
// and reports whether that reopened a resolved one. The conversation is not stored.
func advanceConversation(c *domain.Conversation, m *domain.Message, in carrier.InboundMessage) (reopened bool) {
	aside := in.From == domain.BySystem && !c.LastMessage.ID.IsZero() // the chats table shows what people said
	if !m.At.Before(c.LastMessage.At) && !aside {
		c.Show(m)
	}
	if in.History {
		return false
	}
	if in.From == domain.ByPhone {
		c.WaitingSince, c.Unread = time.Time{}, 0
		return false
	}
	if in.Opens && (in.At.After(c.LastInbound) || c.LastInbound.After(m.ReceivedAt)) {
		c.LastInbound = in.At
	}
	if in.Kind == domain.KindSystem || in.From == domain.BySystem {
		return false
	}
	if in.Automatic {
		c.Unread++ // it came from a machine, so nobody waits for an answer
		if c.LastInboundID.IsZero() {
			c.LastInboundID = m.ID
		}
		return false
	}
	return thread.StartWaiting(c, m, in.At)
}

// receiveReaction adds a reaction to the message that it is about. When that one is not stored the reaction becomes a
// message of its own: a thumbs-up may be the whole answer.
func (s *Service) receiveReaction(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	id, found, err := tx.MessageByVendorID(c.Channel.ID, in.Target)
	if err != nil {
		return err
	}
	if !found || id.IsZero() {
		if in.Emoji == "" {
			return tx.MarkSeen(c.Channel.ID, in.VendorID, domain.ID{})
		}
		in.Kind, in.Text = domain.KindText, in.Emoji
		return s.receiveMessage(tx, c, in)
	}
	from := domain.Incoming
	if in.From == domain.ByPhone {
		from = domain.Outgoing
	}
	if in.Opens {
		if err := openWindow(tx, c, in); err != nil {
			return err
		}
	}
	return changeMessage(tx, c, in, id, func(m *domain.Message) {
		thread.SetReaction(m, domain.Reaction{Emoji: in.Emoji, From: from, At: in.At})
	})
}

// receiveEdit replaces the text of a message that its author corrected; the text before is kept.
func receiveEdit(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	return changeTarget(tx, c, in, func(m *domain.Message) {
		if m.Text != in.Text {
			m.Edited, m.Text = append(m.Edited, m.Text), in.Text
		}
	})
}

// receiveDeletion marks a message that its author took back. Operators can still read the text.
func receiveDeletion(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	return changeTarget(tx, c, in, func(m *domain.Message) { m.Deleted = true })
}

// changeTarget is changeMessage for the message that an item names; when that one is not stored only the item's id is.
func changeTarget(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage, change func(*domain.Message)) error {
	id, found, err := tx.MessageByVendorID(c.Channel.ID, in.Target)
	if err != nil {
		return err
	}
	if !found || id.IsZero() {
		return tx.MarkSeen(c.Channel.ID, in.VendorID, domain.ID{})
	}
	return changeMessage(tx, c, in, id, change)
}

// changeMessage changes a stored message by an item of a vendor, and stores that the item was seen.
func changeMessage(
	tx *store.Tx,
	c *carrier.Connection,
	in carrier.InboundMessage,
	id domain.ID,
	change func(*domain.Message),
) error {
	m, err := tx.Message(id)
	if err != nil {
		return err
	}
	change(&m)
	if err := tx.MarkSeen(c.Channel.ID, in.VendorID, id); err != nil {
		return err
	}
	return thread.PutMessage(tx, c, &m)
}

// receiveChange acts on what a vendor tells of a channel and not of a message. When templates changed, those of every
// channel of the same business account are fetched again; the rest is only logged.
func (s *Service) receiveChange(ctx context.Context, tx *store.Tx, via *carrier.Connection, ch carrier.Change) error {
	if ch.Kind != carrier.TemplatesChanged {
		s.log.Info("inbound: a channel changed at its vendor", "channel", via.Channel.Key, "kind", ch.Kind)
		return nil
	}
	all, err := s.connections.ListAll(ctx)
	if err != nil {
		return err
	}
	for id, c := range all {
		if c.Channel.Driver != via.Channel.Driver || c.Channel.Business != via.Channel.Business {
			continue
		}
		if err := tx.Enqueue(domain.Job{
			Kind:    domain.JobTemplates,
			Queue:   connections.VendorQueue(id),
			Subject: id,
		}); err != nil {
			return err
		}
	}
	return nil
}

// openWindow notes that the customer did something after which the vendor lets us write freely for a while.
func openWindow(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	contact, ok, err := tx.ContactByIdentity(in.Contact.Identities[0])
	if err != nil || !ok {
		return err
	}
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil || !ok || !in.At.After(conversation.LastInbound) {
		return err
	}
	conversation.LastInbound = in.At
	return thread.PutConversation(tx, c, &conversation)
}
