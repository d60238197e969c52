package desk

import (
	"context"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

const (
	greetEvery  = 24 * time.Hour // at most one greeting of a channel to a person: two machines that greet each other would go on for ever
	greetWithin = 24 * time.Hour // a message that comes later than this, because the desk was off, is past being welcomed

	greetNews = 5 // lines of the vendor's news that may stand before a customer's first words
)

// Greets tells whether the channel can have a greeting.
func (s *ChannelSettings) Greets() bool { return s.Trouble == nil && s.Capabilities.CanGreet() }

// GreetingLimit bounds the channel's greeting in characters.
func (s *ChannelSettings) GreetingLimit() int { return s.Capabilities.GreetingLimit() }

// SetChannelGreeting changes what a channel says to a customer who begins a conversation. Administrators only; Invalid names the
// fields at fault, a channel that cannot greet is NotFound.
func (d *Desk) SetChannelGreeting(ctx context.Context, who *domain.Operator, id domain.ID, g domain.Greeting) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	c, err := d.connection(ctx, id)
	if err != nil {
		return err
	}
	if !c.IsUsable() || !c.Capabilities().CanGreet() {
		return domain.ErrNotFound
	}
	if g, err = g.Clean(c.Capabilities().GreetingLimit()); err != nil {
		return err
	}
	return d.changeChannel(ctx, id, func(_ *store.Tx, c *domain.Channel) error {
		c.Greeting = g
		return nil
	})
}

// welcomes tells whether an item calls for the channel's greeting. It is asked before the item is counted.
func welcomes(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation, in carrier.InboundMessage) (bool, error) {
	if !c.Channel.Greeting.On || !c.IsInService() || !c.Capabilities().CanGreet() || !welcome(in) || tx.Now.Sub(in.At) >= greetWithin {
		return false, nil
	}
	return begins(tx, conversation)
}

// welcome tells whether somebody said it to us themselves, here and now: a machine is not greeted, nor is a reaction, nor somebody in
// whose name perhaps another one writes, who would get our answer to a letter they never sent.
func welcome(in carrier.InboundMessage) bool {
	said := in.From == domain.ByCustomer && in.Kind != domain.KindSystem && in.Emoji == ""
	return said && !in.History && !in.Automatic && !in.Answered && (in.Mail == nil || !in.Mail.Unverified)
}

// begins tells whether nobody said anything in the conversation yet. What a vendor tells, such as a missed call, may stand before a
// customer's first words.
func begins(tx *store.Tx, conversation *domain.Conversation) (bool, error) {
	if conversation.MessageCount == 0 {
		return true, nil
	}
	if conversation.MessageCount > greetNews || !conversation.LastInboundID.IsZero() {
		return false, nil
	}
	list, older, _, err := tx.Messages(conversation.ID, store.MessageRange{Limit: 2 * greetNews})
	said := func(m domain.Message) bool { return m.Kind != domain.KindSystem && m.Kind != domain.KindActivity }
	return older == "" && !slices.ContainsFunc(list, said), err
}

// greet sends the channel's greeting, unless the person had it a short while ago or the channel would not carry it. It is stored with
// what it answers, so that it is neither lost nor sent twice. Nobody answered by it: the customer still waits, the conversation is
// nobody's, and the chats table goes on showing what the customer said.
func (d *Desk) greet(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
	caps := c.Capabilities()
	contact, err := tx.Contact(conversation.ContactID)
	if err != nil || !conversation.IsWindowOpen(caps.Window, caps.WindowMargin, tx.Now) || greeted(&contact, c.Channel.ID, tx.Now) {
		return err
	}
	m, err := greeting(tx, c, conversation)
	if err != nil {
		return err
	}
	if err := c.Check(envelope(&m)); err != nil {
		d.log.Warn("desk: the channel does not carry its greeting", "channel", c.Channel.Key, "err", err)
		return nil
	}
	noteGreeted(&contact, c.Channel.ID, tx.Now)
	if err := tx.PutContact(&contact); err != nil {
		return err
	}
	if err := tx.PutMessage(&m, c.Channel.Short); err != nil {
		return err
	}
	if err := tx.Enqueue(deliverJob(&m)); err != nil {
		return err
	}
	tx.Record(domain.Event{Kind: domain.EventMessageAdded, ChannelID: c.Channel.ID, ConversationID: conversation.ID, MessageID: m.ID})
	conversation.MessageCount++
	return tx.PutConversation(conversation, &c.Channel)
}

// greeting is the message: nobody's of the staff, a moment after what it answers.
func greeting(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) (domain.Message, error) {
	m := domain.Message{
		ID: tx.NewID(), ConversationID: conversation.ID, ChannelID: conversation.ChannelID, At: tx.Now.Add(time.Millisecond),
		Direction: domain.Outgoing, Author: domain.Author{Kind: domain.BySystem}, Kind: domain.KindText, Text: c.Channel.Greeting.Text,
		State: domain.StateQueued, StateAt: tx.Now, ReceivedAt: tx.Now,
	}
	if !c.Capabilities().Mail {
		return m, nil
	}
	m.Mail = &domain.Mail{
		Subject: conversation.Subject, From: domain.MailAddress{Address: c.Channel.Account},
		To:        []domain.MailAddress{{Name: conversation.Name, Address: conversation.To.Value}},
		MessageID: domain.MailID(m.ID, c.Channel.Account), Date: tx.Now,
	}
	return m, follow(tx, conversation, &m)
}

// greeted tells whether the channel greeted the person lately.
func greeted(contact *domain.Contact, channel domain.ID, now time.Time) bool {
	at, ok := contact.Greeted[channel.String()]
	return ok && now.Sub(at) < greetEvery
}

// noteGreeted remembers that the channel greeted the person, and forgets what no longer matters.
func noteGreeted(contact *domain.Contact, channel domain.ID, now time.Time) {
	lately := map[string]time.Time{channel.String(): now}
	for id, at := range contact.Greeted {
		if id != channel.String() && now.Sub(at) < greetEvery {
			lately[id] = at
		}
	}
	contact.Greeted = lately
}
