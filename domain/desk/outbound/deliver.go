package outbound

import (
	"context"
	"io"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// deliverMessage sends one message. The attempt is on the disk before the first byte goes out: a message found in an attempt
// that never ended is uncertain and not sent again without an operator's decision.
func (s *Service) deliverMessage(ctx context.Context, j domain.Job) error {
	m, c, err := s.beginAttempt(ctx, j.Subject)
	if err != nil || m == nil {
		return err
	}
	receipt, err := s.sendToVendor(ctx, c, m)
	// The outcome is recorded even when the program is stopping: what the vendor said must not be forgotten.
	return s.settleAttempt(context.WithoutCancel(ctx), m.ID, receipt, err)
}

// beginAttempt begins a try, or gives nil when there is nothing to send.
func (s *Service) beginAttempt(ctx context.Context, id domain.ID) (out *domain.Message, c *carrier.Connection, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		out = nil
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		if c, err = s.connections.Find(ctx, m.ChannelID); err != nil {
			return err
		}
		if !m.State.IsPending() {
			return nil
		}
		if n := len(m.Attempts); n > 0 && m.Attempts[n-1].EndedAt.IsZero() {
			thread.EndAttempt(&m, tx.Now, domain.StateUncertain, &domain.Failure{Class: string(carrier.Uncertain), Key: "provider.uncertain"})
			if err := enqueueFind(tx, c, &m); err != nil {
				return err
			}
			return thread.PutMessage(tx, c, &m)
		}
		m.Attempts = append(m.Attempts, domain.Attempt{Number: len(m.Attempts) + 1, StartedAt: tx.Now})
		m.State, m.StateAt = domain.StateSending, tx.Now
		out = &m
		return thread.PutMessage(tx, c, &m)
	})
	return out, c, err
}

// sendToVendor gives the message to the vendor, its file first.
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

// makeUploadErrorCertain makes an uncertain upload certain: a file alone reaches nobody, so it may be uploaded again.
func makeUploadErrorCertain(err error) error {
	e := *carrier.AsError(err)
	if e.Class == carrier.Uncertain {
		e.Class, e.Key = carrier.Temporary, "provider.temporary"
	}
	return &e
}

// newEnvelope is the message as the contract of providers wants it, without what must be read from the store.
func newEnvelope(m *domain.Message) carrier.Outgoing {
	out := carrier.Outgoing{ID: m.ID, Kind: m.Kind, Text: m.Text, ReplyTo: m.ReplyToVendor}
	if m.Mail != nil {
		out.Mail, out.Files = newMailEnvelope(m)
		return out
	}
	if len(m.Attachments) > 0 && m.Kind != domain.KindTemplate {
		a := m.Attachments[0]
		out.Media = &carrier.OutgoingMedia{Name: a.Name, MIME: a.MIME, Size: a.Size, Voice: a.Voice}
	}
	return out
}

func (s *Service) completeEnvelope(ctx context.Context, m *domain.Message) (out carrier.Outgoing, err error) {
	out = newEnvelope(m)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(m.ConversationID)
		if err != nil {
			return err
		}
		out.To = conversation.To
		if m.Mail != nil {
			return s.completeLetter(ctx, tx, m, &out)
		}
		if len(m.Attachments) > 0 {
			f, err := tx.File(m.Attachments[0].FileID)
			if err != nil {
				return err
			}
			if out.Media == nil {
				out.Media = &carrier.OutgoingMedia{Name: f.Name, MIME: f.MIME, Size: f.Size}
			}
			out.Media.File = f.ID
			out.Media.Open = func() (io.ReadCloser, error) { return s.store.OpenFile(ctx, f), nil }
		}
		if m.Template == nil {
			return nil
		}
		t, err := tx.MessageTemplate(m.ChannelID, m.Template.Name, m.Template.Language)
		out.Template = &carrier.OutgoingTemplate{Template: t, Values: m.Template.Values, Media: out.Media}
		out.Media = nil
		return err
	})
	return out, err
}

// settleAttempt records how an attempt ended and asks for another try where that is safe.
func (s *Service) settleAttempt(ctx context.Context, id domain.ID, receipt carrier.Receipt, failed error) error {
	var again error
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		again = nil
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		c, err := s.connections.Find(ctx, m.ChannelID)
		if err != nil {
			return err
		}
		if failed == nil {
			return noteSent(tx, c, &m, receipt)
		}
		e := carrier.AsError(failed)
		again = noteFailure(&m, tx.Now, e)
		if err := enqueueFind(tx, c, &m); err != nil {
			return err
		}
		return thread.PutMessage(tx, c, &m)
	})
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	return again
}

// noteFailure notes a failed attempt on the message; a report that arrived meanwhile wins over an uncertain answer.
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

// noteSent notes that the vendor took the message, with whatever it reported before it answered.
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

// learnAliases adds other ids of the recipient that the vendor told, unless they are somebody else's.
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

// giveUpDelivery marks the message failed after the last try; the operator decides from its bubble, so no dead job is kept.
func (s *Service) giveUpDelivery(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, err := tx.Message(j.Subject)
	if err != nil || !m.State.IsPending() {
		return false, err
	}
	c, err := s.connections.Find(ctx, m.ChannelID)
	if err != nil {
		return false, err
	}
	thread.EndAttempt(&m, tx.Now, domain.StateFailed, j.LastError)
	return false, thread.PutMessage(tx, c, &m)
}
