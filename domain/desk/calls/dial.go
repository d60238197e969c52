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

// Times of a call that is set up. Nobody waits minutes for a telephone to begin to ring, so tries end soon.
const (
	dialLimit = 20 * time.Second // after which the operator is told that the call failed
	findPause = 3 * time.Second  // before an uncertain call is asked for again
	// after which the vendor is asked about a call: both telephones have stopped ringing
	firstCheckAfter = 90 * time.Second
	checkInterval   = time.Minute   // until the vendor is asked again
	checkLimit      = 6 * time.Hour // after which a call that the vendor knows nothing new about is closed
)

// newCallJob makes the job of a step of a call. Steps of one call run one after another: it cannot be hung up before it
// was dialled.
func newCallJob(kind domain.JobKind, m *domain.Message) domain.Job {
	return domain.Job{
		Kind:    kind,
		Lane:    "call/" + m.ID.String(),
		Queue:   connections.VendorQueue(m.ChannelID),
		Subject: m.ID,
	}
}

// dialOperator makes the operator's telephone ring. The attempt is on the disk before the vendor is asked: one that
// never ended is looked for at the vendor and not repeated, because two telephones would ring.
func (s *Service) dialOperator(ctx context.Context, j domain.Job) error {
	m, c, uncertain, err := s.beginDialling(ctx, j.Subject)
	if err != nil || m == nil {
		return err
	}
	conn, err := c.Ready()
	if err != nil {
		return s.failDial(ctx, m.ID, &domain.Failure{Class: string(carrier.Unauthorised), Key: "provider.channel_off"})
	}
	out := carrier.OutgoingCall{
		ID:       m.ID,
		Agent:    m.Call.OurNumber,
		To:       domain.Identity{Kind: domain.PhoneIdentity, Value: m.Call.Number},
		Language: m.Call.Language,
	}
	if uncertain {
		return s.findUncertainCall(ctx, conn, m, out)
	}
	receipt, err := conn.Call(ctx, out)
	if err == nil {
		return s.markDialled(context.WithoutCancel(ctx), m.ID, receipt)
	}
	return s.markNotDialled(context.WithoutCancel(ctx), m, carrier.AsError(err))
}

// beginDialling begins an attempt. m is nil when there is nothing to do any more; uncertain says that an earlier
// attempt may have set the call up, so that no other begins.
func (s *Service) beginDialling(
	ctx context.Context,
	id domain.ID,
) (m *domain.Message, c *carrier.Connection, uncertain bool, err error) {
	err = s.thread.UpdateMessage(ctx, id, func(tx *store.Tx, conn *carrier.Connection, call *domain.Message) error {
		m, c, uncertain = nil, conn, false
		if call.Call.State.IsOver() || call.Call.Leg(domain.OurSide) != "" {
			return nil
		}
		m = call
		n := len(m.Attempts)
		if n > 0 {
			last := m.Attempts[n-1]
			uncertain = last.EndedAt.IsZero() || last.Outcome == domain.StateUncertain
		}
		if uncertain {
			return nil
		}
		m.Attempts = append(m.Attempts, domain.Attempt{Number: n + 1, StartedAt: tx.Now})
		return thread.PutMessage(tx, c, m)
	})
	return m, c, uncertain, err
}

// findUncertainCall asks the vendor for a call that may have been set up by an attempt without an end, and tries again
// until it is found or the job is given up.
func (s *Service) findUncertainCall(
	ctx context.Context,
	conn *carrier.Connection,
	m *domain.Message,
	out carrier.OutgoingCall,
) error {
	receipt, ok, err := conn.FindCall(ctx, out, m.Attempts[len(m.Attempts)-1].StartedAt)
	if err == nil && ok {
		return s.markDialled(context.WithoutCancel(ctx), m.ID, receipt)
	}
	return &jobs.Retry{
		Failure: &domain.Failure{Class: string(carrier.Uncertain), Key: "provider.uncertain"},
		Wait:    findPause,
		Err:     err,
	}
}

// markDialled notes that the vendor took the call: the operator's telephone rings. Its own reports may have said so
// before.
func (s *Service) markDialled(ctx context.Context, id domain.ID, r carrier.CallReceipt) error {
	return s.thread.UpdateMessage(ctx, id, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
		endAttempt(m, tx.Now, domain.StateSent, nil)
		m.VendorID = r.Leg
		m.Call.SetLeg(domain.OurSide, r.Leg)
		return putCall(tx, c, m, false)
	})
}

