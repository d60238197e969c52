package desk

import (
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// takeStatus moves one of our messages on by a vendor's report. A report that comes before we know the vendor's id waits for it.
func takeStatus(tx *store.Tx, c *carrier.Connection, s carrier.InboundStatus) error {
	s.At = believable(s.At, tx.Now)
	if !s.Until.IsZero() {
		return takeWatermark(tx, c, s)
	}
	id, known, err := tx.MessageByVendorID(c.Channel.ID, s.VendorID)
	if err != nil {
		return err
	}
	if !known {
		if id, err = ourMessage(tx, s.Ours); err != nil {
			return err
		}
	}
	if id.IsZero() {
		if known {
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
	if !progress(&m, s.State, s.At, s.Failure) {
		return hindered(tx, c, &m, s)
	}
	return putMessage(tx, c, &m)
}

// hindered tells once, as a line under the message, that a message which left is having trouble on its way.
func hindered(tx *store.Tx, c *carrier.Connection, m *domain.Message, s carrier.InboundStatus) error {
	if s.Failure == nil || s.State != m.State || m.State.NeedsAttention() || m.Failure != nil {
		return nil
	}
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	m.Failure = s.Failure
	if err := addNote(tx, c, &conversation, s.Failure.Key, nil); err != nil {
		return err
	}
	return putMessage(tx, c, m)
}

// ourMessage finds the message whose id the vendor echoes.
func ourMessage(tx *store.Tx, ours string) (domain.ID, error) {
	id, err := domain.ParseID(ours)
	if err != nil {
		return domain.ID{}, nil
	}
	ok, err := tx.MessageExists(id)
	if !ok {
		return domain.ID{}, err
	}
	return id, err
}

// progress moves a message's state forward; it tells whether anything changed.
func progress(m *domain.Message, state domain.MessageState, at time.Time, failure *domain.Failure) bool {
	if !m.State.CanAdvanceTo(state) {
		return false
	}
	m.State, m.StateAt, m.Failure = state, at, failure
	return true
}
