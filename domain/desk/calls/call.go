package calls

import (
	"context"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// NewCall is a call that an operator wants to make.
type NewCall struct {
	ContactID domain.ID
	ChannelID domain.ID       // of a kind that sets up calls
	Number    string          // one of the contact's; "" = the first
	From      domain.ID       // the conversation in which the operator decided to call; zero = none
	Language  domain.Language // in which the operator's telephone speaks
}

// Start makes the operator's own telephone ring; once they answer, the customer's does. The call is an entry of the
// contact's conversation on the channel. Whoever may use the channel may call. Conflict while the operator is in
// another call; Invalid with the field "phone" when they have not told their own telephone; asking again for the call
// they are in gives that one.
func (s *Service) Start(ctx context.Context, who *domain.Operator, call NewCall) (domain.Message, error) {
	c, err := s.connections.FindReadable(ctx, who, call.ChannelID)
	if err != nil {
		return domain.Message{}, err
	}
	conn, err := c.Ready()
	if err != nil {
		return domain.Message{}, err
	}
	if !conn.CanCall() {
		return domain.Message{}, domain.Refuse(domain.Unavailable, "error.call_no_address")
	}
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return domain.Message{}, err
	}
	var m domain.Message
	err = s.store.Update(ctx, func(tx *store.Tx) (err error) {
		m, err = s.storeCall(ctx, tx, who, c, call, visible)
		return err
	})
	return m, err
}

// storeCall stores a new call as an entry of its conversation, with the job that dials; a call to the same number that
// the operator is in already is given instead.
func (s *Service) storeCall(
	ctx context.Context,
	tx *store.Tx,
	who *domain.Operator,
	c *carrier.Connection,
	call NewCall,
	visible map[domain.ID]*domain.Channel,
) (m domain.Message, err error) {
	contact, number, err := findCallee(tx, call, visible)
	if err != nil {
		return m, err
	}
	if m, ok, err := findCurrentCall(tx, who, number); ok || err != nil {
		return m, err
	}
	me, err := tx.Operator(who.ID)
	if err != nil {
		return m, err
	}
	if me.Phone == "" {
		return m, &domain.Error{
			Kind:   domain.Invalid,
			Key:    "error.call_own_phone",
			Fields: map[string]string{"phone": "error.field.number"},
		}
	}
	conversation, err := findOrBeginConversation(tx, c, &contact, number, tx.Now)
	if err != nil {
		return m, err
	}
	m = thread.NewOutgoing(tx, who, &conversation)
	m.ID, m.Kind, m.State = tx.NewID(), domain.KindCall, ""
	m.Call = &domain.Call{
		State:     domain.CallDialling,
		StartedAt: tx.Now,
		Operator:  who.ID,
		Name:      who.Name,
		Number:    number,
		OurNumber: me.Phone,
		Language:  call.Language,
	}
	if err := addCall(tx, c, &conversation, &m, false); err != nil {
		return m, err
	}
	if err := tx.PutOwnCall(who.ID, m.ID); err != nil {
		return m, err
	}
	if err := tx.Enqueue(newCallJob(domain.JobDial, &m)); err != nil {
		return m, err
	}
	return m, s.noteInConversation(ctx, tx, who, call.From, &conversation)
}

// findCallee finds whom to call, as far as the operator may see them, and at which of their numbers.
func findCallee(tx *store.Tx, call NewCall, visible map[domain.ID]*domain.Channel) (domain.Contact, string, error) {
	if _, err := thread.RequireVisibleWith(tx, call.ContactID, visible); err != nil {
		return domain.Contact{}, "", err
	}
	contact, err := tx.Contact(call.ContactID)
	if err != nil {
		return contact, "", err
	}
	number := call.Number
	if number == "" {
		number = contact.Phone()
	}
	if number == "" || !contact.HasPhone(number) {
		return contact, "", domain.Refuse(domain.Invalid, "error.no_address")
	}
	return contact, contact.ShownPhone(number), nil
}

// findCurrentCall finds the call that the operator is in, when it is one to this number: people press twice. Any other
// call that goes on is a Conflict.
func findCurrentCall(tx *store.Tx, who *domain.Operator, number string) (m domain.Message, ok bool, err error) {
	id, ok, err := tx.OwnCall(who.ID)
	if err != nil || !ok {
		return m, false, err
	}
	if m, err = tx.Message(id); err != nil {
		return m, false, err
	}
	switch {
	case m.Call == nil || m.Call.State.IsOver():
		return m, false, nil
	case m.Call.Number == number && m.Direction == domain.Outgoing:
		return m, true, nil
	}
	return m, false, domain.Refuse(domain.Conflict, "error.call_live")
}

