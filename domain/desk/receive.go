package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// receive stores one inbound item, whatever happens how often: the vendor's id makes a repeat change nothing.
func (d *Desk) receive(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	in.At = believable(in.At, tx.Now)
	known, seen, err := tx.MessageByVendorID(c.Channel.ID, in.VendorID)
	if err != nil {
		return err
	}
	if seen {
		return complete(tx, c, known, in)
	}
	switch {
	case in.Edit:
		return edited(tx, c, in)
	case in.Delete:
		return deleted(tx, c, in)
	case in.Kind == domain.KindReaction:
		return d.reacted(tx, c, in)
	case in.Mail != nil:
		return d.receiveLetter(tx, c, in)
	}
	if c.Capabilities().Visitors {
		if err := keepApart(tx, &in.Contact); err != nil {
			return err
		}
	}
	contact, err := contactOf(tx, in)
	if err != nil {
		return err
	}
	conversation, err := conversationOf(tx, c, &contact, in)
	if err != nil {
		return err
	}
	if err := introduce(tx, c, &contact, &conversation); err != nil {
		return err
	}
	return d.add(tx, c, &conversation, in)
}

// complete replaces a placeholder by what the vendor sent in its place later, under the same id; anything else that comes
// twice changes nothing.
func complete(tx *store.Tx, c *carrier.Connection, id domain.ID, in carrier.InboundMessage) error {
	if id.IsZero() {
		return nil
	}
	m, err := tx.Message(id)
	if err == nil && m.Polled && !in.Polled && m.VendorID == in.VendorID {
		return enrich(tx, c, m, in)
	}
	if err != nil || len(in.Attachments) == 0 || m.Kind != domain.KindUnsupported || m.VendorID != in.VendorID {
		return err
	}
	m.Kind, m.Text, m.Attachments, m.Raw = in.Kind, in.Text, in.Attachments, in.Raw
	if err := fetchAll(tx, &m); err != nil {
		return err
	}
	return putMessage(tx, c, &m)
}

// fetchAll enqueues the download of every file the vendor still has.
func fetchAll(tx *store.Tx, m *domain.Message) error {
	for i := range m.Attachments {
		if m.Attachments[i].State != domain.FileFetching {
			continue
		}
		if err := tx.Enqueue(fetchJob(m, i)); err != nil {
			return err
		}
	}
	return nil
}

// contactOf finds the person by any of the ids the vendor gave, learns the others, or makes a new contact.
func contactOf(tx *store.Tx, in carrier.InboundMessage) (domain.Contact, error) {
	ids := slices.Clone(in.Contact.Identities)
	if in.Renamed != nil {
		ids = append(ids, in.Renamed.Identities...)
	}
	var contact domain.Contact
	var free []domain.Identity // nobody's yet
	for _, id := range ids {
		found, ok, err := tx.ContactByIdentity(id)
		if err != nil {
			return contact, err
		}
		switch {
		case !ok:
			free = append(free, id)
		case contact.ID.IsZero():
			contact = found
		}
	}
	isNew := contact.ID.IsZero()
	if isNew {
		contact = domain.Contact{ID: tx.NewID(), CreatedAt: tx.Now}
	}
	changed := contact.Learn(free...)
	if learnName(&contact, in.Contact) || changed || isNew {
		contact.UpdatedAt = tx.Now
		return contact, tx.PutContact(&contact)
	}
	return contact, nil
}

// learnName takes the profile's name over, unless an operator wrote a better one.
func learnName(c *domain.Contact, p carrier.Person) (changed bool) {
	if name := domain.Clip(domain.LegibleName(p.Name), 120); name != "" && name != c.Name && !c.NameEdited {
		c.Name, changed = name, true
	}
	if p.Username != "" && p.Username != c.Username {
		c.Username, changed = domain.Clip(p.Username, 80), true
	}
	return learnDetails(c, p) || changed
}

// learnDetails keeps what the person told besides their name; what is not told again stays.
func learnDetails(c *domain.Contact, p carrier.Person) (changed bool) {
	if p.Language.IsValid() && p.Language != c.Language {
		c.Language, changed = p.Language, true
	}
	for label, value := range p.Details {
		if value = domain.Clip(strings.TrimSpace(value), 500); value == "" || c.Details[label] == value {
			continue
		}
		if c.Details == nil {
			c.Details = map[string]string{}
		}
		c.Details[label], changed = value, true
	}
	return changed
}

