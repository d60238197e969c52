package desk

import (
	"context"
	"maps"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// calls remembers when each channel's vendor last called. Only the memory is exact: writing the channel with every webhook would
// cost a commit each, for a time that people read to the minute.
type calls struct {
	mu   *sync.Mutex
	last map[domain.ID]time.Time // guarded by mu
	kept map[domain.ID]time.Time // guarded by mu; what of it is stored
}

// keepEvery is how old the stored time of a call may become.
const keepEvery = time.Minute

func newCalls() calls {
	return calls{mu: &sync.Mutex{}, last: map[domain.ID]time.Time{}, kept: map[domain.ID]time.Time{}}
}

// addNote remembers a call. A repeat of an older one changes nothing.
func (c calls) note(channel domain.ID, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.last[channel]) {
		c.last[channel] = at
	}
}

// latest is the later of the stored time and the remembered one.
func (c calls) latest(channel *domain.Channel) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last := c.last[channel.ID]; last.After(channel.LastEvent) {
		return last
	}
	return channel.LastEvent
}

// due are the calls that should be stored now.
func (c calls) due() map[domain.ID]time.Time {
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

func (c calls) keep(stored map[domain.ID]time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.Copy(c.kept, stored)
}

// keepCalls stores the times of calls that are due. Nothing depends on them, so trouble is only logged and the next call tries again.
func (d *Desk) keepCalls(ctx context.Context) {
	due := d.calls.due()
	if len(due) == 0 {
		return
	}
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		for id, at := range due {
			if err := keepCall(tx, id, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.log.Warn("desk: keep when a vendor last called", "err", err)
		return
	}
	d.calls.keep(due)
}

func keepCall(tx *store.Tx, id domain.ID, at time.Time) error {
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
func (d *Desk) noteEvent(channel domain.ID, at time.Time) { d.calls.note(channel, at) }

// lastEvent is when a channel's vendor last told something; zero = never.
func (d *Desk) lastEvent(c *domain.Channel) time.Time { return d.calls.latest(c) }
