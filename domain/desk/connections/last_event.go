package connections

import (
	"context"
	"maps"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// NoteEvent remembers when a channel's vendor last told something.
func (s *Service) NoteEvent(channel domain.ID, at time.Time) { s.events.noteEvent(channel, at) }

// LastEvent gives when a channel's vendor last told something; zero = never.
func (s *Service) LastEvent(c *domain.Channel) time.Time { return s.events.findLatest(c) }

// StoreLastEvents stores the times that are storeInterval newer than the stored ones. Nothing depends on them, so a
// failure is only logged and the next call tries again.
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
		s.log.Warn("connections: store when a vendor last told something", "err", err)
		return
	}
	s.events.markStored(unstored)
}

// storeLastEvent stores when a channel's vendor last told something. The pages learn only of the first time, which an
// administrator who connects a channel waits for.
func storeLastEvent(tx *store.Tx, id domain.ID, at time.Time) error {
	c, err := tx.Channel(id)
	isNewer := at.After(c.LastEvent) || c.LastEvent.After(tx.Now) // that of a clock that was ahead counts for nothing
	if domain.KindOf(err) == domain.NotFound || err == nil && !isNewer {
		return nil
	}
	if err != nil {
		return err
	}
	if c.LastEvent.IsZero() {
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: id})
	}
	c.LastEvent = at
	return tx.PutChannel(&c)
}

// lastEvents remembers when each channel's vendor last told something. The stored times are up to storeInterval older:
// storing the channel with every webhook would cost a commit each, for a time that people read to the minute.
type lastEvents struct {
	now    func() time.Time
	mu     *sync.Mutex
	last   map[domain.ID]time.Time // guarded by mu
	stored map[domain.ID]time.Time // guarded by mu; the times that are stored
}

// storeInterval is by how much a stored time may be behind.
const storeInterval = time.Minute

func newLastEvents(now func() time.Time) lastEvents {
	return lastEvents{now: now, mu: &sync.Mutex{}, last: map[domain.ID]time.Time{}, stored: map[domain.ID]time.Time{}}
}

// noteEvent remembers a time. An older one than the last changes nothing, unless the last is still to come.
func (e lastEvents) noteEvent(channel domain.ID, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	if at.After(now) {
		at = now
	}
	if last := e.last[channel]; at.After(last) || last.After(now) {
		e.last[channel] = at
	}
}

// findLatest gives the later of the stored time and the remembered one, and no time that is still to come.
func (e lastEvents) findLatest(channel *domain.Channel) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	now, last := e.now(), e.last[channel.ID]
	if channel.LastEvent.After(last) {
		last = channel.LastEvent
	}
	if last.After(now) {
		return now
	}
	return last
}

// listUnstored gives the times that should be stored now.
func (e lastEvents) listUnstored() map[domain.ID]time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	unstored := map[domain.ID]time.Time{}
	for id, at := range e.last {
		if domain.IsLong(e.stored[id], at, storeInterval) {
			unstored[id] = at
		}
	}
	return unstored
}

// markStored notes that times were stored.
func (e lastEvents) markStored(stored map[domain.ID]time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	maps.Copy(e.stored, stored)
}
