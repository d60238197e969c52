package inbound

import (
	"context"
	"strconv"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/files"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// Pauses between two polls of a vendor.
const (
	shortestPollPause = 15 * time.Second // while people write
	longestPollPause  = time.Minute      // when no message came for a while
	refusedPollPause  = 10 * time.Minute // at the most after failures, and always when our credentials are refused
)

// argFailures names the argument of a chained job that counts how many polls in a row failed.
const argFailures = "fails"

// pollChannel asks a vendor what happened and takes the answer in like webhooks. What is stored already changes
// nothing, so that the same may be asked for again and nothing need be journalled.
func (s *Service) pollChannel(ctx context.Context, j domain.Job) error {
	c, err := s.connections.Find(ctx, j.Subject)
	if err != nil || !c.IsInService() || !c.CanPoll() {
		return nil // the chain ends; switching the channel on begins another
	}
	if since, err := time.Parse(time.RFC3339, j.Args[connections.ArgSince]); err == nil {
		_, err := s.pollOnce(ctx, c, connections.CapPollStart(since, s.now()))
		return connections.RetryTemporary(err)
	}
	if !connections.IsPolled(&c.Channel) {
		return nil
	}
	return s.pollAgain(ctx, c, j)
}

// pollAgain polls from where the last poll ended, and enqueues the next poll of the chain whatever comes of it.
func (s *Service) pollAgain(ctx context.Context, c *carrier.Connection, j domain.Job) error {
	begun := s.now()
	since, err := s.findPollStart(ctx, c)
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	fresh, err := s.pollOnce(ctx, c, since)
	if err == nil {
		err = s.store.SetReceiverCursor(ctx, c.Channel.ID, begun.UTC().Format(time.RFC3339))
	}
	if err != nil {
		return s.scheduleAfterFailure(ctx, j, carrier.AsError(err))
	}
	if last := s.connections.LastEvent(&c.Channel); fresh || last.IsZero() {
		s.connections.NoteEvent(c.Channel.ID, begun)
		s.connections.StoreLastEvents(ctx)
	}
	quiet := begun.Sub(s.connections.LastEvent(&c.Channel))
	return s.connections.ScheduleNext(ctx, j, min(max(quiet/40, shortestPollPause), longestPollPause), nil)
}

// scheduleAfterFailure enqueues the next poll of a chain after one that failed, later with each failure in a row.
func (s *Service) scheduleAfterFailure(ctx context.Context, j domain.Job, e *carrier.Error) error {
	failures, _ := strconv.Atoi(j.Args[argFailures]) // no text means no failure yet
	wait := max(e.RetryAfter, min(shortestPollPause<<min(failures, 10), refusedPollPause))
	if e.Class == carrier.Unauthorised {
		wait = refusedPollPause
	}
	if err := s.connections.ScheduleNext(ctx, j, wait, map[string]string{argFailures: strconv.Itoa(failures + 1)}); err != nil {
		return &jobs.Retry{Err: err}
	}
	if e.Unanswered() {
		return connections.NewOver(e)
	}
	return nil
}

// findPollStart finds from when on to ask: when the last successful poll began, less a margin, and not before the
// channel was made.
func (s *Service) findPollStart(ctx context.Context, c *carrier.Connection) (time.Time, error) {
	text, err := s.readCursor(ctx, c.Channel.ID)
	if err != nil {
		return time.Time{}, err
	}
	now := s.now()
	since := connections.CapPollStart(c.Channel.CreatedAt, now)
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		at = connections.CapPollStart(at, now).Add(-connections.PollMargin)
		if at.After(since) {
			since = at
		}
	}
	return since, nil
}

// pollOnce asks a vendor for what happened since a time and takes it in. fresh says that there was a message not yet
// stored.
func (s *Service) pollOnce(ctx context.Context, c *carrier.Connection, since time.Time) (fresh bool, err error) {
	batch, err := c.Poll(ctx, since)
	if err != nil {
		return false, err
	}
	for i := range batch.Messages {
		batch.Messages[i].Polled, batch.Messages[i].Account, batch.Messages[i].Driver = true, "", ""
	}
	for i := range batch.Statuses {
		batch.Statuses[i].Account, batch.Statuses[i].Driver = "", ""
	}
	if fresh, err = s.hasNews(ctx, c, batch); err != nil {
		return false, err
	}
	p := &parsedEntry{entry: domain.JournalEntry{ChannelID: c.Channel.ID}, via: c}
	p.planSteps(s, carrier.Batch{Messages: batch.Messages, Statuses: batch.Statuses})
	return fresh, s.takePolled(ctx, p)
}

// hasNews reports whether a batch has a message that is not stored yet.
func (s *Service) hasNews(ctx context.Context, c *carrier.Connection, b carrier.Batch) (fresh bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		for _, m := range b.Messages {
			_, stored, err := tx.MessageByVendorID(c.Channel.ID, m.VendorID)
			if err != nil {
				return err
			}
			fresh = fresh || !stored
		}
		return nil
	})
	return fresh, err
}

// takePolled takes items in, many to a transaction. One that cannot be stored is left out, alone, and comes again with
// the next poll.
func (s *Service) takePolled(ctx context.Context, p *parsedEntry) error {
	for p.next < len(p.steps) {
		at := p.next
		err := s.store.Update(ctx, func(tx *store.Tx) error {
			for at = p.next; at < len(p.steps) && tx.Ops() <= intakeMaxOps; at++ {
				if err := p.takeStep(ctx, tx, at); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			p.next = at
			continue
		}
		if ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable {
			return err
		}
		if at > p.next { // those before the one at fault
			before := &parsedEntry{entry: p.entry, via: p.via, steps: p.steps[:at], next: p.next}
			if err := s.takePolled(ctx, before); err != nil {
				return err
			}
		}
		s.log.Warn("inbound: a polled item cannot be stored", "channel", p.entry.ChannelID, "err", err)
		p.next = at + 1
	}
	return nil
}

// enrichPolled completes a message that came by a poll with what the vendor's webhook says of it later: the sender's
// name, a button, a location, what it answers. Its time, and whether it was answered, stay as they are.
func enrichPolled(tx *store.Tx, c *carrier.Connection, m domain.Message, in carrier.InboundMessage) error {
	contact, err := thread.LearnContact(tx, in)
	if err != nil {
		return err
	}
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	if conversation.ContactID == contact.ID && conversation.Name != contact.Title() {
		thread.NameConversation(&conversation, &contact)
		m.Author.Name = conversation.Name
		if err := thread.PutConversation(tx, c, &conversation); err != nil {
			return err
		}
	}
	m.Polled, m.Kind, m.Text, m.Raw = false, in.Kind, in.Text, in.Raw
	m.Location, m.Cards, m.Order = in.Location, in.Cards, in.Order
	m.Choice, m.Referral, m.Forwarded = in.Choice, in.Referral, in.Forwarded
	if len(m.Attachments) != len(in.Attachments) {
		m.Attachments = in.Attachments
		if err := files.EnqueueFetches(tx, &m); err != nil {
			return err
		}
	}
	if m.ReplyToVendor = in.ReplyTo; in.ReplyTo != "" {
		if err := linkQuoted(tx, &m, in.ReplyTo); err != nil {
			return err
		}
	}
	return thread.PutMessage(tx, c, &m)
}
