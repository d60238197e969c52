package thread

import (
	"fmt"
	"slices"

	"pult/domain/store"
)

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
