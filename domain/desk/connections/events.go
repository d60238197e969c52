package connections

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// ListEvents reads what happened after an event number, in order, for a page that was away. tooOld tells that some of it is
// no longer kept and the page must be read again. The caller asks MaySee for each.
func (s *Service) ListEvents(ctx context.Context, after uint64, limit int) (list []domain.Event, tooOld bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, tooOld, err = tx.Events(after, limit)
		return err
	})
	return list, tooOld, err
}

// LastEventNumber is the number of the newest event; 0 when it cannot be read.
func (s *Service) LastEventNumber(ctx context.Context) (seq uint64) {
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		seq, err = tx.Seq()
		return err
	})
	if err != nil {
		return 0
	}
	return seq
}

// MaySeeEvent tells whether the operator may learn of an event: the same rule as for reading what it is about.
func (s *Service) MaySeeEvent(ctx context.Context, who *domain.Operator, e domain.Event) bool {
	if e.Kind == domain.EventJournalChanged {
		return who.May(domain.ManageJournal)
	}
	if e.ChannelID.IsZero() {
		return who.May(domain.SeeOperators)
	}
	read := s.FindReadable
	if e.Kind == domain.EventChannelChanged || e.Kind == domain.EventTemplatesChanged {
		read = s.FindGranted // of the settings, which are there while the module is off
	}
	_, err := read(ctx, who, e.ChannelID)
	return err == nil
}
