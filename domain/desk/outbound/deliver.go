package outbound

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// newDeliverJob makes the job that delivers a message. The messages of a conversation leave one after another.
func newDeliverJob(m *domain.Message) domain.Job {
	return domain.Job{
		Kind:    domain.JobDeliver,
		Lane:    "conversation/" + m.ConversationID.String(),
		Queue:   connections.VendorQueue(m.ChannelID),
		Subject: m.ID,
	}
}

// enqueueDelivery has a message delivered that is stored next, in the same transaction. Where its job begins with the
// commit, the first attempt does too.
func enqueueDelivery(tx *store.Tx, m *domain.Message) error {
	m.WaitsSince = tx.Now
	begun, err := tx.EnqueueAtOnce(newDeliverJob(m))
	if begun {
		startAttempt(m, tx.Now)
	}
	return err
}

// startAttempt begins an attempt to send a message.
func startAttempt(m *domain.Message, now time.Time) {
	m.BeginAttempt(now)
	m.State, m.StateAt = domain.StateSending, now
}

// deliverMessage sends one message. The attempt is on the disk before the first byte goes out: a message whose last
// attempt never ended is uncertain, and is sent again only when an operator decides so.
func (s *Service) deliverMessage(ctx context.Context, j domain.Job) (jobs.Outcome, error) {
	if err := s.askFirst(ctx, j); err != nil {
		return nil, err
	}
	m, c, err := s.beginAttempt(ctx, j)
	if err != nil || m == nil {
		return nil, err
	}
	receipt, failed := s.sendToVendor(ctx, c, m)
	// The outcome is recorded even when the program is stopping: what the vendor said must not be forgotten.
	ctx = context.WithoutCancel(ctx)
	return func(tx *store.Tx) (end, err error) { return s.settleAttempt(ctx, tx, m.ID, receipt, failed) }, nil
}

// askFirst is connections.AskFirst for the channel of a message.
func (s *Service) askFirst(ctx context.Context, j domain.Job) error {
	if !j.Probe {
		return nil
	}
	_, c, err := s.thread.LoadMessage(ctx, j.Subject)
	if err != nil {
		return err
	}
	return s.connections.AskFirst(ctx, j, c)
}

// beginAttempt begins an attempt, unless that was done when the message was stored, and gives the message, or nil when
// there is nothing to send.
func (s *Service) beginAttempt(
	ctx context.Context,
	j domain.Job,
) (out *domain.Message, c *carrier.Connection, err error) {
	if j.Begun {
		// Read even when the program is stopping, so that an attempt of which nothing was sent is not left open.
		m, c, err := s.thread.LoadMessage(context.WithoutCancel(ctx), j.Subject)
		if err != nil || !m.State.IsPending() {
			return nil, c, err
		}
		return &m, c, nil
	}
	err = s.thread.UpdateMessage(ctx, j.Subject, func(tx *store.Tx, conn *carrier.Connection, m *domain.Message) error {
		out, c = nil, conn
		if !m.State.IsPending() {
			return nil
		}
		if n := len(m.Attempts); n > 0 && m.Attempts[n-1].EndedAt.IsZero() {
			thread.EndAttempt(m, tx.Now, domain.StateUncertain, &domain.Failure{
				Class: string(carrier.Uncertain),
				Key:   "provider.uncertain",
			})
			if err := enqueueFind(tx, c, m); err != nil {
				return err
			}
			return thread.PutMessage(tx, c, m)
		}
		startAttempt(m, tx.Now)
		out = m
		return thread.PutMessage(tx, c, m)
	})
	return out, c, err
}

// sendToVendor uploads the file of a message, if it has one, and sends the message.
func (s *Service) sendToVendor(ctx context.Context, c *carrier.Connection, m *domain.Message) (carrier.Receipt, error) {
	conn, err := c.Ready()
	if err != nil {
		return carrier.Receipt{}, connections.NewOffError(c, err)
	}
	out, err := s.completeEnvelope(ctx, m)
	if err != nil {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary", Err: err}
	}
	if out.Personal, err = s.isPersonal(ctx, c, m); err != nil {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary", Err: err}
	}
	media := out.Media
	if out.Template != nil {
		media = out.Template.Media
	}
	if media != nil {
		if media.VendorID, err = conn.Upload(ctx, *media); err != nil {
			return carrier.Receipt{}, makeUploadErrorCertain(err)
		}
	}
	return conn.Send(ctx, out)
}

// makeUploadErrorCertain makes an upload with an uncertain end one that may be tried again: a file alone reaches
// nobody.
func makeUploadErrorCertain(err error) error {
	e := *carrier.AsError(err)
	if e.Class == carrier.Uncertain {
		e.Class, e.Key = carrier.Temporary, "provider.temporary"
	}
	return &e
}

// settleAttempt stores how an attempt ended, and asks for another try where nothing is sent twice by it.
func (s *Service) settleAttempt(
	ctx context.Context,
	tx *store.Tx,
	id domain.ID,
	receipt carrier.Receipt,
	failed error,
) (again, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if failed == nil {
		return nil, noteSent(tx, c, &m, receipt)
	}
	again = noteFailure(&m, tx.Now, carrier.AsError(failed))
	if err := enqueueFind(tx, c, &m); err != nil {
		return nil, err
	}
	return again, thread.PutMessage(tx, c, &m)
}

