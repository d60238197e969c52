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

// deliverMessage sends one message. The attempt is on the disk before the first byte goes out: a message whose last
// attempt never ended is uncertain, and is sent again only when an operator decides so.
func (s *Service) deliverMessage(ctx context.Context, j domain.Job) error {
	m, c, err := s.beginAttempt(ctx, j.Subject)
	if err != nil || m == nil {
		return err
	}
	receipt, err := s.sendToVendor(ctx, c, m)
	// The outcome is recorded even when the program is stopping: what the vendor said must not be forgotten.
	return s.settleAttempt(context.WithoutCancel(ctx), m.ID, receipt, err)
}

// beginAttempt begins an attempt and gives the message, or nil when there is nothing to send.
func (s *Service) beginAttempt(
	ctx context.Context,
	id domain.ID,
) (out *domain.Message, c *carrier.Connection, err error) {
	err = s.thread.UpdateMessage(ctx, id, func(tx *store.Tx, conn *carrier.Connection, m *domain.Message) error {
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
		m.Attempts = append(m.Attempts, domain.Attempt{Number: len(m.Attempts) + 1, StartedAt: tx.Now})
		m.State, m.StateAt = domain.StateSending, tx.Now
		out = m
		return thread.PutMessage(tx, c, m)
	})
	return out, c, err
}

// sendToVendor uploads the file of a message, if it has one, and sends the message.
func (s *Service) sendToVendor(ctx context.Context, c *carrier.Connection, m *domain.Message) (carrier.Receipt, error) {
	conn, err := c.Ready()
	if err != nil {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Key: "provider.channel_off", Err: err}
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
func (s *Service) settleAttempt(ctx context.Context, id domain.ID, receipt carrier.Receipt, failed error) error {
	var again error
	err := s.thread.UpdateMessage(ctx, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		if again = nil; failed == nil {
			return noteSent(tx, c, m, receipt)
		}
		again = noteFailure(m, tx.Now, carrier.AsError(failed))
		if err := enqueueFind(tx, c, m); err != nil {
			return err
		}
		return thread.PutMessage(tx, c, m)
	})
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	return again
}

// noteFailure notes a failed attempt on a message and gives the error by which its job ends. When the vendor has
// meanwhile reported more than the failure says, the report stays the state of the message.
func noteFailure(m *domain.Message, now time.Time, e *carrier.Error) (again error) {
	state, f := domain.StateFailed, e.Failure()
	switch {
	case e.Class.CanRetry():
		state, again = domain.StateQueued, &jobs.Retry{Failure: f, Wait: e.RetryAfter, Silent: e.Unanswered(), Err: e}
	case e.Class == carrier.Uncertain:
		state, again = domain.StateUncertain, &jobs.Over{Err: e}
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
		_, taken, err := tx.ContactByIdentity(a)
		if err != nil {
			return err
		}
		learned = !taken && contact.Learn(a) || learned
	}
	if !learned {
		return nil
	}
	return tx.PutContact(&contact)
}

// giveUpDelivery marks a message failed after the last try. The operator decides in the conversation whether it is sent
// again, so no dead job is kept.
func (s *Service) giveUpDelivery(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil || !m.State.IsPending() {
		return false, err
	}
	thread.EndAttempt(&m, tx.Now, domain.StateFailed, j.LastError)
	return false, thread.PutMessage(tx, c, &m)
}
