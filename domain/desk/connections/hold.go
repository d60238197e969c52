package connections

import (
	"context"
	"log/slog"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/store"
)

// What is written on a channel waits while its vendor takes nothing: the queue of the channel is held, see jobs.Queues.

// holds are what waits for vendors that take nothing. They are safe for many callers.
type holds struct {
	store  *store.Store
	queues *jobs.Queues
	log    *slog.Logger
}

// How long an answer waits on a channel whose vendor takes nothing, when no window ends before. Later it would surprise
// who gets it.
const (
	answerWaits = 6 * time.Hour
	letterWaits = 24 * time.Hour
)

// AnswerWaitsUntil is until when a message waits to leave: to the end of the time in which one may write freely, for a
// day at the most; for hours where there is no such time; a letter for a day. Then it is given up. m.WaitsSince counts,
// but not when it is still to come: then the clock was ahead.
func AnswerWaitsUntil(
	c *carrier.Connection,
	conversation *domain.Conversation,
	m *domain.Message,
	now time.Time,
) (until time.Time, window bool) {
	since := m.WaitsSince
	if since.IsZero() {
		since = m.At
	}
	if since.After(now) {
		since = now
	}
	caps := c.Capabilities()
	if caps.Mail {
		return since.Add(letterWaits), false
	}
	if caps.Window == 0 || m.Kind == domain.KindTemplate {
		return since.Add(answerWaits), false
	}
	until = conversation.WindowUntil(caps.Window, caps.WindowMargin)
	if personal := caps.PersonalUntil(conversation); m.Author.Kind == domain.ByOperator && personal.After(until) {
		until = personal
	}
	if longest := since.Add(letterWaits); longest.Before(until) {
		return longest, false
	}
	return until, true
}

// askFirst is Service.AskFirst.
func (h holds) askFirst(ctx context.Context, j domain.Job, c *carrier.Connection) error {
	hold, held := h.queues.Hold(j.Queue)
	isDoubtful := held && hold.Failure != nil && hold.Failure.Class == string(carrier.Uncertain)
	if !j.Probe || !isDoubtful || !c.IsInService() || !c.CanTest() || c.Capabilities().Mail {
		return nil
	}
	_, err := c.Test(ctx)
	if err == nil {
		return nil
	}
	if e := carrier.AsError(err); e.Refused() {
		return NewRetry(e)
	}
	return &jobs.Retry{Failure: hold.Failure, Silent: true, Err: err}
}

// tryAgain has everything go on that waits for a channel's vendor, because it may be back: it answered somebody, or an
// administrator changed the channel.
func (h holds) tryAgain(ctx context.Context, channel domain.ID) {
	queues := []string{VendorQueue(channel), FilesQueue(channel), scheduleQueue(channel)}
	err := h.store.Update(ctx, func(tx *store.Tx) error {
		for _, queue := range queues {
			if err := jobs.BringForward(tx, queue); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.log.Warn("connections: go on with what waited", "channel", channel, "err", err) // it does by itself, later
	}
	for _, queue := range queues {
		h.queues.TryNow(queue)
	}
}

// shownWaiting bounds how many waiting messages the pages are told of when a channel's queue is held.
const shownWaiting = 1000

// tell tells the pages that what waits in a queue waits for something else than before.
func (h holds) tell(ctx context.Context, queue string) {
	channel, err := domain.ParseID(queue)
	if err != nil {
		return // downloads and polls show nothing of it
	}
	ctx = context.WithoutCancel(ctx)
	err = h.store.Update(ctx, func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: channel})
		left := shownWaiting
		return tx.EachWaitingJob(queue, func(j domain.Job) error {
			if left--; j.Kind != domain.JobDeliver || left < 0 {
				return nil
			}
			m, err := tx.Message(j.Subject)
			if err != nil {
				return domain.IgnoreNotFound(err)
			}
			tx.Record(domain.Event{
				Kind: domain.EventMessageChanged, ChannelID: channel, ConversationID: m.ConversationID, MessageID: m.ID,
			})
			return nil
		})
	})
	if err != nil {
		h.log.Warn("connections: tell what waits for a channel", "channel", channel, "err", err)
	}
}
