package thread

import (
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// NewConversation begins a conversation; it is stored with its first message.
func NewConversation(tx *store.Tx, c *carrier.Connection, contact *domain.Contact, to domain.Identity, at time.Time) (domain.Conversation, error) {
	number, err := tx.NextNumber("conversation")
	return domain.Conversation{
		ID: tx.NewID(), Number: number, ChannelID: c.Channel.ID, ContactID: contact.ID, To: to,
		Name: contact.Title(), Address: AddressOf(contact), Status: domain.StatusNew, CreatedAt: at, ActiveAt: at,
	}, err
}

func AddressOf(c *domain.Contact) string {
	if phone := c.Phone(); phone != "" {
		return phone
	}
	if c.Username != "" {
		return "@" + c.Username
	}
	return c.Mail()
}

// StartWaiting moves a conversation on by something that wants an answer: it is unread, and the beacon is lit.
func StartWaiting(c *domain.Conversation, m *domain.Message, at time.Time) (reopened bool) {
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
