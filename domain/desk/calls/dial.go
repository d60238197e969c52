package calls

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

// Times of a call. Nobody waits minutes for a telephone to begin to ring, so tries end soon.
const (
	dialLimit       = 20 * time.Second // after it the operator is told that the call failed
	findPause       = 3 * time.Second  // before an uncertain call is looked for again
	firstCheckAfter = 90 * time.Second // after which the vendor is asked about a call: both telephones have stopped ringing
	checkInterval   = time.Minute
	checkLimit      = 6 * time.Hour // a call that the vendor still knows nothing about is closed
)

// newCallJob is a step of a call. Steps of one call run one after another, so that it cannot be hung up before it was dialled.
func newCallJob(kind domain.JobKind, m *domain.Message) domain.Job {
	return domain.Job{Kind: kind, Lane: "call/" + m.ID.String(), Queue: connections.VendorQueue(m.ChannelID), Subject: m.ID}
}

// dialOperator makes the operator's telephone ring. The attempt is on the disk before the vendor is called: one that never ended is looked
// for at the vendor and not repeated, because two telephones would ring.
func (s *Service) dialOperator(ctx context.Context, j domain.Job) error {
	m, c, uncertain, err := s.beginDialling(ctx, j.Subject)
	if err != nil || m == nil {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return s.failDial(ctx, m.ID, &domain.Failure{Class: string(carrier.Unauthorised), Key: "provider.channel_off"})
	}
	out := carrier.OutgoingCall{ID: m.ID, Agent: m.Call.OurNumber, To: domain.Identity{Kind: domain.PhoneIdentity, Value: m.Call.Number}, Language: m.Call.Language}
	if uncertain {
		return s.findUncertainCall(ctx, conn, m, out)
	}
	receipt, err := conn.Call(ctx, out)
	if err == nil {
		return s.markDialled(context.WithoutCancel(ctx), m.ID, receipt)
	}
	return s.markNotDialled(context.WithoutCancel(ctx), m, carrier.AsError(err))
}

// beginDialling begins an attempt; m is nil when there is nothing to do any more, and uncertain tells that an earlier attempt has to
// be looked for first.
func (s *Service) beginDialling(ctx context.Context, id domain.ID) (m *domain.Message, c *carrier.Connection, uncertain bool, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		m = nil
		call, err := tx.Message(id)
		if err != nil {
			return err
		}
		if c, err = s.connections.Find(ctx, call.ChannelID); err != nil {
			return err
		}
		if call.Call.State.IsOver() || call.Call.Leg(domain.OurSide) != "" {
			return nil
		}
		m = &call
		n := len(m.Attempts)
		if uncertain = n > 0 && (m.Attempts[n-1].EndedAt.IsZero() || m.Attempts[n-1].Outcome == domain.StateUncertain); uncertain {
			return nil
		}
		m.Attempts = append(m.Attempts, domain.Attempt{Number: n + 1, StartedAt: tx.Now})
		return thread.PutMessage(tx, c, m)
	})
	return m, c, uncertain, err
}

// findUncertainCall settles a call of which nobody knows whether it was set up.
func (s *Service) findUncertainCall(ctx context.Context, conn *carrier.Connection, m *domain.Message, out carrier.OutgoingCall) error {
	receipt, ok, err := conn.FindCall(ctx, out, m.Attempts[len(m.Attempts)-1].StartedAt)
	if err == nil && ok {
		return s.markDialled(context.WithoutCancel(ctx), m.ID, receipt)
	}
	return &jobs.Retry{Failure: &domain.Failure{Class: string(carrier.Uncertain), Key: "provider.uncertain"}, Wait: findPause, Err: err}
}

// markDialled notes that the operator's telephone rings. The vendor's own reports may have told so before.
func (s *Service) markDialled(ctx context.Context, id domain.ID, r carrier.CallReceipt) error {
	return s.updateCall(ctx, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		endAttempt(m, tx.Now, domain.StateSent, nil)
		m.VendorID = r.Leg
		m.Call.SetLeg(domain.OurSide, r.Leg)
		return putCall(tx, c, m, false)
	})
}

func (s *Service) markNotDialled(ctx context.Context, m *domain.Message, e *carrier.Error) error {
	outcome := domain.StateFailed
	if e.Class == carrier.Uncertain {
		outcome = domain.StateUncertain
	}
	again := e.Class == carrier.Uncertain || e.Class.CanRetry() && s.now().Before(m.Call.StartedAt.Add(dialLimit))
	err := s.updateCall(ctx, m.ID, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		endAttempt(m, tx.Now, outcome, e.Failure())
		if again {
			return thread.PutMessage(tx, c, m)
		}
		return s.markFailed(tx, c, m, e.Failure())
	})
	if err != nil || !again {
		return err
	}
	return &jobs.Retry{Failure: e.Failure(), Wait: max(e.RetryAfter, findPause), Err: e}
}

// endAttempt is endAttempt for an entry whose state tells nothing of sending.
func endAttempt(m *domain.Message, now time.Time, outcome domain.MessageState, f *domain.Failure) {
	state, at, failure := m.State, m.StateAt, m.Failure
	thread.EndAttempt(m, now, outcome, f)
	m.State, m.StateAt, m.Failure = state, at, failure
}

func (s *Service) failDial(ctx context.Context, id domain.ID, f *domain.Failure) error {
	return s.updateCall(ctx, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error { return s.markFailed(tx, c, m, f) })
}

