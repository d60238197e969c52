package connections

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

const (
	PollMargin = 10 * time.Minute // asked for again each time: vendors' lists lag behind, and clocks differ
	ArgSince   = "since"          // of a single question, RFC 3339; without it the question is one of a chain
)

// ScheduleCatchUp asks a vendor once for what happened since then. Several reasons to ask become one question.
func ScheduleCatchUp(tx *store.Tx, channel domain.ID, since time.Time) error {
	lane := pollLane(channel)
	if n, err := tx.CountInLane(lane, 1); err != nil || n > 0 {
		return err
	}
	since = since.Add(-PollMargin)
	return tx.Enqueue(domain.Job{
		Kind: domain.JobPoll, Lane: lane, Queue: scheduleQueue(channel), Subject: channel, Args: map[string]string{ArgSince: since.UTC().Format(time.RFC3339)},
	})
}

// Rounds are what is done for every channel again and again: a look at its connection, and questions to a vendor that cannot call.
// Each is a chain of jobs in a lane of its own, where each enqueues the next.

const (
	settingReceive = "receive" // how messages come in: ReceivePoll, or by the vendor's webhooks
	CheckEvery     = time.Hour
)

// ReceivePoll as the setting "receive" of a channel means that the desk asks the vendor, because nobody outside can reach it.
const ReceivePoll = "poll"

// IsPolled tells whether a channel is asked again and again for what happened.
func IsPolled(c *domain.Channel) bool { return c.Settings[settingReceive] == ReceivePoll }

func pollLane(channel domain.ID) string { return "poll/" + channel.String() }

func checkLane(channel domain.ID) string { return "check/" + channel.String() }

// ScheduleChecks begins the rounds of all channels that have none. At the start of the program everybody is looked at right away,
// and asked for what came while it was away.
func (s *Service) ScheduleChecks(ctx context.Context, starting bool) error {
	all, err := s.ListAll(ctx)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		for _, c := range all {
			if !c.IsInService() {
				continue
			}
			if err := scheduleChannelChecks(tx, c, starting); err != nil {
				return err
			}
		}
		return nil
	})
}

// ApplyChange makes everybody see a changed channel and begins the rounds it needs. What was known to be wrong with the old
// settings says nothing of the new ones.
func (s *Service) ApplyChange(ctx context.Context, id domain.ID, failed error) {
	s.Reload()
	if failed != nil {
		return
	}
	s.health.forgetChannel(id)
	if err := s.ScheduleChecks(ctx, false); err != nil {
		s.log.Warn("connections: begin the rounds of a channel", "channel", id, "err", err) // the next start does
	}
}

func scheduleChannelChecks(tx *store.Tx, c *carrier.Connection, starting bool) error {
	due := tx.Now
	if !starting {
		due = due.Add(CheckEvery) // it was tried a moment ago, before it was stored
	}
	if err := beginSchedule(tx, domain.JobCheck, c.Channel.ID, checkLane(c.Channel.ID), due); err != nil {
		return err
	}
	switch {
	case !c.CanPoll():
		return nil
	case IsPolled(&c.Channel):
		return beginSchedule(tx, domain.JobPoll, c.Channel.ID, pollLane(c.Channel.ID), tx.Now)
	case starting && !c.Channel.LastEvent.IsZero():
		return ScheduleCatchUp(tx, c.Channel.ID, c.Channel.LastEvent)
	}
	return nil
}

// beginSchedule begins a chain of jobs, or hurries the one that waits.
func beginSchedule(tx *store.Tx, kind domain.JobKind, channel domain.ID, lane string, due time.Time) error {
	id, ok, err := tx.NextInLane(lane)
	if err != nil {
		return err
	}
	if !ok {
		return tx.Enqueue(domain.Job{Kind: kind, Lane: lane, Queue: scheduleQueue(channel), Subject: channel, Due: due})
	}
	j, err := tx.Job(id)
	if err != nil || j.State != domain.JobWaiting || !due.Before(j.Due) {
		return err
	}
	j.Due = due
	return tx.PutJob(&j)
}

// ScheduleNext enqueues the next job of a chain unless one waits already: a job that is run again after a crash must not begin a second
// chain.
func (s *Service) ScheduleNext(ctx context.Context, j domain.Job, wait time.Duration, args map[string]string) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.CountInLane(j.Lane, 2)
		if err != nil || n > 1 {
			return err
		}
		return tx.Enqueue(domain.Job{Kind: j.Kind, Lane: j.Lane, Queue: j.Queue, Subject: j.Subject, Due: tx.Now.Add(wait), Args: args})
	})
}