// findOrBeginConversation finds the contact's conversation on a telephone channel, or makes a new one, not stored yet.
// A closed conversation is final, so that another begins.
func findOrBeginConversation(
	tx *store.Tx,
	c *carrier.Connection,
	contact *domain.Contact,
	number string,
	at time.Time,
) (domain.Conversation, error) {
	conversation, ok, err := tx.ConversationWith(c.Channel.ID, contact.ID)
	if err != nil {
		return conversation, err
	}
	to := domain.Identity{Kind: domain.PhoneIdentity, Value: number}
	if number == "" && len(contact.Identities) > 0 {
		to = contact.Identities[0]
	}
	if !ok || conversation.Status == domain.StatusClosed {
		return thread.NewConversation(tx, c, contact, to, at)
	}
	thread.NameConversation(&conversation, contact)
	return conversation, nil
}

// noteInConversation adds a note to the conversation from which the operator called, when the call itself is an entry
// of another.
func (s *Service) noteInConversation(
	ctx context.Context,
	tx *store.Tx,
	who *domain.Operator,
	from domain.ID,
	to *domain.Conversation,
) error {
	if from.IsZero() || from == to.ID {
		return nil
	}
	conversation, c, err := s.thread.FindConversationIn(ctx, tx, who, from)
	if err != nil {
		return err
	}
	return thread.AddNote(tx, c, &conversation, "activity.called", map[string]string{"by": who.Name})
}

// HangUp ends the operator's call. Only who is in a call may end it here.
func (s *Service) HangUp(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.changeOwnCall(ctx, who, id, func(tx *store.Tx, _ *carrier.Connection, m *domain.Message) error {
		if m.Call.State.IsOver() {
			return nil
		}
		return tx.Enqueue(newCallJob(domain.JobHangup, m))
	})
}

// Hold puts the customer on hold, or brings them back. Only who is in the call may; Conflict unless both sides speak.
func (s *Service) Hold(ctx context.Context, who *domain.Operator, id domain.ID, on bool) error {
	return s.changeOwnCall(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.Call.Held == on {
			return nil
		}
		if m.Call.State != domain.CallAnswered || m.Call.Leg(domain.OurSide) == "" ||
			m.Call.Leg(domain.TheirSide) == "" {
			return domain.Refuse(domain.Conflict, "error.call_not_answered")
		}
		j := newCallJob(domain.JobHold, m)
		j.Args = map[string]string{"on": flagText(on), "room": flagText(m.Call.Room)}
		// The vendor asks what to do with the other side while the job runs, so the wish is stored before it.
		m.Call.Held, m.Call.Room = on, true
		if err := tx.Enqueue(j); err != nil {
			return err
		}
		return putCall(tx, c, m, false)
	})
}

// flagText writes a flag as the argument of a job.
func flagText(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// changeOwnCall runs change with a call that the operator is in: any other is Forbidden. Calls that were written down
// by hand are NotFound.
func (s *Service) changeOwnCall(
	ctx context.Context,
	who *domain.Operator,
	id domain.ID,
	change func(*store.Tx, *carrier.Connection, *domain.Message) error,
) error {
	return s.thread.ChangeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.Call == nil || m.Call.Logged {
			return domain.ErrNotFound
		}
		if m.Call.Operator != who.ID {
			return domain.ErrForbidden
		}
		call := *m.Call
		m.Call = &call
		return change(tx, c, m)
	})
}

// noteLength bounds what is noted on a call, in characters.
const noteLength = 4000

// Note writes down what a call was about, instead of what stood there before. Whoever may use the channel may.
func (s *Service) Note(ctx context.Context, who *domain.Operator, id domain.ID, text string) error {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if len([]rune(text)) > noteLength {
		return domain.Refuse(domain.Invalid, "error.field.too_long")
	}
	return s.thread.ChangeMessage(ctx, who, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if m.Call == nil {
			return domain.ErrNotFound
		}
		if m.Text == text {
			return nil
		}
		m.Text = text
		return thread.PutMessage(tx, c, m)
	})
}

// Dismiss takes a call that is over off the operator's panel. Any other call stays there.
func (s *Service) Dismiss(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		own, ok, err := tx.OwnCall(who.ID)
		if err != nil || !ok || own != id {
			return err
		}
		m, err := tx.Message(id)
		if err != nil || m.Call == nil || !m.Call.State.IsOver() {
			return err
		}
		tx.Record(domain.Event{
			Kind:           domain.EventCallChanged,
			ChannelID:      m.ChannelID,
			ConversationID: m.ConversationID,
			MessageID:      id,
			OperatorID:     who.ID,
		})
		return tx.PutOwnCall(who.ID, domain.ID{})
	})
}

// ListChannels lists the telephone channels over which the operator can call now.
func (s *Service) ListChannels(ctx context.Context, who *domain.Operator) ([]*domain.Channel, error) {
	list, err := s.connections.ListChannels(ctx, who)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(one *domain.Channel) bool {
		c, err := s.connections.Find(ctx, one.ID)
		return err != nil || !one.Enabled || !c.IsUsable() || !c.CanCall()
	}), nil
}
