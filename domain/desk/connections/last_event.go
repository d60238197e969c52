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
	if domain.KindOf(err) == domain.NotFound || err == nil && !at.After(c.LastEvent) {
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
	mu     *sync.Mutex
	last   map[domain.ID]time.Time // guarded by mu
	stored map[domain.ID]time.Time // guarded by mu; the times that are stored
}

// storeInterval is by how much a stored time may be behind.
const storeInterval = time.Minute

func newLastEvents() lastEvents {
	return lastEvents{mu: &sync.Mutex{}, last: map[domain.ID]time.Time{}, stored: map[domain.ID]time.Time{}}
}

// noteEvent remembers a time. An older one than the last changes nothing.
func (e lastEvents) noteEvent(channel domain.ID, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if at.After(e.last[channel]) {
		e.last[channel] = at
	}
}

// findLatest gives the later of the stored time and the remembered one.
func (e lastEvents) findLatest(channel *domain.Channel) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	if last := e.last[channel.ID]; last.After(channel.LastEvent) {
		return last
	}
	return channel.LastEvent
}

// listUnstored gives the times that should be stored now.
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

// markStored notes that times were stored.
func (e lastEvents) markStored(stored map[domain.ID]time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	maps.Copy(e.stored, stored)
}
