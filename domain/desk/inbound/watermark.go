package inbound

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// maxWatermarked bounds how many of a conversation's newest messages a watermark can change, so that one transaction
// stays small. An earlier watermark changed older ones, or nobody looks at them any more.
const maxWatermarked = 40

// applyWatermark moves all messages on that a customer was sent up to a time: some vendors report so, without naming
// messages.
func applyWatermark(tx *store.Tx, c *carrier.Connection, status carrier.InboundStatus) error {
	contact, ok, err := tx.ContactByIdentity(status.Contact)
	if err != nil || !ok {
		return err
	}
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil || !ok {
		return err
	}
	list, _, _, err := tx.Messages(conversation.ID, store.MessageRange{Limit: maxWatermarked})
	if err != nil {
		return err
	}
	for i := range list {
		if m := &list[i]; isReached(m, status) && thread.AdvanceState(m, status.State, status.At, nil) {
			if err := thread.PutMessage(tx, c, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// isReached reports whether a watermark holds for a message: ours, sent before that time, and certainly with the
// vendor. That something later was read does not prove that an uncertain message was ever sent.
func isReached(m *domain.Message, status carrier.InboundStatus) bool {
	if m.Direction != domain.Outgoing ||
		m.State != domain.StateSent && m.State != domain.StateDelivered && m.State != domain.StateRead {
		return false
	}
	at := m.VendorAt
	if n := len(m.Attempts); n > 0 {
		at = m.Attempts[n-1].StartedAt
	}
	return !at.After(status.Until)
}
