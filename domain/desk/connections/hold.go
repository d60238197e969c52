package connections

import (
	"context"
	"log/slog"
	"slices"
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
	for _, queue := range []string{VendorQueue(channel), FilesQueue(channel), scheduleQueue(channel)} {
		if err := h.queues.TryNow(ctx, h.store, queue); err != nil {
			h.log.Warn("connections: go on with what waited", "queue", queue, "err", err) // it does by itself, later
		}
	}
}

// toldAtOnce bounds one transaction that tells the pages of messages.
const toldAtOnce = 200

// tell tells the pages that what waits in a queue waits for something else than before.
func (h holds) tell(ctx context.Context, queue string) {
	channel, err := domain.ParseID(queue)
	if err != nil {
		return // downloads and polls show nothing of it
	}
	ctx = context.WithoutCancel(ctx)
	events := []domain.Event{{Kind: domain.EventChannelChanged, ChannelID: channel}}
	err = h.store.View(ctx, func(tx *store.Tx) error {
		return tx.EachWaitingJob(queue, func(j domain.Job) error {
			if j.Kind != domain.JobDeliver {
				return nil
			}
			m, err := tx.Message(j.Subject)
			if err != nil {
				return domain.IgnoreNotFound(err)
			}
			events = append(events, domain.Event{
				Kind: domain.EventMessageChanged, ChannelID: channel, ConversationID: m.ConversationID, MessageID: m.ID,
			})
			return nil
		})
	})
	for part := range slices.Chunk(events, toldAtOnce) {
		if err != nil {
			break
		}
		err = h.store.Update(ctx, func(tx *store.Tx) error {
			for _, e := range part {
				tx.Record(e)
			}
			return nil
		})
	}
	if err != nil {
		h.log.Warn("connections: tell what waits for a channel", "channel", channel, "err", err)
	}
}
