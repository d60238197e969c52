package inbound

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// applyStatus moves one of our messages on by a vendor's report. A report that comes before we know the vendor's id waits for it.
func applyStatus(tx *store.Tx, c *carrier.Connection, s carrier.InboundStatus) error {
	s.At = thread.ClampVendorTime(s.At, tx.Now)
	if !s.Until.IsZero() {
		return applyWatermark(tx, c, s)
	}
	id, found, err := tx.MessageByVendorID(c.Channel.ID, s.VendorID)
	if err != nil {
		return err
	}
	if !found {
		if id, err = thread.FindOurMessage(tx, s.Ours); err != nil {
			return err
		}
	}
	if id.IsZero() {
		if found {
			return nil // of a try that was given up
		}
		return tx.PutOrphan(c.Channel.ID, s.VendorID, store.OrphanStatus{State: s.State, At: s.At, Failure: s.Failure})
	}
	m, err := tx.Message(id)
	if err != nil || m.ChannelID != c.Channel.ID || m.Direction != domain.Outgoing {
		return err
	}
	if m.VendorID == "" {
		m.VendorID = s.VendorID
	}
	if !thread.AdvanceState(&m, s.State, s.At, s.Failure) {
		return noteTrouble(tx, c, &m, s)
	}
	return thread.PutMessage(tx, c, &m)
}

// noteTrouble tells once, as a line under the message, that a message which left is having trouble on its way.
func noteTrouble(tx *store.Tx, c *carrier.Connection, m *domain.Message, s carrier.InboundStatus) error {
	if s.Failure == nil || s.State != m.State || m.State.NeedsAttention() || m.Failure != nil {
		return nil
	}
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	m.Failure = s.Failure
	if err := thread.AddNote(tx, c, &conversation, s.Failure.Key, nil); err != nil {
		return err
	}
	return thread.PutMessage(tx, c, m)
}