// noteFailure notes a failed attempt on a message and gives the error by which its job ends. When the vendor has
// meanwhile reported more than the failure says, the report stays the state of the message.
func noteFailure(m *domain.Message, now time.Time, e *carrier.Error) (again error) {
	state, f := domain.StateFailed, e.Failure()
	switch {
	case e.CanWait():
		state, again = domain.StateQueued, connections.NewRetry(e)
	case e.Class == carrier.Uncertain:
		state, again = domain.StateUncertain, connections.NewOver(e)
	}
	if !m.State.IsPending() && !m.State.CanAdvanceTo(state) {
		reported, at, old := m.State, m.StateAt, m.Failure
		thread.EndAttempt(m, now, state, f)
		m.State, m.StateAt, m.Failure = reported, at, old
		return nil
	}
	thread.EndAttempt(m, now, state, f)
	return again
}

// noteSent stores that the vendor took a message, with what it reported before it answered.
func noteSent(tx *store.Tx, c *carrier.Connection, m *domain.Message, r carrier.Receipt) error {
	reported, at, failure := m.State, m.StateAt, m.Failure
	thread.EndAttempt(m, tx.Now, domain.StateSent, nil)
	m.VendorID = r.VendorID
	if domain.StateSent.CanAdvanceTo(reported) {
		m.State, m.StateAt, m.Failure = reported, at, failure
	}
	early, ok, err := tx.TakeOrphan(m.ChannelID, r.VendorID)
	if err != nil {
		return err
	}
	if ok {
		thread.AdvanceState(m, early.State, early.At, early.Failure)
	}
	if err := learnAliases(tx, m, r.Aliases); err != nil {
		return err
	}
	return thread.PutMessage(tx, c, m)
}

// learnAliases stores other identities of the recipient that the vendor told, unless they are somebody else's.
func learnAliases(tx *store.Tx, m *domain.Message, aliases []domain.Identity) error {
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	contact, err := tx.Contact(conversation.ContactID)
	if err != nil {
		return err
	}
	learned := false
	for _, a := range aliases {
		holder, taken, err := tx.ContactByIdentity(a)
		if err != nil {
			return err
		}
		isFree := !taken || holder.ID == contact.ID
		learned = isFree && contact.Learn(a) || learned
	}
	if !learned {
		return nil
	}
	return tx.PutContact(&contact)
}

// doubtDelivery makes a message that waits in restored data an uncertain one: it may have left after the backup was
// made. It is looked for at the vendor, and otherwise a person decides.
func (s *Service) doubtDelivery(ctx context.Context, tx *store.Tx, j *domain.Job) error {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil || !m.State.IsPending() {
		return err
	}
	if n := len(m.Attempts); n == 0 || !m.Attempts[n-1].EndedAt.IsZero() {
		// The one that may have been made then; what left, left after it was written.
		m.Attempts = append(m.Attempts, domain.Attempt{Number: n + 1, StartedAt: m.StateAt})
	}
	thread.EndAttempt(&m, tx.Now, domain.StateUncertain, &domain.Failure{
		Class: string(carrier.Uncertain),
		Key:   "provider.restored",
	})
	if err := enqueueFind(tx, c, &m); err != nil {
		return err
	}
	return thread.PutMessage(tx, c, &m)
}

// waitsUntil is until when a message waits to leave.
func (s *Service) waitsUntil(ctx context.Context, tx *store.Tx, j *domain.Job) (time.Time, error) {
	until, _, err := s.findWait(ctx, tx, j.Subject)
	return until, err
}

// findWait finds until when a message waits to leave, and whether it is then too late to write freely.
func (s *Service) findWait(ctx context.Context, tx *store.Tx, id domain.ID) (until time.Time, window bool, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, id)
	if err != nil {
		return until, false, err
	}
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return until, false, err
	}
	until, window = connections.AnswerWaitsUntil(c, &conversation, &m, tx.Now)
	return until, window, nil
}

// giveUpDelivery marks a message failed that waited as long as it could. The operator decides in the conversation
// whether it is sent again, so no dead job is kept.
func (s *Service) giveUpDelivery(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil || !m.State.IsPending() {
		return false, err
	}
	until, window, err := s.findWait(ctx, tx, j.Subject)
	if err != nil {
		return false, err
	}
	f := j.LastError
	if !tx.Now.Before(until) {
		f = newTooLate(c, j.LastError, window)
	}
	m.State, m.StateAt, m.Failure = domain.StateFailed, tx.Now, f // its last attempt keeps what the vendor said
	return false, thread.PutMessage(tx, c, &m)
}

// newTooLate says that a message could not leave in time; code and words are those of what kept it.
func newTooLate(c *carrier.Connection, kept *domain.Failure, window bool) *domain.Failure {
	f := domain.Failure{Class: string(carrier.Temporary)}
	if kept != nil {
		f = *kept
	}
	switch {
	case window && c.Capabilities().Templates:
		f.Class, f.Key = string(carrier.WindowClosed), "provider.late_template"
	case window:
		f.Class, f.Key = string(carrier.WindowClosed), "provider.late_window"
	default:
		f.Key = "provider.late"
	}
	return &f
}
