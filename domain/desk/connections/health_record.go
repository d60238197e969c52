package connections

import (
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// healthRecords remember how each channel's line to its vendor does: what failed since when, and how much of the last hour. Only the
// memory knows; after a start every channel counts as well until it is asked. It is safe for many callers.
type healthRecords struct {
	now     func() time.Time
	changed func(channel domain.ID, since time.Time) // told when a channel begins or ceases to fail; since when it had failed, zero when it begins

	mu        sync.Mutex
	of        map[domain.ID]*healthRecord  // guarded by mu
	receivers map[domain.ID]ReceiverStatus // guarded by mu; one for every channel that receives
}

// healthRecord is what is remembered of one channel.
type healthRecord struct {
	first   time.Time      // of the failures in a row
	row     int            // failures in a row
	err     *carrier.Error // the last of them
	failing bool
	checked carrier.Condition // what the last check found
	looked  time.Time         // when that was; zero = never
	minutes [60]minuteCounts
}

// minuteCounts is what happened within one minute of the clock.
type minuteCounts struct {
	at     int64 // minutes since 1970
	calls  int
	errors int
}

// failuresInRow is how many calls in a row may go unanswered before a channel counts as failing: one that was cut is nobody's news.
const failuresInRow = 3

func newHealthRecords(now func() time.Time, changed func(domain.ID, time.Time)) *healthRecords {
	return &healthRecords{now: now, changed: changed, of: map[domain.ID]*healthRecord{}, receivers: map[domain.ID]ReceiverStatus{}}
}

// recordOf gives what is remembered of a channel. Call with mu held.
func (v *healthRecords) recordOf(channel domain.ID) *healthRecord {
	if v.of[channel] == nil {
		v.of[channel] = &healthRecord{}
	}
	return v.of[channel]
}

// noteSuccess notes that the vendor answered.
func (v *healthRecords) noteSuccess(channel domain.ID) {
	v.changeRecord(channel, func(c *healthRecord) {
		c.currentMinute(v.now()).calls++
		c.markGood()
	})
}

// noteOutcome notes how a call to the vendor failed. A refusal of one message is an answer all the same; credentials that are refused
// make the channel fail at once, silence only when it lasts. nil and a stop of the program are no failures.
func (v *healthRecords) noteOutcome(channel domain.ID, err error) {
	if err == nil {
		v.noteSuccess(channel)
		return
	}
	e := carrier.AsError(err)
	if e.Key == "provider.stopped" {
		return
	}
	v.changeRecord(channel, func(c *healthRecord) {
		m := c.currentMinute(v.now())
		m.calls, m.errors = m.calls+1, m.errors+1
		switch e.Class {
		case carrier.Unauthorised:
			c.markFailed(e, v.now(), 1)
		case carrier.Temporary, carrier.Uncertain:
			c.markFailed(e, v.now(), failuresInRow)
		case carrier.RateLimited:
		default:
			if e.Code != "" { // else it was refused here
				c.markGood()
			}
		}
	})
}

// noteInspection notes what a check found; it counts as an answer of the vendor.
func (v *healthRecords) noteInspection(channel domain.ID, found carrier.Condition) {
	v.changeRecord(channel, func(c *healthRecord) {
		c.checked, c.looked = found, v.now()
		if found.State != carrier.ConditionBroken {
			c.markGood()
		}
	})
}

// forgetChannel drops what is known of a channel whose settings changed.
func (v *healthRecords) forgetChannel(channel domain.ID) {
	v.changeRecord(channel, func(c *healthRecord) { *c = healthRecord{minutes: c.minutes} })
}

// changeRecord changes what is remembered and tells when the channel's state became another by it.
func (v *healthRecords) changeRecord(channel domain.ID, change func(*healthRecord)) {
	v.mu.Lock()
	c := v.recordOf(channel)
	was, since, sick := c.failing, c.first, c.checked.State
	change(c)
	news := was != c.failing || sick != c.checked.State
	if !was || c.failing {
		since = time.Time{}
	}
	v.mu.Unlock()
	if news {
		v.changed(channel, since)
	}
}

// copyRecord gives a copy of what is remembered.
func (v *healthRecords) copyRecord(channel domain.ID) healthRecord {
	v.mu.Lock()
	defer v.mu.Unlock()
	return *v.recordOf(channel)
}

func (c *healthRecord) markGood() { c.row, c.failing, c.err, c.first = 0, false, nil, time.Time{} }

func (c *healthRecord) markFailed(e *carrier.Error, now time.Time, enough int) {
	if c.row == 0 {
		c.first = now
	}
	c.row++
	c.err = e
	c.failing = c.failing || c.row >= enough
}

// currentMinute is the place of the minute in the ring; an hour later it is used again.
func (c *healthRecord) currentMinute(now time.Time) *minuteCounts {
	at := now.Unix() / 60
	m := &c.minutes[at%60]
	if m.at != at {
		*m = minuteCounts{at: at}
	}
	return m
}

// countLastHour sums up the last sixty minutes.
func (c *healthRecord) countLastHour(now time.Time) (calls, errors int) {
	from := now.Unix()/60 - 59
	for _, m := range c.minutes {
		if m.at >= from {
			calls, errors = calls+m.calls, errors+m.errors
		}
	}
	return calls, errors
}

// ReceiverStatus says how a channel's receiver is doing, since when, and what went wrong last.
type ReceiverStatus struct {
	State string
	Since time.Time
	Err   *carrier.Error
}

// The states of a receiver.
const (
	ReceiverConnecting = "connecting" // for the first time since the channel or the program was switched on
	ReceiverConnected  = "connected"  // everything up to now was handed over
	ReceiverWaiting    = "waiting"    // the connection broke and is tried again by itself
	ReceiverStopped    = "stopped"    // refused: only changed settings can help
)

// noteReceiver notes how a channel's receiver is doing and reports whether its state became another.
func (v *healthRecords) noteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	old := v.receivers[channel]
	now := ReceiverStatus{State: state, Since: v.now(), Err: err}
	if old.State == state {
		now.Since = old.Since
	}
	v.receivers[channel] = now
	return old.State != state
}

// forgetReceiver drops the state of a receiver that was ended.
func (v *healthRecords) forgetReceiver(channel domain.ID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.receivers, channel)
}

// receiver says how the receiver of a channel is doing; its state is "" for a channel that has none.
func (v *healthRecords) receiver(channel domain.ID) ReceiverStatus {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.receivers[channel]
}

// NoteReceiver notes how a channel's receiver is doing and reports whether its state became another.
func (s *Service) NoteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	return s.health.noteReceiver(channel, state, err)
}

// ForgetReceiver drops the state of a receiver that was ended.
func (s *Service) ForgetReceiver(channel domain.ID) { s.health.forgetReceiver(channel) }

// Receiver says how a channel's receiver is doing; its state is "" for a channel that has none.
func (s *Service) Receiver(channel domain.ID) ReceiverStatus { return s.health.receiver(channel) }
