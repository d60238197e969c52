package inbound

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// receiveStatus applies a report to a message of c, the channel that it names, or of via, the channel where it came in, when that one
// sent the message: vendors name their products less exactly in reports than in messages.
func receiveStatus(tx *store.Tx, via, c *carrier.Connection, s carrier.InboundStatus) error {
	sent, err := isSentBy(tx, via.Channel.ID, s)
	if err != nil {
		return err
	}
	if sent {
		c = via
	}
	return applyStatus(tx, c, s)
}

// isSentBy reports whether a report is about a message of a channel.
func isSentBy(tx *store.Tx, channel domain.ID, s carrier.InboundStatus) (bool, error) {
	if _, found, err := tx.MessageByVendorID(channel, s.VendorID); found || err != nil {
		return found, err
	}
	id, err := thread.FindOurMessage(tx, s.Ours)
	if err != nil || id.IsZero() {
		return false, err
	}
	m, err := tx.Message(id)
	return m.ChannelID == channel, err
}

// applyStatus moves one of our messages on by a vendor's report. A report that comes before we know the vendor's id of the message is
// kept until we do.
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
			return nil // it is about an earlier try, which no longer counts
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

// noteTrouble adds a note to the conversation, once, when a message that was sent is delayed on its way.
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
