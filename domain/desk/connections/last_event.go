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
	mu   *sync.Mutex
	last map[domain.ID]time.Time // guarded by mu
	kept map[domain.ID]time.Time // guarded by mu; what of it is stored
}

// keepEvery is how old the stored time of a call may become.
const keepEvery = time.Minute

func newLastEvents() lastEvents {
	return lastEvents{mu: &sync.Mutex{}, last: map[domain.ID]time.Time{}, kept: map[domain.ID]time.Time{}}
}

// note remembers a call. A repeat of an older one changes nothing.
func (c lastEvents) note(channel domain.ID, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.last[channel]) {
		c.last[channel] = at
	}
}

// latest is the later of the stored time and the remembered one.
func (c lastEvents) latest(channel *domain.Channel) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last := c.last[channel.ID]; last.After(channel.LastEvent) {
		return last
	}
	return channel.LastEvent
}

// due are the calls that should be stored now.
func (c lastEvents) due() map[domain.ID]time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	due := map[domain.ID]time.Time{}
	for id, at := range c.last {
		if at.Sub(c.kept[id]) >= keepEvery {
			due[id] = at
		}
	}
	return due
}

func (c lastEvents) keep(stored map[domain.ID]time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.Copy(c.kept, stored)
}

// KeepLastEvents stores the times of calls that are due. Nothing depends on them, so trouble is only logged and the next call tries again.
func (s *Service) KeepLastEvents(ctx context.Context) {
	due := s.events.due()
	if len(due) == 0 {
		return
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		for id, at := range due {
			if err := storeLastEvent(tx, id, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.log.Warn("desk: keep when a vendor last called", "err", err)
		return
	}
	s.events.keep(due)
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
func (s *Service) NoteEvent(channel domain.ID, at time.Time) { s.events.note(channel, at) }

// lastEvent is when a channel's vendor last told something; zero = never.
func (s *Service) LastEvent(c *domain.Channel) time.Time { return s.events.latest(c) }
