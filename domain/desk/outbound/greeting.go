package outbound

import (
	"log/slog"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/letters"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Bounds of greetings.
const (
	// at most one greeting of a channel to a person: two machines that greet each other would go on for ever
	greetInterval = 24 * time.Hour
	// a message that comes later than this, because the desk was off, is past being welcomed
	greetMaxAge = 24 * time.Hour

	maxNewsBefore = 5 // entries that a vendor made which may stand before a customer's first words
)

// NewGreeting makes the reaction by which a channel greets whoever begins a conversation.
func NewGreeting(log *slog.Logger) thread.Reaction {
	return thread.Reaction{
		Name: "greeting",
		On:   []thread.OccurrenceKind{thread.MessageReceived},
		React: func(tx *store.Tx, o thread.Occurrence) error {
			if ok, err := isGreetingWanted(tx, o); err != nil || !ok {
				return err
			}
			return sendGreeting(tx, log, o.Connection, o.Conversation)
		},
	}
}

// isGreetingWanted reports whether the channel greets, and what was received begins a conversation here and now.
func isGreetingWanted(tx *store.Tx, o thread.Occurrence) (bool, error) {
	c, in := o.Connection, o.Inbound
	if o.Conversation.Refuses != "" { // who wants to be left alone is
		return false, nil
	}
	if !c.Channel.Greeting.On || !c.IsInService() || !c.Capabilities().CanGreet() || !isSaidHere(in) ||
		tx.Now.Sub(in.At) >= greetMaxAge {
		return false, nil
	}
	// What was said before the data were restored may have been greeted, after the backup was made.
	if restored, err := tx.RestoredAt(); err != nil || in.At.Before(restored) {
		return false, err
	}
	return isFirstWord(tx, o.Conversation, o.Message.ID)
}

// isSaidHere reports whether the customer themselves said something to us just now. Machines and reactions are not
// greeted, nor is the sender of a letter that somebody else may have written in their name: they would get an answer to
// what they never sent.
func isSaidHere(in *carrier.InboundMessage) bool {
	said := in.From == domain.ByCustomer && in.Kind != domain.KindSystem && in.Emoji == ""
	return said && !in.History && !in.Automatic && !in.Answered && (in.Mail == nil || !in.Mail.Unverified)
}

// isFirstWord reports whether a message is the first in its conversation that somebody said. Up to maxNewsBefore
// entries that a vendor made, such as a missed call, may stand before it.
func isFirstWord(tx *store.Tx, conversation *domain.Conversation, id domain.ID) (bool, error) {
	if conversation.MessageCount == 1 {
		return true, nil
	}
	if conversation.MessageCount > maxNewsBefore+1 {
		return false, nil
	}
	list, older, _, err := tx.Messages(conversation.ID, store.MessageRange{Limit: 2 * (maxNewsBefore + 1)})
	said := func(m domain.Message) bool {
		return m.ID != id && m.Kind != domain.KindSystem && m.Kind != domain.KindActivity
	}
	return older == "" && !slices.ContainsFunc(list, said), err
}

// sendGreeting stores the channel's greeting and has it delivered, unless the person had it a short while ago or the
// channel would not carry it. It is one commit with what it answers, so that it is neither lost nor sent twice. It is
// no answer: the customer still waits, nobody becomes responsible, and the chats table goes on showing what the
// customer said.
func sendGreeting(tx *store.Tx, log *slog.Logger, c *carrier.Connection, conversation *domain.Conversation) error {
	caps := c.Capabilities()
	contact, err := tx.Contact(conversation.ContactID)
	if err != nil || !conversation.IsWindowOpen(caps.Window, caps.WindowMargin, tx.Now) ||
		wasGreeted(&contact, c.Channel.ID, tx.Now) {
		return err
	}
	m, err := newGreeting(tx, c, conversation)
	if err != nil {
		return err
	}
	if err := c.Check(newEnvelope(&m)); err != nil {
		log.Warn("outbound: the channel does not carry its greeting", "channel", c.Channel.Key, "err", err)
		return nil
	}
	rememberGreeting(&contact, c.Channel.ID, tx.Now)
	if err := tx.PutContact(&contact); err != nil {
		return err
	}
	if err := enqueueDelivery(tx, &m); err != nil {
		return err
	}
	if err := thread.AddMessage(tx, c, conversation, &m, false); err != nil {
		return err
	}
	return thread.PutConversation(tx, c, conversation)
}

// newGreeting makes the message. No operator is its author, and it stands a moment after what it answers.
func newGreeting(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) (domain.Message, error) {
	m := domain.Message{
		ID:             tx.NewID(),
		ConversationID: conversation.ID,
		ChannelID:      conversation.ChannelID,
		At:             thread.TimeAfter(conversation, tx.Now, tx.Now).Add(time.Millisecond),
		Direction:      domain.Outgoing,
		Author:         domain.Author{Kind: domain.BySystem},
		Kind:           domain.KindText,
		Text:           c.Channel.Greeting.Text,
		State:          domain.StateQueued,
		StateAt:        tx.Now,
		ReceivedAt:     tx.Now,
	}
	if !c.Capabilities().Mail {
		return m, nil
	}
	m.Mail = &domain.Mail{
		Subject: conversation.Subject, From: domain.MailAddress{Address: c.Channel.Account},
		To:        []domain.MailAddress{{Name: conversation.Name, Address: conversation.To.Value}},
		MessageID: domain.MailID(m.ID, c.Channel.Account), Date: tx.Now,
	}
	return m, letters.FollowThread(tx, conversation, &m)
}

// isLately reports whether a greeting was within greetInterval, and not while the clock was far ahead.
func isLately(at, now time.Time) bool {
	return !domain.IsDue(at.Add(greetInterval), now, greetInterval+time.Hour)
}

// wasGreeted reports whether the channel greeted the person within greetInterval.
func wasGreeted(contact *domain.Contact, channel domain.ID, now time.Time) bool {
	at, ok := contact.Greeted[channel.String()]
	return ok && isLately(at, now)
}

// rememberGreeting notes that the channel greeted the person, and drops greetings that are older than greetInterval.
func rememberGreeting(contact *domain.Contact, channel domain.ID, now time.Time) {
	lately := map[string]time.Time{channel.String(): now}
	for id, at := range contact.Greeted {
		if id != channel.String() && isLately(at, now) {
			lately[id] = at
		}
	}
	contact.Greeted = lately
}
