package calls

import (
	"slices"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/files"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Receive takes a vendor's report of a call in. Reports may come in any order and more than once. A report of a call
// that is not stored begins one when it says who calls us; any other is about a call that is gone, and dropped.
func (s *Service) Receive(tx *store.Tx, c *carrier.Connection, in carrier.InboundCall) error {
	in.Report.At = thread.ClampVendorTime(in.Report.At, tx.Now)
	m, found, err := findCall(tx, c, in.Ours, in.VendorID)
	if err != nil {
		return err
	}
	if !found {
		if !in.Incoming || len(in.Person.Identities) == 0 {
			return nil
		}
		if m, err = beginIncoming(tx, c, in); err != nil {
			return err
		}
	}
	return s.advanceCall(tx, c, &m, in)
}

// findCall finds the entry of a call by our id or the vendor's. Its Call is a copy that may be changed.
func findCall(tx *store.Tx, c *carrier.Connection, ours, vendorID string) (m domain.Message, found bool, err error) {
	id, err := thread.FindOurMessage(tx, ours)
	if err != nil {
		return m, false, err
	}
	if id.IsZero() {
		if id, found, err = tx.MessageByVendorID(c.Channel.ID, vendorID); err != nil || !found || id.IsZero() {
			return m, false, err
		}
	}
	m, err = tx.Message(id)
	if err != nil || m.Call == nil || m.ChannelID != c.Channel.ID {
		return m, false, err
	}
	call := *m.Call
	m.Call = &call
	return m, true, nil
}

// beginIncoming stores the entry of a call that rings.
func beginIncoming(tx *store.Tx, c *carrier.Connection, in carrier.InboundCall) (m domain.Message, err error) {
	contact, err := thread.LearnContact(tx, carrier.InboundMessage{Contact: in.Person})
	if err != nil {
		return m, err
	}
	number := ""
	if first := in.Person.Identities[0]; first.Kind == domain.PhoneIdentity {
		number = contact.ShownPhone(first.Value)
	}
	conversation, err := findOrBeginConversation(tx, c, &contact, number, in.Report.At)
	if err != nil {
		return m, err
	}
	m = domain.Message{
		ID:             tx.NewID(),
		ConversationID: conversation.ID,
		ChannelID:      c.Channel.ID,
		At:             thread.TimeAfter(&conversation, thread.TimeInThread(in.Report.At, tx.Now), tx.Now),
		Direction:      domain.Incoming,
		Author:         domain.Author{Kind: domain.ByCustomer, Name: conversation.Name},
		Kind:           domain.KindCall,
		State:          domain.StateReceived,
		VendorID:       in.VendorID,
		VendorAt:       in.Report.At,
		ReceivedAt:     tx.Now,
		Raw:            in.Raw,
		Call:           &domain.Call{State: domain.CallRinging, StartedAt: in.Report.At, Number: number},
	}
	return m, addCall(tx, c, &conversation, &m, true)
}

// addCall stores the entry of a new call and its conversation, tells the panels, and has the call checked later unless
// it is over. With fresh the pages sound.
func addCall(
	tx *store.Tx,
	c *carrier.Connection,
	conversation *domain.Conversation,
	m *domain.Message,
	fresh bool,
) error {
	if err := thread.AddMessage(tx, c, conversation, m, fresh); err != nil {
		return err
	}
	if !m.At.Before(conversation.LastMessage.At) {
		conversation.Show(m)
	}
	if err := thread.PutConversation(tx, c, conversation); err != nil {
		return err
	}
	if m.Call.State.IsOver() {
		return nil
	}
	if m.Direction == domain.Incoming {
		if err := tx.PutRinging(c.Channel.ID, m.ID, true); err != nil {
			return err
		}
	}
	tx.Record(newCallEvent(m, false))
	check := newCallJob(domain.JobCallCheck, m)
	check.Lane, check.Due = "", tx.Now.Add(firstCheckAfter)
	return tx.Enqueue(check)
}

// newCallEvent makes the event by which panels learn that a call changed.
func newCallEvent(m *domain.Message, fresh bool) domain.Event {
	return domain.Event{
		Kind:           domain.EventCallChanged,
		ChannelID:      m.ChannelID,
		ConversationID: m.ConversationID,
		MessageID:      m.ID,
		OperatorID:     m.Call.Operator,
		Fresh:          fresh,
	}
}

// advanceCall moves a call on by a vendor's report: state, legs, operator, failure and recording.
func (s *Service) advanceCall(tx *store.Tx, c *carrier.Connection, m *domain.Message, in carrier.InboundCall) error {
	before, r := m.Call.State, in.Report
	if in.Incoming && r.Side == domain.OurSide && r.State == domain.CallAnswered {
		o, err := findOwnerOfPhone(tx, r.OurNumber)
		if err != nil {
			return err
		}
		r.Operator = o.ID
		if m.Call.Operator.IsZero() {
			m.Call.Name = o.Name
		}
	}
	changed := m.Call.Apply(m.Direction == domain.Incoming, r)
	if in.Failure != nil && m.Failure == nil && m.Call.State == domain.CallFailed {
		m.Failure, changed = in.Failure, true
	}
	if in.Recording != nil &&
		!slices.ContainsFunc(
			m.Attachments,
			func(a domain.Attachment) bool { return a.VendorID == in.Recording.VendorID },
		) {
		m.Attachments, changed = append(slices.Clone(m.Attachments), *in.Recording), true
		if err := tx.Enqueue(files.NewFetchJob(m, len(m.Attachments)-1)); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	for _, leg := range m.Call.Legs { // so that a report which names only one leg is understood
		if leg != "" && leg != m.VendorID {
			if err := tx.MarkSeen(m.ChannelID, leg, m.ID); err != nil {
				return err
			}
		}
	}
	if before == m.Call.State {
		return putCall(tx, c, m, false)
	}
	return s.storeStateChange(tx, c, m, before)
}

// findOwnerOfPhone finds the active operator whose telephone has a number; the zero operator when it is nobody's.
func findOwnerOfPhone(tx *store.Tx, phone string) (domain.Operator, error) {
	all, err := tx.Operators()
	for _, o := range all {
		if phone != "" && o.Active && domain.IsSamePhone(o.Phone, phone) {
			return o, err
		}
	}
	return domain.Operator{}, err
}

// putCall stores a changed entry and tells the panels. With fresh the pages sound.
func putCall(tx *store.Tx, c *carrier.Connection, m *domain.Message, fresh bool) error {
	tx.Record(newCallEvent(m, fresh))
	return thread.PutMessage(tx, c, m)
}

// storeStateChange stores a call whose state was before and does what follows from the new one: it rings for nobody any
// more, the rest of it is hung up, its conversation has an answer or somebody who waits.
func (s *Service) storeStateChange(
	tx *store.Tx,
	c *carrier.Connection,
	m *domain.Message,
	before domain.CallState,
) error {
	if err := putCall(tx, c, m, m.Call.State == domain.CallMissed); err != nil {
		return err
	}
	if m.Direction == domain.Incoming {
		if err := tx.PutRinging(m.ChannelID, m.ID, m.Call.State == domain.CallRinging); err != nil {
			return err
		}
	}
	if m.Call.State.IsOver() && m.Call.Room {
		// Whoever is still in the conference, or on hold, would wait on: no vendor hangs up for them.
		if err := tx.Enqueue(newCallJob(domain.JobHangup, m)); err != nil {
			return err
		}
	}
	switch {
	case m.Call.State == domain.CallMissed:
		return s.noteMissedCall(tx, c, m)
	case m.Call.State == domain.CallAnswered, m.Call.State == domain.CallEnded && before != domain.CallAnswered:
		return s.noteAnsweredCall(tx, c, m)
	}
	return nil
}

// noteAnsweredCall moves the conversation on by a call in which both sides spoke: it is an answer, and its operator is
// in it.
func (s *Service) noteAnsweredCall(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	if m.Direction == domain.Incoming && (m.VendorAt.After(conversation.LastInbound) || conversation.LastInbound.After(tx.Now)) {
		conversation.LastInbound = m.VendorAt
	}
	if m.Call.Operator.IsZero() { // a telephone that belongs to no operator, such as the one in the workshop
		conversation.WaitingSince, conversation.Unread = time.Time{}, 0
		return thread.PutConversation(tx, c, &conversation)
	}
	o, err := tx.Operator(m.Call.Operator)
	if err != nil {
		return err
	}
	if err := s.thread.MarkAnswered(tx, c, &o, &conversation, m); err != nil {
		return err
	}
	return tx.PutOwnCall(o.ID, m.ID)
}

// noteMissedCall makes the conversation wait for an answer: somebody called and wants to be called back.
func (s *Service) noteMissedCall(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	before := conversation
	reopened := thread.StartWaiting(&conversation, m, m.VendorAt)
	if err := thread.PutConversation(tx, c, &conversation); err != nil {
		return err
	}
	if reopened {
		if err := thread.AddNote(tx, c, &conversation, "activity.reopened", nil); err != nil {
			return err
		}
	}
	return s.thread.RaiseChanges(tx, before, thread.Occurrence{Connection: c, Conversation: &conversation})
}
