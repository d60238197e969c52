package connections

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Schedules are what is done for every channel again and again: a check of its connection, and polls of a vendor that
// cannot call us. Each is a chain of jobs in a lane of its own, where each job enqueues the next.
const (
	CheckEvery = time.Hour // between two checks of a connection
	// by which a poll goes back before the last one: vendors' lists lag behind, and clocks differ
	PollMargin = 10 * time.Minute
	ArgSince   = "since" // of the job of a single poll, RFC 3339; without it the poll is one of a chain
)

// The setting of a channel that says how messages come in.
const (
	settingReceive = "receive"
	// the desk asks the vendor, because nobody outside can reach the desk; else the vendor's webhooks
	ReceivePoll = "poll"
)

// IsPolled reports whether a channel's vendor is asked again and again for what happened.
func IsPolled(c *domain.Channel) bool { return c.Settings[settingReceive] == ReceivePoll }

func pollLane(channel domain.ID) string { return "poll/" + channel.String() }

func checkLane(channel domain.ID) string { return "check/" + channel.String() }

// unknownGap is how far back is asked for what was missed when nobody knows since when.
const unknownGap = 24 * time.Hour

// CapPollStart is a time from which on to ask a vendor what happened. One that is still to come was noted when the clock
// was ahead: nothing would be found until then.
func CapPollStart(since, now time.Time) time.Time {
	if since.After(now) {
		return now.Add(-unknownGap)
	}
	return since
}

// ScheduleCatchUp enqueues one poll of a vendor for what happened since a time, less PollMargin, unless a poll waits
// already.
func ScheduleCatchUp(tx *store.Tx, channel domain.ID, since time.Time) error {
	lane := pollLane(channel)
	if n, err := tx.CountInLane(lane, 1); err != nil || n > 0 {
		return err
	}
	since = CapPollStart(since, tx.Now).Add(-PollMargin)
	return tx.Enqueue(domain.Job{
		Kind:    domain.JobPoll,
		Lane:    lane,
		Queue:   scheduleQueue(channel),
		Subject: channel,
		Args:    map[string]string{ArgSince: since.UTC().Format(time.RFC3339)},
	})
}

// ScheduleChecks begins the schedules of all channels in service that have none. At the start of the program (starting)
// every channel is checked at once, and vendors are asked for what came while it was not running.
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

// scheduleChannelChecks is ScheduleChecks for one channel.
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

// beginSchedule enqueues the first job of a chain. When one waits in its lane already it is made due earlier, if that
// is later.
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

// ScheduleNext enqueues the job that follows j in its chain after a wait, unless one waits already: a job that runs
// again after a crash must not begin a second chain.
func (s *Service) ScheduleNext(ctx context.Context, j domain.Job, wait time.Duration, args map[string]string) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		n, err := tx.CountInLane(j.Lane, 2)
		if err != nil || n > 1 {
			return err
		}
		return tx.Enqueue(domain.Job{
			Kind:    j.Kind,
			Lane:    j.Lane,
			Queue:   j.Queue,
			Subject: j.Subject,
			Due:     tx.Now.Add(wait),
			Args:    args,
		})
	})
}