// markFailed closes a call that could not be set up. Whoever pressed sees why on their panel.
func (s *Service) markFailed(tx *store.Tx, c *carrier.Connection, m *domain.Message, f *domain.Failure) error {
	if m.Call.State.IsOver() {
		return nil
	}
	before := m.Call.State
	m.Call.State, m.Call.EndedAt, m.Failure = domain.CallFailed, tx.Now, f
	return s.storeStateChange(tx, c, m, before)
}

// updateCall changes the entry of a call in the background.
func (s *Service) updateCall(ctx context.Context, id domain.ID, change func(*store.Tx, *carrier.Connection, *domain.Message) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(id)
		if err != nil {
			return err
		}
		c, err := s.connections.Find(ctx, m.ChannelID)
		if err != nil {
			return err
		}
		return change(tx, c, &m)
	})
}

// giveUpDial closes a call that was tried too often, or never found again.
func (s *Service) giveUpDial(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, err := tx.Message(j.Subject)
	if err != nil {
		return false, err
	}
	c, err := s.connections.Find(ctx, m.ChannelID)
	if err != nil {
		return false, err
	}
	f := j.LastError
	if f == nil {
		f = &domain.Failure{Class: string(carrier.Uncertain), Key: "provider.uncertain"}
	}
	return false, s.markFailed(tx, c, &m, f)
}

// callConnection is a call with the line it goes over.
func (s *Service) callConnection(ctx context.Context, id domain.ID) (domain.Message, *carrier.Connection, error) {
	m, c, err := s.thread.MessageAndConnection(ctx, id)
	if err != nil {
		return m, nil, err
	}
	conn, err := c.Ready()
	return m, conn, err
}

func newCallRef(m *domain.Message) carrier.CallRef {
	return carrier.CallRef{
		ID: m.ID, Incoming: m.Direction == domain.Incoming, Ours: m.Call.Leg(domain.OurSide), Theirs: m.Call.Leg(domain.TheirSide),
		Room: m.Call.Room, Language: m.Call.Language,
	}
}

// hangUpCall ends what is left of a call. One that was never set up ends here.
func (s *Service) hangUpCall(ctx context.Context, j domain.Job) error {
	m, conn, err := s.callConnection(ctx, j.Subject)
	if err != nil {
		return err
	}
	ref := newCallRef(&m)
	if ref.Ours == "" && ref.Theirs == "" {
		return s.failDial(ctx, m.ID, nil)
	}
	if err := conn.Hangup(ctx, ref); err != nil {
		return retryHarmless(err)
	}
	return nil
}

// retryHarmless asks for another try of a step that does no harm when it is done twice.
func retryHarmless(err error) error {
	e := carrier.AsError(err)
	if e.Class.CanRetry() || e.Class == carrier.Uncertain {
		return &jobs.Retry{Failure: e.Failure(), Wait: max(e.RetryAfter, time.Second), Err: e}
	}
	return err
}

// holdCustomer takes the customer to where they wait, or back.
func (s *Service) holdCustomer(ctx context.Context, j domain.Job) error {
	m, conn, err := s.callConnection(ctx, j.Subject)
	if err != nil || m.Call.State.IsOver() {
		return err
	}
	ref := newCallRef(&m)
	ref.Room = j.Args["room"] != ""
	if err := conn.Hold(ctx, ref, j.Args["on"] != ""); err != nil {
		return retryHarmless(err)
	}
	return nil
}

// giveUpHold shows the call as it really is: where it was.
func (s *Service) giveUpHold(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, err := tx.Message(j.Subject)
	if err != nil || m.Call.State.IsOver() {
		return false, err
	}
	c, err := s.connections.Find(ctx, m.ChannelID)
	if err != nil {
		return false, err
	}
	m.Call.Held, m.Call.Room = j.Args["on"] == "", j.Args["room"] != ""
	return false, putCall(tx, c, &m, false)
}

// checkCall asks the vendor about a call that should be over, for what was never told: webhooks get lost, and the program may have
// been killed while people spoke.
func (s *Service) checkCall(ctx context.Context, j domain.Job) error {
	m, conn, err := s.callConnection(ctx, j.Subject)
	if err != nil {
		return &jobs.Retry{Err: err}
	}
	if m.Call.State.IsOver() {
		return nil
	}
	var news []carrier.InboundCall
	if ref := newCallRef(&m); ref.Ours != "" || ref.Theirs != "" {
		if news, err = conn.LookUpCall(ctx, ref); err != nil {
			return retryHarmless(err)
		}
	}
	return s.updateCall(ctx, m.ID, func(tx *store.Tx, c *carrier.Connection, _ *domain.Message) error {
		for _, in := range news {
			in.Ours, in.Report.At = m.ID.String(), thread.ClampVendorTime(in.Report.At, tx.Now)
			if err := s.Receive(tx, c, in); err != nil {
				return err
			}
		}
		return s.checkAgainOrClose(tx, c, m.ID)
	})
}

// checkAgainOrClose looks once more in a while, or closes a call that nobody knows anything about.
func (s *Service) checkAgainOrClose(tx *store.Tx, c *carrier.Connection, id domain.ID) error {
	m, err := tx.Message(id)
	if err != nil || m.Call.State.IsOver() {
		return err
	}
	if tx.Now.Sub(m.Call.StartedAt) < checkLimit {
		again := newCallJob(domain.JobCallCheck, &m)
		again.Lane, again.Due = "", tx.Now.Add(checkInterval)
		return tx.Enqueue(again)
	}
	before := m.Call.State
	m.Call.State, m.Call.EndedAt = domain.CallEnded, tx.Now
	if m.Call.AnsweredAt.IsZero() {
		m.Call.State = domain.CallFailed
	}
	return s.storeStateChange(tx, c, &m, before)
}
