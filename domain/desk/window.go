package desk

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// personal tells whether a message leaves as a person's own after the window: an operator wrote it, and it is no longer the time in
// which everything may be sent. It is asked when the message leaves, which may be later than it was written.
func (d *Desk) personal(ctx context.Context, c *carrier.Connection, m *domain.Message) (personal bool, err error) {
	caps := c.Capabilities()
	if caps.PersonalWindow == 0 || m.Author.Kind != domain.ByOperator || m.Kind == domain.KindTemplate {
		return false, nil
	}
	err = d.store.View(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(m.ConversationID)
		_, personal = caps.CanWrite(&conversation, tx.Now)
		return err
	})
	return personal, err
}

// opened notes that the customer did something by which the vendor lets us write freely again.
func opened(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	contact, ok, err := tx.ContactByIdentity(in.Contact.Identities[0])
	if err != nil || !ok {
		return err
	}
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil || !ok || !in.At.After(conversation.LastInbound) {
		return err
	}
	conversation.LastInbound = in.At
	return putConversation(tx, c, &conversation)
}
