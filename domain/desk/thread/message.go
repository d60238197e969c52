package thread

import (
	"slices"
	"time"

	"pult/domain"
	"pult/domain/store"
)

func EndAttempt(m *domain.Message, now time.Time, state domain.MessageState, f *domain.Failure) {
	if n := len(m.Attempts); n > 0 {
		m.Attempts[n-1].EndedAt, m.Attempts[n-1].Outcome, m.Attempts[n-1].Failure = now, state, f
	}
	m.State, m.StateAt, m.Failure = state, now, f
}

// SetReaction keeps one reaction of each side; an empty emoji removes it.
func SetReaction(m *domain.Message, r domain.Reaction) {
	m.Reactions = slices.DeleteFunc(m.Reactions, func(old domain.Reaction) bool { return old.From == r.From })
	if r.Emoji != "" {
		m.Reactions = append(m.Reactions, r)
	}
}

// FindOurMessage finds the message whose id the vendor echoes.
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

// AdvanceState moves a message's state forward; it tells whether anything changed.
func AdvanceState(m *domain.Message, state domain.MessageState, at time.Time, failure *domain.Failure) bool {
	if !m.State.CanAdvanceTo(state) {
		return false
	}
	m.State, m.StateAt, m.Failure = state, at, failure
	return true
}

// NewOutgoing is a message of an operator that has still to be given its content.
func NewOutgoing(tx *store.Tx, who *domain.Operator, c *domain.Conversation) domain.Message {
	return domain.Message{
		ConversationID: c.ID, ChannelID: c.ChannelID, At: tx.Now, Direction: domain.Outgoing,
		Author: domain.Author{Kind: domain.ByOperator, Operator: who.ID, Name: who.Name},
		State:  domain.StateQueued, StateAt: tx.Now, ReceivedAt: tx.Now,
	}
}
