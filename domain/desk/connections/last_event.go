package connections

import (
	"context"
	"maps"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// lastEvents remembers when each channel's vendor last called. Only the memory is exact: writing the channel with every webhook would
// cost a commit each, for a time that people read to the minute.
type lastEvents struct {
	mu     *sync.Mutex
	last   map[domain.ID]time.Time // guarded by mu
	stored map[domain.ID]time.Time // guarded by mu; what of it is stored
}

// storeInterval is how old the stored time of a call may become.
const storeInterval = time.Minute

func newLastEvents() lastEvents {
	return lastEvents{mu: &sync.Mutex{}, last: map[domain.ID]time.Time{}, stored: map[domain.ID]time.Time{}}
}

// noteEvent remembers a call. A repeat of an older one changes nothing.
func (e lastEvents) noteEvent(channel domain.ID, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if at.After(e.last[channel]) {
		e.last[channel] = at
	}
}

// findLatest is the later of the stored time and the remembered one.
func (e lastEvents) findLatest(channel *domain.Channel) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	if last := e.last[channel.ID]; last.After(channel.LastEvent) {
		return last
	}
	return channel.LastEvent
}

// listUnstored are the calls that should be stored now.
func (e lastEvents) listUnstored() map[domain.ID]time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	unstored := map[domain.ID]time.Time{}
	for id, at := range e.last {
		if at.Sub(e.stored[id]) >= storeInterval {
			unstored[id] = at
		}
	}
	return unstored
}

func (e lastEvents) markStored(stored map[domain.ID]time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	maps.Copy(e.stored, stored)
}

// StoreLastEvents stores the times of calls that are due. Nothing depends on them, so trouble is only logged and the next call tries again.
func (s *Service) StoreLastEvents(ctx context.Context) {
	unstored := s.events.listUnstored()
	if len(unstored) == 0 {
		return
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		for id, at := range unstored {
			if err := storeLastEvent(tx, id, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.log.Warn("connections: keep when a vendor last called", "err", err)
		return
	}
	s.events.markStored(unstored)
}

func storeLastEvent(tx *store.Tx, id domain.ID, at time.Time) error {
	c, err := tx.Channel(id)
	if domain.KindOf(err) == domain.NotFound || err == nil && !at.After(c.LastEvent) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.LastEvent.IsZero() { // the news an administrator waits for; later calls are no news
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: id})
	}
	c.LastEvent = at
	return tx.PutChannel(&c)
}

// noteEvent remembers when a channel's vendor last told something.
func (s *Service) NoteEvent(channel domain.ID, at time.Time) { s.events.noteEvent(channel, at) }

// lastEvent is when a channel's vendor last told something; zero = never.
func (s *Service) LastEvent(c *domain.Channel) time.Time { return s.events.findLatest(c) }