// conversationOf finds the contact's conversation on the channel. A closed one is final: a new message begins another.
func conversationOf(tx *store.Tx, c *carrier.Connection, contact *domain.Contact, in carrier.InboundMessage) (domain.Conversation, error) {
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil {
		return conversation, err
	}
	if !ok || conversation.Status == domain.StatusClosed && in.From == domain.ByCustomer && !in.History {
		return newConversation(tx, c, contact, answerTo(in), in.At)
	}
	conversation.Name, conversation.Address = contact.Title(), address(contact)
	if in.From == domain.ByCustomer {
		conversation.To = answerTo(in)
	}
	return conversation, nil
}

// answerTo is where an answer goes: the new id of somebody who changed theirs, else the one they wrote from.
func answerTo(in carrier.InboundMessage) domain.Identity {
	if in.Renamed != nil && len(in.Renamed.Identities) > 0 {
		return in.Renamed.Identities[0]
	}
	return in.Contact.Identities[0]
}

// newConversation begins a conversation; it is stored with its first message.
func newConversation(tx *store.Tx, c *carrier.Connection, contact *domain.Contact, to domain.Identity, at time.Time) (domain.Conversation, error) {
	number, err := tx.NextNumber("conversation")
	return domain.Conversation{
		ID: tx.NewID(), Number: number, ChannelID: c.Channel.ID, ContactID: contact.ID, To: to,
		Name: contact.Title(), Address: address(contact), Status: domain.StatusNew, CreatedAt: at, ActiveAt: at,
	}, err
}

func address(c *domain.Contact) string {
	if phone := c.Phone(); phone != "" {
		return phone
	}
	if c.Username != "" {
		return "@" + c.Username
	}
	return c.Mail()
}

// add stores the message and what follows from it.
func (d *Desk) add(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation, in carrier.InboundMessage) error {
	m := inbound(tx, conversation, in)
	if err := quote(tx, &m, in.ReplyTo); err != nil {
		return err
	}
	if err := fetchAll(tx, &m); err != nil {
		return err
	}
	if err := claimLetter(tx, &m); err != nil {
		return err
	}
	if err := claimStored(tx, &m); err != nil {
		return err
	}
	fresh := in.From == domain.ByCustomer && !in.History && !in.Automatic
	if err := addMessage(tx, c, conversation, &m, fresh); err != nil {
		return err
	}
	reopened := hear(conversation, &m, in)
	if err := putConversation(tx, c, conversation); err != nil {
		return err
	}
	if reopened {
		if err := addNote(tx, c, conversation, "activity.reopened", nil); err != nil {
			return err
		}
	}
	return d.raise(tx, Occurrence{Kind: MessageReceived, Connection: c, Conversation: conversation, Message: &m, Inbound: &in})
}

// inbound makes the message of an item.
func inbound(tx *store.Tx, conversation *domain.Conversation, in carrier.InboundMessage) domain.Message {
	m := domain.Message{
		ID: tx.NewID(), ConversationID: conversation.ID, ChannelID: conversation.ChannelID, At: place(in.At, tx.Now),
		Direction: domain.Incoming, Author: domain.Author{Kind: in.From, Name: conversation.Name}, Kind: in.Kind, Text: in.Text,
		Attachments: in.Attachments, Location: in.Location, Cards: in.Cards, Order: in.Order, Choice: in.Choice,
		Referral: in.Referral, Forwarded: in.Forwarded, ReplyToVendor: in.ReplyTo, State: domain.StateReceived,
		VendorID: in.VendorID, VendorAt: in.At, ReceivedAt: tx.Now, Raw: in.Raw, ActivityCode: in.Key, Polled: in.Polled,
	}
	if in.Mail != nil {
		m.Mail, m.Author.Name = in.Mail, cmp.Or(domain.Clip(domain.LegibleName(in.Mail.From.Name), 120), in.Mail.From.Address)
	}
	if in.From == domain.ByPhone || in.From == domain.BySystem {
		m.Direction, m.Author.Name, m.State = domain.Outgoing, "", domain.StateSent
	}
	return m
}

// believable is a vendor's time, or now when it is missing or lies ahead: a time in the future would hold the window open
// for ever, and one of a far year could be stored but not read again.
func believable(vendor, now time.Time) time.Time {
	if vendor.IsZero() || vendor.After(now) {
		return now
	}
	return vendor
}

// place is where a message lies among the others. Vendors tell whole seconds: within the second of its arrival the
// arrival itself is used, so that a question does not slip under the answer of the same second; later ones lie at the end
// of theirs.
func place(vendor, now time.Time) time.Time {
	if end := vendor.Truncate(time.Second).Add(999 * time.Millisecond); end.Before(now) {
		return end
	}
	return now
}

// quote links a message to the one it answers, when we have that.
func quote(tx *store.Tx, m *domain.Message, vendorID string) error {
	id, seen, err := tx.MessageByVendorID(m.ChannelID, vendorID)
	if seen {
		m.ReplyTo = id
	}
	return err
}

