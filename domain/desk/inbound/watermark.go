package inbound

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// maxWatermarked is how many of a conversation's newest messages a watermark is held against. Older ones were told of by an earlier
// one, or nobody looks at their ticks any more; and what one transaction writes stays small.
const maxWatermarked = 40

// applyWatermark moves everything on that was sent to a customer up to a time: vendors that count so name no message.
func applyWatermark(tx *store.Tx, c *carrier.Connection, s carrier.InboundStatus) error {
	contact, ok, err := tx.ContactByIdentity(s.Contact)
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
		if m := &list[i]; isReached(m, s) && thread.AdvanceState(m, s.State, s.At, nil) {
			if err := thread.PutMessage(tx, c, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// isReached tells whether a watermark speaks of a message: one that the vendor certainly has, handed over by then. One of which nobody
// knows whether it left is not proven by anything read later.
func isReached(m *domain.Message, s carrier.InboundStatus) bool {
	if m.Direction != domain.Outgoing || m.State != domain.StateSent && m.State != domain.StateDelivered && m.State != domain.StateRead {
		return false
	}
	at := m.VendorAt
	if n := len(m.Attempts); n > 0 {
		at = m.Attempts[n-1].StartedAt
	}
	return !at.After(s.Until)
}
