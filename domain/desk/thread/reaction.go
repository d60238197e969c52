package thread

import (
	"fmt"
	"slices"

	"pult/domain"
	"pult/domain/store"
)

// Reaction is what must happen when something happens. It runs in the transaction of its cause, so that neither is ever
// without the other: an error undoes both. What it changes may be an occurrence in its turn, so it must not answer
// itself.
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

// RaiseWithChanges raises an occurrence, and after it what came of it for the conversation's status and assignee;
// before is the conversation as it was.
func (s *Service) RaiseWithChanges(tx *store.Tx, before domain.Conversation, o Occurrence) error {
	changes := changesSince(before, o)
	if err := s.Raise(tx, o); err != nil {
		return err
	}
	return s.raiseAll(tx, changes)
}

// RaiseChanges raises only what became another of a conversation's status and assignee.
func (s *Service) RaiseChanges(tx *store.Tx, before domain.Conversation, o Occurrence) error {
	return s.raiseAll(tx, changesSince(before, o))
}

func (s *Service) raiseAll(tx *store.Tx, all []Occurrence) error {
	for _, o := range all {
		if err := s.Raise(tx, o); err != nil {
			return err
		}
	}
	return nil
}

// changesSince are the occurrences that status and assignee became others, with the facts of o.
func changesSince(before domain.Conversation, o Occurrence) (changes []Occurrence) {
	if o.Conversation.Status != before.Status {
		changes = append(changes, Occurrence{
			Kind:         StatusChanged,
			Connection:   o.Connection,
			Conversation: o.Conversation,
			By:           o.By,
		})
	}
	if o.Conversation.Assignee != before.Assignee {
		changes = append(changes, Occurrence{
			Kind:         AssigneeChanged,
			Connection:   o.Connection,
			Conversation: o.Conversation,
			By:           o.By,
		})
	}
	return changes
}