// hear moves a conversation on by a message that came in, or that staff wrote on the business telephone. It tells whether
// the message opened a conversation again that was thought done.
func hear(c *domain.Conversation, m *domain.Message, in carrier.InboundMessage) (reopened bool) {
	aside := in.From == domain.BySystem && !c.LastMessage.ID.IsZero() // the list shows what people said
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
	if in.Opens && in.At.After(c.LastInbound) {
		c.LastInbound = in.At
	}
	if in.Kind == domain.KindSystem || in.From == domain.BySystem {
		return false
	}
	if in.Automatic {
		c.Unread++ // nobody waits behind it
		if c.LastInboundID.IsZero() {
			c.LastInboundID = m.ID
		}
		return false
	}
	return waits(c, m, in.At)
}

// waits moves a conversation on by something that wants an answer: it is unread, and the beacon is lit.
func waits(c *domain.Conversation, m *domain.Message, at time.Time) (reopened bool) {
	if at.After(c.LastInbound) {
		c.LastInbound = at
	}
	c.LastInboundID = m.ID
	c.Unread++
	if c.Status == domain.StatusSpam {
		return false
	}
	if !c.IsWaiting() {
		c.WaitingSince = m.At
	}
	switch c.Status {
	case domain.StatusResolved, domain.StatusSnoozed, domain.StatusPending, domain.StatusOnHold:
		reopened = c.Status == domain.StatusResolved
		c.Status = domain.StatusOpen
	}
	return reopened
}

// reacted puts a customer's reaction on the message it is about. About a message we do not have it becomes a message of
// its own: a thumbs-up may be the only answer.
func (d *Desk) reacted(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	id, seen, err := tx.MessageByVendorID(c.Channel.ID, in.Target)
	if err != nil {
		return err
	}
	if !seen || id.IsZero() {
		if in.Emoji == "" {
			return tx.MarkSeen(c.Channel.ID, in.VendorID, domain.ID{})
		}
		in.Kind, in.Text = domain.KindText, in.Emoji
		return d.receive(tx, c, in)
	}
	from := domain.Incoming
	if in.From == domain.ByPhone {
		from = domain.Outgoing
	}
	if in.Opens {
		if err := opened(tx, c, in); err != nil {
			return err
		}
	}
	return alter(tx, c, in, id, func(m *domain.Message) {
		setReaction(m, domain.Reaction{Emoji: in.Emoji, From: from, At: in.At})
	})
}

// setReaction keeps one reaction of each side; an empty emoji removes it.
func setReaction(m *domain.Message, r domain.Reaction) {
	m.Reactions = slices.DeleteFunc(m.Reactions, func(old domain.Reaction) bool { return old.From == r.From })
	if r.Emoji != "" {
		m.Reactions = append(m.Reactions, r)
	}
}

// edited replaces a text its author corrected; what stood there before is kept.
func edited(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	return alterTarget(tx, c, in, func(m *domain.Message) {
		if m.Text != in.Text {
			m.Edited, m.Text = append(m.Edited, m.Text), in.Text
		}
	})
}

// deleted marks a message its author took back. The text stays readable to operators.
func deleted(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	return alterTarget(tx, c, in, func(m *domain.Message) { m.Deleted = true })
}

func alterTarget(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage, change func(*domain.Message)) error {
	id, seen, err := tx.MessageByVendorID(c.Channel.ID, in.Target)
	if err != nil {
		return err
	}
	if !seen || id.IsZero() {
		return tx.MarkSeen(c.Channel.ID, in.VendorID, domain.ID{})
	}
	return alter(tx, c, in, id, change)
}

// alter changes a stored message on a vendor's word.
func alter(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage, id domain.ID, change func(*domain.Message)) error {
	m, err := tx.Message(id)
	if err != nil {
		return err
	}
	change(&m)
	if err := tx.MarkSeen(c.Channel.ID, in.VendorID, id); err != nil {
		return err
	}
	return putMessage(tx, c, &m)
}

// change acts on news that is not about one message. News of templates concern every number of the business account.
func (d *Desk) change(ctx context.Context, tx *store.Tx, via *carrier.Connection, ch carrier.Change) error {
	if ch.Kind != carrier.TemplatesChanged {
		d.log.Info("desk: news of a channel", "channel", via.Channel.Key, "kind", ch.Kind)
		return nil
	}
	all, err := d.connections(ctx)
	if err != nil {
		return err
	}
	for id, c := range all {
		if c.Channel.Driver != via.Channel.Driver || c.Channel.Business != via.Channel.Business {
			continue
		}
		if err := tx.Enqueue(domain.Job{Kind: domain.JobTemplates, Queue: lineQueue(id), Subject: id}); err != nil {
			return err
		}
	}
	return nil
}
