package desk

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Rounds are what is done for every channel again and again: a look at its connection, and questions to a vendor that cannot call.
// Each is a chain of jobs in a lane of its own, where each enqueues the next.

const (
	settingReceive = "receive" // how messages come in: ReceivePoll, or by the vendor's webhooks
	checkEvery     = time.Hour
)

// ReceivePoll as the setting "receive" of a channel means that the desk asks the vendor, because nobody outside can reach it.
const ReceivePoll = "poll"

// asks tells whether a channel is asked again and again for what happened.
func asks(c *domain.Channel) bool { return c.Settings[settingReceive] == ReceivePoll }

func pollLane(channel domain.ID) string  { return "poll/" + channel.String() }
func checkLane(channel domain.ID) string { return "check/" + channel.String() }

// ensureRounds begins the rounds of all channels that have none. At the start of the program everybody is looked at right away,
// and asked for what came while it was away.
func (d *Desk) ensureRounds(ctx context.Context, starting bool) error {
	all, err := d.connections(ctx)
	if err != nil {
		return err
	}
	return d.store.Update(ctx, func(tx *store.Tx) error {
		for _, c := range all {
			if !c.IsInService() {
				continue
			}
			if err := ensureRound(tx, c, starting); err != nil {
				return err
			}
		}
		return nil
	})
}

// channelChanged makes everybody see a changed channel and begins the rounds it needs. What was known to be wrong with the old
// settings says nothing of the new ones.
func (d *Desk) channelChanged(ctx context.Context, id domain.ID, failed error) {
	d.forgetChannels()
	if failed != nil {
		return
	}
	d.health.forget(id)
	if err := d.ensureRounds(ctx, false); err != nil {
		d.log.Warn("desk: begin the rounds of a channel", "channel", id, "err", err) // the next start does
	}
}

func ensureRound(tx *store.Tx, c *carrier.Connection, starting bool) error {
	due := tx.Now
	if !starting {
		due = due.Add(checkEvery) // it was tried a moment ago, before it was stored
	}
	if err := chain(tx, domain.JobCheck, c.Channel.ID, checkLane(c.Channel.ID), due); err != nil {
		return err
	}
	switch {
	case !c.CanPoll():
		return nil
	case asks(&c.Channel):
		return chain(tx, domain.JobPoll, c.Channel.ID, pollLane(c.Channel.ID), tx.Now)
	case starting && !c.Channel.LastEvent.IsZero():
		return catchUp(tx, c.Channel.ID, c.Channel.LastEvent)
	}
	return nil
}

// chain begins a chain of jobs, or hurries the one that waits.
func chain(tx *store.Tx, kind domain.JobKind, channel domain.ID, lane string, due time.Time) error {
	id, ok, err := tx.NextInLane(lane)
	if err != nil {
		return err
	}
	if !ok {
		return tx.Enqueue(domain.Job{Kind: kind, Lane: lane, Queue: roundsQueue(channel), Subject: channel, Due: due})
	}
	j, err := tx.Job(id)
	if err != nil || j.State != domain.JobWaiting || !due.Before(j.Due) {
		return err
	}
	j.Due = due
	return tx.PutJob(&j)
}

// link enqueues the next job of a chain unless one waits already: a job that is run again after a crash must not begin a second
// chain.
func (d *Desk) link(ctx context.Context, j domain.Job, wait time.Duration, args map[string]string) error {
	return d.store.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.CountInLane(j.Lane, 2)
		if err != nil || n > 1 {
			return err
		}
		return tx.Enqueue(domain.Job{Kind: j.Kind, Lane: j.Lane, Queue: j.Queue, Subject: j.Subject, Due: tx.Now.Add(wait), Args: args})
	})
}
