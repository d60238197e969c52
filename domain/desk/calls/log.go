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

// LoggedCall is a call that was made without the desk and is written down by hand.
type LoggedCall struct {
	Once           domain.ID // names the form: sent again it writes nothing more down
	ConversationID domain.ID
	ContactID      domain.ID // when no conversation is named: the newest of the contact's that the operator may see
	Incoming       bool
	At             time.Time // when it began; zero = it has just ended
	Duration       time.Duration
	Outcome        domain.CallState // one of domain.CallOutcomes
	Note           string
}

// longestCall bounds what a person can write down: a mistyped duration must not look like a week.
const longestCall = 24 * time.Hour

// Log writes a call down as an entry of a conversation. Whoever may reply may. A call in which both sides spoke counts
// as an answer. Invalid names the fields at fault.
func (s *Service) Log(ctx context.Context, who *domain.Operator, l LoggedCall) (m domain.Message, err error) {
	if err := l.validate(s.now()); err != nil {
		return m, err
	}
	if l.ConversationID.IsZero() {
		if l.ConversationID, err = s.findConversationWith(ctx, who, l.ContactID); err != nil {
			return m, err
		}
	}
	err = s.thread.ChangeConversation(
		ctx,
		who,
		l.ConversationID,
		func(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation) error {
			made, ok, err := tx.FindMade(who.ID, l.Once)
			if err != nil {
				return err
			}
			if ok {
				m, err = tx.Message(made)
				return err
			}
			contact, err := tx.Contact(conversation.ContactID)
			if err != nil {
				return err
			}
			m = l.newMessage(tx, who, conversation, contact.Phone())
			if err := tx.NoteMade(who.ID, l.Once, m.ID); err != nil {
				return err
			}
			if err := addCall(tx, c, conversation, &m, false); err != nil {
				return err
			}
			if l.Outcome != domain.CallEnded || conversation.Status == domain.StatusClosed ||
				m.At.Before(conversation.WaitingSince) {
				return nil
			}
			return s.thread.MarkAnswered(tx, c, who, conversation, &m)
		},
	)
	return m, err
}

// validate names every fault at once. A call without a time is given the one at which it must have begun to end now.
func (l *LoggedCall) validate(now time.Time) error {
	f := domain.FieldErrors{}
	if l.Duration < 0 || l.Duration > longestCall {
		f.Add("minutes", "error.field.call_duration")
	}
	if l.At.IsZero() {
		l.At = now.Add(-l.Duration)
	}
	if l.At.After(now) {
		f.Add("at", "error.field.call_future")
	}
	if !slices.Contains(domain.CallOutcomes, l.Outcome) || !l.Incoming && l.Outcome == domain.CallMissed ||
		l.Incoming && l.Outcome != domain.CallMissed && l.Outcome != domain.CallEnded {
		f.Add("outcome", "error.field.choice")
	}
	if len([]rune(l.Note)) > noteLength {
		f.Add("note", "error.field.too_long")
	}
	return f.Err()
}

// newMessage makes the entry of the call.
func (l *LoggedCall) newMessage(
	tx *store.Tx,
	who *domain.Operator,
	conversation *domain.Conversation,
	number string,
) domain.Message {
	m := thread.NewOutgoing(tx, who, conversation)
	m.ID, m.At, m.Kind, m.State, m.Text = tx.NewID(), l.At.UTC().
		Truncate(time.Millisecond),
		domain.KindCall, "", strings.TrimSpace(
			strings.ToValidUTF8(l.Note, "\uFFFD"),
		)
	m.Call = &domain.Call{
		State:     l.Outcome,
		StartedAt: m.At,
		EndedAt:   m.At.Add(l.Duration),
		Operator:  who.ID,
		Name:      who.Name,
		Logged:    true,
		Settled:   true,
		Number:    number,
	}
	if l.Outcome == domain.CallEnded {
		m.Call.AnsweredAt, m.Call.Duration = m.At, l.Duration
	}
	if l.Incoming {
		m.Direction, m.State = domain.Incoming, domain.StateReceived
	}
	return m
}

// findConversationWith finds the newest conversation with a contact that the operator may see.
func (s *Service) findConversationWith(
	ctx context.Context,
	who *domain.Operator,
	contact domain.ID,
) (domain.ID, error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return domain.ID{}, err
	}
	return store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) (domain.ID, error) { return thread.RequireVisibleWith(tx, contact, visible) },
	)
}
