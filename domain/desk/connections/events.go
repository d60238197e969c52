package connections

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// ListEvents reads at most limit events after a number, in order, for a page that was away. tooOld says that some of
// them are no longer kept, so that the page must be loaded again. The caller asks MaySeeEvent for each.
func (s *Service) ListEvents(
	ctx context.Context,
	after uint64,
	limit int,
) (list []domain.Event, tooOld bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, tooOld, err = tx.Events(after, limit)
		return err
	})
	return list, tooOld, err
}

// LastEventNumber is the number of the newest event; 0 when it cannot be read.
func (s *Service) LastEventNumber(ctx context.Context) uint64 {
	seq, err := store.Read(ctx, s.store, (*store.Tx).Seq)
	if err != nil {
		return 0
	}
	return seq
}

// MaySeeEvent reports whether the operator may learn of an event, by the rule for reading what it is about.
func (s *Service) MaySeeEvent(ctx context.Context, who *domain.Operator, e domain.Event) bool {
	if e.Kind == domain.EventJournalChanged {
		return who.May(domain.ManageJournal)
	}
	if e.ChannelID.IsZero() {
		return who.May(domain.SeeOperators)
	}
	read := s.FindReadable
	if e.Kind == domain.EventChannelChanged || e.Kind == domain.EventTemplatesChanged {
		read = s.FindGranted // settings are shown while the module is off, too
	}
	_, err := read(ctx, who, e.ChannelID)
	return err == nil
}
