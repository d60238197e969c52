package inbound

import (
	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// receiveStatus applies a report to a message of c, the channel that it names, or of via, the channel where it came in,
// when that one sent the message: vendors name their products less exactly in reports than in messages.
func receiveStatus(tx *store.Tx, via, c *carrier.Connection, status carrier.InboundStatus) error {
	sent, err := isSentBy(tx, via.Channel.ID, status)
	if err != nil {
		return err
	}
	if sent {
		c = via
	}
	return applyStatus(tx, c, status)
}

// isSentBy reports whether a report is about a message of a channel.
func isSentBy(tx *store.Tx, channel domain.ID, status carrier.InboundStatus) (bool, error) {
	if _, found, err := tx.MessageByVendorID(channel, status.VendorID); found || err != nil {
		return found, err
	}
	id, err := thread.FindOurMessage(tx, status.Ours)
	if err != nil || id.IsZero() {
		return false, err
	}
	m, err := tx.Message(id)
	return m.ChannelID == channel, err
}

// applyStatus moves one of our messages on by a vendor's report. A report that comes before we know the vendor's id of
// the message is kept until we do.
func applyStatus(tx *store.Tx, c *carrier.Connection, status carrier.InboundStatus) error {
	status.At = thread.ClampVendorTime(status.At, tx.Now)
	if !status.Until.IsZero() {
		return applyWatermark(tx, c, status)
	}
	id, found, err := tx.MessageByVendorID(c.Channel.ID, status.VendorID)
	if err != nil {
		return err
	}
	if !found {
		if id, err = thread.FindOurMessage(tx, status.Ours); err != nil {
			return err
		}
	}
	if id.IsZero() {
		if found {
			return nil // it is about an earlier try, which no longer counts
		}
		return tx.PutOrphan(c.Channel.ID, status.VendorID, store.OrphanStatus{
			State:   status.State,
			At:      status.At,
			Failure: status.Failure,
		})
	}
	m, err := tx.Message(id)
	if err != nil || m.ChannelID != c.Channel.ID || m.Direction != domain.Outgoing {
		return err
	}
	if m.VendorID == "" {
		m.VendorID = status.VendorID
	}
	if !thread.AdvanceState(&m, status.State, status.At, status.Failure) {
		return noteTrouble(tx, c, &m, status)
	}
	return thread.PutMessage(tx, c, &m)
}

// noteTrouble adds a note to the conversation, once, when a message that was sent is delayed on its way.
func noteTrouble(tx *store.Tx, c *carrier.Connection, m *domain.Message, status carrier.InboundStatus) error {
	if status.Failure == nil || status.State != m.State || m.State.NeedsAttention() || m.Failure != nil {
		return nil
	}
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	m.Failure = status.Failure
	if err := thread.AddNote(tx, c, &conversation, status.Failure.Key, nil); err != nil {
		return err
	}
	return thread.PutMessage(tx, c, m)
}
