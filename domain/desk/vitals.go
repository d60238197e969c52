package desk

import (
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// vitals remember how each channel's line to its vendor does: what failed since when, and how much of the last hour. Only the
// memory knows; after a start every channel counts as well until it is asked. It is safe for many callers.
type vitals struct {
	now     func() time.Time
	changed func(channel domain.ID, since time.Time) // told when a channel begins or ceases to fail; since when it had failed, zero when it begins

	mu        sync.Mutex
	of        map[domain.ID]*vital         // guarded by mu
	receivers map[domain.ID]receiverStatus // guarded by mu; one for every channel that receives
}

// vital is what is remembered of one channel.
type vital struct {
	first   time.Time      // of the failures in a row
	row     int            // failures in a row
	err     *carrier.Error // the last of them
	failing bool
	checked carrier.Condition // what the last check found
	looked  time.Time         // when that was; zero = never
	minutes [60]minute
}

// minute is what happened within one minute of the clock.
type minute struct {
	at     int64 // minutes since 1970
	calls  int
	errors int
}

// failuresInRow is how many calls in a row may go unanswered before a channel counts as failing: one that was cut is nobody's news.
const failuresInRow = 3

func newVitals(now func() time.Time, changed func(domain.ID, time.Time)) *vitals {
	return &vitals{now: now, changed: changed, of: map[domain.ID]*vital{}, receivers: map[domain.ID]receiverStatus{}}
}

// get gives what is remembered of a channel. Call with mu held.
func (v *vitals) get(channel domain.ID) *vital {
	if v.of[channel] == nil {
		v.of[channel] = &vital{}
	}
	return v.of[channel]
}

// worked notes that the vendor answered.
func (v *vitals) worked(channel domain.ID) {
	v.note(channel, func(c *vital) {
		c.minute(v.now()).calls++
		c.well()
	})
}

// failed notes how a call to the vendor failed. A refusal of one message is an answer all the same; credentials that are refused
// make the channel fail at once, silence only when it lasts. nil and a stop of the program are no failures.
func (v *vitals) failed(channel domain.ID, err error) {
	if err == nil {
		v.worked(channel)
		return
	}
	e := carrier.AsError(err)
	if e.Key == "provider.stopped" {
		return
	}
	v.note(channel, func(c *vital) {
		m := c.minute(v.now())
		m.calls, m.errors = m.calls+1, m.errors+1
		switch e.Class {
		case carrier.Unauthorised:
			c.ill(e, v.now(), 1)
		case carrier.Temporary, carrier.Uncertain:
			c.ill(e, v.now(), failuresInRow)
		case carrier.RateLimited:
		default:
			if e.Code != "" { // else it was refused here
				c.well()
			}
		}
	})
}

// inspected notes what a check found; it counts as an answer of the vendor.
func (v *vitals) inspected(channel domain.ID, found carrier.Condition) {
	v.note(channel, func(c *vital) {
		c.checked, c.looked = found, v.now()
		if found.State != carrier.ConditionBroken {
			c.well()
		}
	})
}

// forget drops what is known of a channel whose settings changed.
func (v *vitals) forget(channel domain.ID) {
	v.note(channel, func(c *vital) { *c = vital{minutes: c.minutes} })
}

// addNote changes what is remembered and tells when the channel's state became another by it.
func (v *vitals) note(channel domain.ID, change func(*vital)) {
	v.mu.Lock()
	c := v.get(channel)
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

// read gives a copy of what is remembered.
func (v *vitals) read(channel domain.ID) vital {
	v.mu.Lock()
	defer v.mu.Unlock()
	return *v.get(channel)
}

func (c *vital) well() { c.row, c.failing, c.err, c.first = 0, false, nil, time.Time{} }

func (c *vital) ill(e *carrier.Error, now time.Time, enough int) {
	if c.row == 0 {
		c.first = now
	}
	c.row++
	c.err = e
	c.failing = c.failing || c.row >= enough
}

// minute is the place of the minute in the ring; an hour later it is used again.
func (c *vital) minute(now time.Time) *minute {
	at := now.Unix() / 60
	m := &c.minutes[at%60]
	if m.at != at {
		*m = minute{at: at}
	}
	return m
}

// hour sums up the last sixty minutes.
func (c *vital) hour(now time.Time) (calls, errors int) {
	from := now.Unix()/60 - 59
	for _, m := range c.minutes {
		if m.at >= from {
			calls, errors = calls+m.calls, errors+m.errors
		}
	}
	return calls, errors
}

// receiverStatus says how a channel's receiver is doing, since when, and what went wrong last.
type receiverStatus struct {
	state string
	since time.Time
	err   *carrier.Error
}

// The states of a receiver.
const (
	ReceiverConnecting = "connecting" // for the first time since the channel or the program was switched on
	ReceiverConnected  = "connected"  // everything up to now was handed over
	ReceiverWaiting    = "waiting"    // the connection broke and is tried again by itself
	ReceiverStopped    = "stopped"    // refused: only changed settings can help
)

// noteReceiver notes how a channel's receiver is doing and reports whether its state became another.
func (v *vitals) noteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	old := v.receivers[channel]
	now := receiverStatus{state: state, since: v.now(), err: err}
	if old.state == state {
		now.since = old.since
	}
	v.receivers[channel] = now
	return old.state != state
}

// forgetReceiver drops the state of a receiver that was ended.
func (v *vitals) forgetReceiver(channel domain.ID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.receivers, channel)
}

// receiver says how the receiver of a channel is doing; its state is "" for a channel that has none.
func (v *vitals) receiver(channel domain.ID) receiverStatus {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.receivers[channel]
}

// noteReceiver notes how a channel's receiver is doing and reports whether its state became another.
func (d *Desk) noteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	return d.health.noteReceiver(channel, state, err)
}

// forgetReceiver drops the state of a receiver that was ended.
func (d *Desk) forgetReceiver(channel domain.ID) { d.health.forgetReceiver(channel) }

// receiver says how a channel's receiver is doing; its state is "" for a channel that has none.
func (d *Desk) receiver(channel domain.ID) receiverStatus { return d.health.receiver(channel) }
