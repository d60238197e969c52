package desk

import (
	"context"
	"io"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/store"
)

// deliver sends one message. The attempt is on the disk before the first byte goes out: a message found in an attempt
// that never ended is uncertain and not sent again without an operator's decision.
func (d *Desk) deliver(ctx context.Context, j domain.Job) error {
	m, c, err := d.attempt(ctx, j.Subject)
	if err != nil || m == nil {
		return err
	}
	receipt, err := d.handOver(ctx, c, m)
	// The outcome is recorded even when the program is stopping: what the vendor said must not be forgotten.
	return d.settle(context.WithoutCancel(ctx), m.ID, receipt, err)
}

// attempt begins a try, or gives nil when there is nothing to send.
func (d *Desk) attempt(ctx context.Context, id domain.ID) (out *domain.Message, c *carrier.Connection, err error) {
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		out = nil
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		if c, err = d.connection(ctx, m.ChannelID); err != nil {
			return err
		}
		if !m.State.IsPending() {
			return nil
		}
		if n := len(m.Attempts); n > 0 && m.Attempts[n-1].EndedAt.IsZero() {
			endAttempt(&m, tx.Now, domain.StateUncertain, &domain.Failure{Class: string(carrier.Uncertain), Key: "provider.uncertain"})
			if err := lookFor(tx, c, &m); err != nil {
				return err
			}
			return putMessage(tx, c, &m)
		}
		m.Attempts = append(m.Attempts, domain.Attempt{Number: len(m.Attempts) + 1, StartedAt: tx.Now})
		m.State, m.StateAt = domain.StateSending, tx.Now
		out = &m
		return putMessage(tx, c, &m)
	})
	return out, c, err
}

func endAttempt(m *domain.Message, now time.Time, state domain.MessageState, f *domain.Failure) {
	if n := len(m.Attempts); n > 0 {
		m.Attempts[n-1].EndedAt, m.Attempts[n-1].Outcome, m.Attempts[n-1].Failure = now, state, f
	}
	m.State, m.StateAt, m.Failure = state, now, f
}

// handOver gives the message to the vendor, its file first.
func (d *Desk) handOver(ctx context.Context, c *carrier.Connection, m *domain.Message) (carrier.Receipt, error) {
	line, err := c.Ready()
	if err != nil {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Key: "provider.channel_off", Err: err}
	}
	out, err := d.envelopeFor(ctx, m)
	if err != nil {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary", Err: err}
	}
	if out.Personal, err = d.personal(ctx, c, m); err != nil {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary", Err: err}
	}
	media := out.Media
	if out.Template != nil {
		media = out.Template.Media
	}
	if media != nil {
		if media.VendorID, err = line.Upload(ctx, *media); err != nil {
			return carrier.Receipt{}, uploadError(err)
		}
	}
	return line.Send(ctx, out)
}

// uploadError makes an uncertain upload certain: a file alone reaches nobody, so it may be uploaded again.
func uploadError(err error) error {
	e := *carrier.AsError(err)
	if e.Class == carrier.Uncertain {
		e.Class, e.Key = carrier.Temporary, "provider.temporary"
	}
	return &e
}

// envelope is the message as the contract of providers wants it, without what must be read from the store.
func envelope(m *domain.Message) carrier.Outgoing {
	out := carrier.Outgoing{ID: m.ID, Kind: m.Kind, Text: m.Text, ReplyTo: m.ReplyToVendor}
	if m.Mail != nil {
		out.Mail, out.Files = letterEnvelope(m)
		return out
	}
	if len(m.Attachments) > 0 && m.Kind != domain.KindTemplate {
		a := m.Attachments[0]
		out.Media = &carrier.OutgoingMedia{Name: a.Name, MIME: a.MIME, Size: a.Size, Voice: a.Voice}
	}
	return out
}

func (d *Desk) envelopeFor(ctx context.Context, m *domain.Message) (out carrier.Outgoing, err error) {
	out = envelope(m)
	err = d.store.View(ctx, func(tx *store.Tx) error {
		conversation, err := tx.Conversation(m.ConversationID)
		if err != nil {
			return err
		}
		out.To = conversation.To
		if m.Mail != nil {
			return d.completeLetter(ctx, tx, m, &out)
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
			out.Media.Open = func() (io.ReadCloser, error) { return d.store.OpenFile(ctx, f), nil }
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

// settle records how an attempt ended and asks for another try where that is safe.
func (d *Desk) settle(ctx context.Context, id domain.ID, receipt carrier.Receipt, failed error) error {
	var again error
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		again = nil
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		c, err := d.connection(ctx, m.ChannelID)
		if err != nil {
			return err
		}
		if failed == nil {
			return markTaken(tx, c, &m, receipt)
		}
		e := carrier.AsError(failed)
		again = outcome(&m, tx.Now, e)
		if err := lookFor(tx, c, &m); err != nil {
			return err
		}
		return putMessage(tx, c, &m)
	})
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	return again
}

// outcome notes a failed attempt on the message; a report that arrived meanwhile wins over an uncertain answer.
func outcome(m *domain.Message, now time.Time, e *carrier.Error) (again error) {
	state, f := domain.StateFailed, e.Failure()
	switch {
	case e.Class.CanRetry():
		state, again = domain.StateQueued, &jobs.Retry{Failure: f, Wait: e.RetryAfter, Silent: e.Unanswered(), Err: e}
	case e.Class == carrier.Uncertain:
		state, again = domain.StateUncertain, &jobs.Over{Err: e}
	}
	if !m.State.IsPending() && !m.State.CanAdvanceTo(state) {
		reported, at, old := m.State, m.StateAt, m.Failure
		endAttempt(m, now, state, f)
		m.State, m.StateAt, m.Failure = reported, at, old
		return nil
	}
	endAttempt(m, now, state, f)
	return again
}

// markTaken notes that the vendor took the message, with whatever it reported before it answered.
func markTaken(tx *store.Tx, c *carrier.Connection, m *domain.Message, r carrier.Receipt) error {
	reported, at, failure := m.State, m.StateAt, m.Failure
	endAttempt(m, tx.Now, domain.StateSent, nil)
	m.VendorID = r.VendorID
	if domain.StateSent.CanAdvanceTo(reported) {
		m.State, m.StateAt, m.Failure = reported, at, failure
	}
	early, ok, err := tx.TakeOrphan(m.ChannelID, r.VendorID)
	if err != nil {
		return err
	}
	if ok {
		progress(m, early.State, early.At, early.Failure)
	}
	if err := learnAliases(tx, m, r.Aliases); err != nil {
		return err
	}
	return putMessage(tx, c, m)
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

// deliverGivenUp marks the message failed after the last try; the operator decides from its bubble, so no dead job is kept.
func (d *Desk) deliverGivenUp(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, err := tx.Message(j.Subject)
	if err != nil || !m.State.IsPending() {
		return false, err
	}
	c, err := d.connection(ctx, m.ChannelID)
	if err != nil {
		return false, err
	}
	endAttempt(&m, tx.Now, domain.StateFailed, j.LastError)
	return false, putMessage(tx, c, &m)
}