// markNotDialled notes that the vendor did not take the call, or may have, and asks for another try as long as that
// makes sense.
func (s *Service) markNotDialled(ctx context.Context, m *domain.Message, e *carrier.Error) error {
	outcome := domain.StateFailed
	if e.Class == carrier.Uncertain {
		outcome = domain.StateUncertain
	}
	isLate := domain.IsDue(m.Call.StartedAt.Add(dialLimit), s.now(), 2*dialLimit)
	again := e.Class == carrier.Uncertain || e.Class.CanRetry() && !isLate
	err := s.thread.UpdateMessage(ctx, m.ID, func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error {
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

// endAttempt is thread.EndAttempt for the entry of a call, whose state says nothing of sending and stays.
func endAttempt(m *domain.Message, now time.Time, outcome domain.MessageState, f *domain.Failure) {
	state, at, failure := m.State, m.StateAt, m.Failure
	thread.EndAttempt(m, now, outcome, f)
	m.State, m.StateAt, m.Failure = state, at, failure
}

// failDial is markFailed in a transaction of its own.
func (s *Service) failDial(ctx context.Context, id domain.ID, f *domain.Failure) error {
	return s.thread.UpdateMessage(
		ctx,
		id,
		func(tx *store.Tx, c *carrier.Connection, m *domain.Message) error { return s.markFailed(tx, c, m, f) },
	)
}

// markFailed closes a call that could not be set up. The operator sees f on their panel; nil is a call they hung up
// themselves.
func (s *Service) markFailed(tx *store.Tx, c *carrier.Connection, m *domain.Message, f *domain.Failure) error {
	if m.Call.State.IsOver() {
		return nil
	}
	before := m.Call.State
	m.Call.State, m.Call.EndedAt, m.Failure = domain.CallFailed, tx.Now, f
	return s.storeStateChange(tx, c, m, before)
}

// giveUpDial closes a call that was tried too often, or never found.
func (s *Service) giveUpDial(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil {
		return false, err
	}
	f := j.LastError
	if f == nil {
		f = &domain.Failure{Class: string(carrier.Uncertain), Key: "provider.uncertain"}
	}
	return false, s.markFailed(tx, c, &m, f)
}

// doubtDial closes a call that was being set up when the backup was made from which the data come: nobody waits for it
// any more.
func (s *Service) doubtDial(ctx context.Context, tx *store.Tx, j *domain.Job) error {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil {
		return err
	}
	return s.markFailed(tx, c, &m, &domain.Failure{Class: string(carrier.Uncertain), Key: "call.restored"})
}

// loadCall reads a call with the connection it goes over; a refusal when the channel is off.
func (s *Service) loadCall(ctx context.Context, id domain.ID) (domain.Message, *carrier.Connection, error) {
	m, c, err := s.thread.LoadMessage(ctx, id)
	if err != nil {
		return m, nil, err
	}
	conn, err := c.Ready()
	return m, conn, err
}

// newCallRef names a call to the vendor.
func newCallRef(m *domain.Message) carrier.CallRef {
	return carrier.CallRef{
		ID:       m.ID,
		Incoming: m.Direction == domain.Incoming,
		Ours:     m.Call.Leg(domain.OurSide),
		Theirs:   m.Call.Leg(domain.TheirSide),
		Room:     m.Call.Room,
		Language: m.Call.Language,
	}
}

// hangUpCall ends at the vendor what is left of a call. One that was never set up there is closed.
func (s *Service) hangUpCall(ctx context.Context, j domain.Job) error {
	m, conn, err := s.loadCall(ctx, j.Subject)
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

// retryHarmless asks for another try after a failure that may pass, and also when nobody knows whether the vendor
// acted: the step does no harm when it is done twice.
func retryHarmless(err error) error {
	e := carrier.AsError(err)
	if e.Class.CanRetry() || e.Class == carrier.Uncertain {
		return &jobs.Retry{Failure: e.Failure(), Wait: max(e.RetryAfter, time.Second), Err: e}
	}
	return err
}

// holdCustomer moves the customer at the vendor to where they wait, or back.
func (s *Service) holdCustomer(ctx context.Context, j domain.Job) error {
	m, conn, err := s.loadCall(ctx, j.Subject)
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

// giveUpHold shows the call as it was before: the customer was not moved.
func (s *Service) giveUpHold(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error) {
	m, c, err := s.thread.LoadMessageIn(ctx, tx, j.Subject)
	if err != nil || m.Call.State.IsOver() {
		return false, err
	}
	m.Call.Held, m.Call.Room = j.Args["on"] == "", j.Args["room"] != ""
	return false, putCall(tx, c, &m, false)
}

// checkCall asks the vendor about a call that should be over and takes the answer in like a report: webhooks get lost,
// and the program may have been killed while people spoke.
func (s *Service) checkCall(ctx context.Context, j domain.Job) error {
	m, conn, err := s.loadCall(ctx, j.Subject)
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
	return s.thread.UpdateMessage(ctx, m.ID, func(tx *store.Tx, c *carrier.Connection, _ *domain.Message) error {
		for _, in := range news {
			in.Ours, in.Report.At = m.ID.String(), thread.ClampVendorTime(in.Report.At, tx.Now)
			if err := s.Receive(tx, c, in); err != nil {
				return err
			}
		}
		return s.checkAgainOrClose(tx, c, m.ID)
	})
}

// checkAgainOrClose has a call checked again after checkInterval, or closes it when it began longer than checkLimit
// ago.
func (s *Service) checkAgainOrClose(tx *store.Tx, c *carrier.Connection, id domain.ID) error {
	m, err := tx.Message(id)
	if err != nil || m.Call.State.IsOver() {
		return err
	}
	if !domain.IsDue(m.Call.StartedAt.Add(checkLimit), tx.Now, 2*checkLimit) {
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
