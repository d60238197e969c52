package thread

import (
	"slices"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// EndAttempt ends the last attempt to send a message, with its outcome, and makes that the state of the message. f says
// why it failed; nil when it did not.
func EndAttempt(m *domain.Message, now time.Time, state domain.MessageState, f *domain.Failure) {
	if n := len(m.Attempts); n > 0 {
		m.Attempts[n-1].EndedAt, m.Attempts[n-1].Outcome, m.Attempts[n-1].Failure = now, state, f
	}
	m.State, m.StateAt, m.Failure = state, now, f
}

// SetReaction makes r the only reaction of its side to a message; with an empty emoji that side has none.
func SetReaction(m *domain.Message, r domain.Reaction) {
	m.Reactions = slices.DeleteFunc(m.Reactions, func(old domain.Reaction) bool { return old.From == r.From })
	if r.Emoji != "" {
		m.Reactions = append(m.Reactions, r)
	}
}

// FindOurMessage finds the message that a vendor names by the id that we gave with it. The id is zero when the text is
// no id, or that of no message.
func FindOurMessage(tx *store.Tx, ours string) (domain.ID, error) {
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

// AdvanceState moves a message's state on and reports whether it did. A state never goes back: reports come in any
// order.
func AdvanceState(m *domain.Message, state domain.MessageState, at time.Time, failure *domain.Failure) bool {
	if !m.State.CanAdvanceTo(state) {
		return false
	}
	m.State, m.StateAt, m.Failure = state, at, failure
	return true
}

// NewOutgoing makes a message that an operator writes now, queued and without content and id.
func NewOutgoing(tx *store.Tx, who *domain.Operator, c *domain.Conversation) domain.Message {
	return domain.Message{
		ConversationID: c.ID, ChannelID: c.ChannelID, At: TimeAfter(c, tx.Now, tx.Now), Direction: domain.Outgoing,
		Author: domain.Author{Kind: domain.ByOperator, Operator: who.ID, Name: who.Name},
		State:  domain.StateQueued, StateAt: tx.Now, ReceivedAt: tx.Now,
	}
}
