package thread

import (
	"fmt"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// OccurrenceKind names something that happens in a conversation and that others may have to act on.
type OccurrenceKind string

// The kinds of occurrence.
const (
	MessageReceived OccurrenceKind = "message received" // the vendor told something that somebody said, or that happened
	MessageAnswered OccurrenceKind = "message answered" // an operator wrote, or spoke with the customer
	StatusChanged   OccurrenceKind = "status changed"   // an operator moved the conversation to another status
	AssigneeChanged OccurrenceKind = "assignee changed" // somebody else, or nobody, is responsible
)

// Occurrence is something that happened in a conversation, with the facts to act on. What it tells is stored already, in the
// transaction in which the reactions run.
type Occurrence struct {
	Kind         OccurrenceKind
	Connection   *carrier.Connection
	Conversation *domain.Conversation    // as it is now; a reaction that changes it stores it
	Message      *domain.Message         // of MessageReceived and MessageAnswered
	Inbound      *carrier.InboundMessage // of MessageReceived: what the vendor told
	By           *domain.Operator        // nil when no operator did it
}

// Reaction is what must happen when something happens. It runs in the transaction of its cause, so that neither is ever
// without the other: an error undoes both. What it changes may be an occurrence in its turn, so it must not answer itself.
type Reaction struct {
	Name  string // for errors
	On    []OccurrenceKind
	React func(tx *store.Tx, o Occurrence) error
}

// Raise runs the reactions to an occurrence, in the order in which they were registered.
func (s *Service) Raise(tx *store.Tx, o Occurrence) error {
	for _, r := range s.reactions {
		if !slices.Contains(r.On, o.Kind) {
			continue
		}
		if err := r.React(tx, o); err != nil {
			return fmt.Errorf("thread: %s after %s: %w", r.Name, o.Kind, err)
		}
	}
	return nil
}
