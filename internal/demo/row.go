package demo

import (
	"cmp"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// makeConversation makes the row of the chats table as the use cases would have left it.
func (p *plan) makeConversation() domain.Conversation {
	first := p.messages[0]
	c := domain.Conversation{
		ID: p.id, Number: p.number, ChannelID: p.channel.ID, ContactID: p.contact.ID, To: p.contact.Identities[0],
		Name: p.contact.Title(), Address: addressOf(&p.contact), Tags: p.talk.Tags, CreatedAt: first.At,
	}
	if first.Mail != nil {
		c.Subject = domain.BaseSubject(first.Mail.Subject)
	}
	for i := range p.messages {
		moveOn(&c, &p.messages[i].Message)
	}
	c.Assignee = p.assignee
	c.Status = cmp.Or(p.talk.Status, domain.StatusOpen)
	if c.LastOperator.IsZero() && p.talk.Status == "" {
		c.Status = domain.StatusNew
	}
	if p.talk.NoReply {
		p.markNoReply(c.LastInboundID)
	}
	if p.talk.NoReply || c.Status.IsDone() {
		c.WaitingSince, c.Unread = time.Time{}, 0
	}
	if p.talk.Opened {
		c.Unread = 0
	}
	return c
}

// addressOf is what stands under the name of a conversation.
func addressOf(c *domain.Contact) string {
	if c.Username != "" {
		return cmp.Or(c.Phone(), "@"+c.Username)
	}
	return cmp.Or(c.Phone(), c.Mail())
}

// moveOn moves the row on by one message.
func moveOn(c *domain.Conversation, m *domain.Message) {
	if m.Direction == domain.Activity {
		return
	}
	c.MessageCount++
	c.LastMessage, c.ActiveAt = m.Glance(), m.At
	if m.Direction == domain.Incoming {
		c.LastInbound, c.LastInboundID = m.VendorAt, m.ID
		if m.Call != nil && m.Call.State != domain.CallMissed {
			c.WaitingSince, c.Unread = time.Time{}, 0
			return
		}
		c.Unread++
		if !c.IsWaiting() {
			c.WaitingSince = m.At
		}
		return
	}
	if m.Author.Kind == domain.ByOperator {
		c.LastOperator = m.Author.Operator
		if c.FirstResponseIn == 0 && c.IsWaiting() {
			c.FirstResponseIn = m.At.Sub(c.WaitingSince)
		}
	}
	c.WaitingSince, c.Unread = time.Time{}, 0
}

// markNoReply marks the message that an operator said needs no reply.
func (p *plan) markNoReply(id domain.ID) {
	for i := range p.messages {
		if p.messages[i].ID == id {
			p.messages[i].NoReply = true
		}
	}
}

// shift is how far back the operators' day reaches in the demo, so that its figures are alive at whatever time it
// starts.
const shift = 12 * time.Hour

// noteFigures notes who led the conversation on which day, and how soon the first answer came.
func noteFigures(tx *store.Tx, p *plan, c *domain.Conversation, now time.Time) error {
	first := true
	for _, m := range p.messages {
		if m.Author.Kind != domain.ByOperator {
			continue
		}
		day := dayOf(m.At, now)
		if err := tx.NoteLed(m.Author.Operator, c.ID, day); err != nil {
			return err
		}
		if !first || c.FirstResponseIn == 0 {
			continue
		}
		first = false
		if err := tx.AddFirstResponse(m.Author.Operator, day, c.FirstResponseIn); err != nil {
			return err
		}
	}
	return nil
}

// dayOf is the calendar day a moment counts for in the operators' zone: today for the whole last shift, else its own,
// but never today for what is older.
func dayOf(at, now time.Time) string {
	const form = "20060102"
	today, own := now.Format(form), at.In(now.Location()).Format(form)
	switch {
	case now.Sub(at) < shift:
		return today
	case own == today:
		return now.AddDate(0, 0, -1).Format(form)
	}
	return own
}
