package thread

import (
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// NewConversation makes a conversation with a contact, with the next number. It is not stored: that is done with its
// first message. to is where answers go, at when it began.
func NewConversation(
	tx *store.Tx,
	c *carrier.Connection,
	contact *domain.Contact,
	to domain.Identity,
	at time.Time,
) (domain.Conversation, error) {
	number, err := tx.NextNumber("conversation")
	return domain.Conversation{
		ID: tx.NewID(), Number: number, ChannelID: c.Channel.ID, ContactID: contact.ID, To: to,
		Name: contact.Title(), Address: addressAt(contact, to), Status: domain.StatusNew, CreatedAt: at, ActiveAt: at,
		Refuses: contact.Consents[c.Channel.ID.String()].Refuses,
	}, err
}

// NameConversation has a conversation show its contact as they are called and reached now.
func NameConversation(c *domain.Conversation, contact *domain.Contact) {
	c.Name, c.Address = contact.Title(), addressAt(contact, c.To)
}

// addressAt is the address by which the chats table shows a contact whom answers reach at to: that number, where it is
// one, because a person may have several.
func addressAt(c *domain.Contact, to domain.Identity) string {
	if to.Kind == domain.PhoneIdentity {
		return c.ShownPhone(to.Value)
	}
	return AddressOf(c)
}

// AddressOf is the address by which the chats table shows a contact: the telephone number, else the user name, else the
// mail address; "" when there is none.
func AddressOf(c *domain.Contact) string {
	if phone := c.Phone(); phone != "" {
		return phone
	}
	if c.Username != "" {
		return "@" + c.Username
	}
	return c.Mail()
}

// isLater reports whether a time at which the customer wrote m is later than the last that is known. One that is still to
// come was noted while the clock was ahead and counts for nothing.
func isLater(at, last time.Time, m *domain.Message) bool {
	return at.After(last) || !m.ReceivedAt.IsZero() && last.After(m.ReceivedAt)
}

// StartWaiting moves a conversation on by a message m that wants an answer and was sent at at: it is unread, the
// customer waits, and a conversation that was put aside is open again. It reports whether it was resolved before. Spam
// only counts as unread.
func StartWaiting(c *domain.Conversation, m *domain.Message, at time.Time) (reopened bool) {
	if isLater(at, c.LastInbound, m) {
		c.LastInbound = at
	}
	c.LastInboundID = m.ID
	c.Unread++
	if c.Status == domain.StatusSpam {
		return false
	}
	if !c.IsWaiting() {
		c.WaitingSince = m.HappenedAt()
	}
	switch c.Status {
	case domain.StatusResolved, domain.StatusSnoozed, domain.StatusPending, domain.StatusOnHold:
		reopened = c.Status == domain.StatusResolved
		c.Status = domain.StatusOpen
	}
	return reopened
}
