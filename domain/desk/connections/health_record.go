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
	records   map[domain.ID]*healthRecord  // guarded by mu
	receivers map[domain.ID]ReceiverStatus // guarded by mu; one for every channel that receives
}

// healthRecord is what is remembered of one channel.
type healthRecord struct {
	failingSince time.Time      // of the failures in a row
	failures     int            // failures in a row
	lastFailure  *carrier.Error // the last of them
	failing      bool
	condition    carrier.Condition // what the last check found
	checkedAt    time.Time         // when that was; zero = never
	minutes      [60]minuteCounts
}

// minuteCounts is what happened within one minute of the clock.
type minuteCounts struct {
	minute int64 // minutes since 1970
	calls  int
	errors int
}

// maxUnanswered is how many calls in a row may go unanswered before a channel counts as failing: one that was cut is nobody's news.
const maxUnanswered = 3

func newHealthRecords(now func() time.Time, changed func(domain.ID, time.Time)) *healthRecords {
	return &healthRecords{now: now, changed: changed, records: map[domain.ID]*healthRecord{}, receivers: map[domain.ID]ReceiverStatus{}}
}

// findRecord gives what is remembered of a channel. Call with mu held.
func (h *healthRecords) findRecord(channel domain.ID) *healthRecord {
	if h.records[channel] == nil {
		h.records[channel] = &healthRecord{}
	}
	return h.records[channel]
}

// noteSuccess notes that the vendor answered.
func (h *healthRecords) noteSuccess(channel domain.ID) {
	h.changeRecord(channel, func(record *healthRecord) {
		record.currentMinute(h.now()).calls++
		record.markGood()
	})
}

// noteOutcome notes how a call to the vendor failed. A refusal of one message is an answer all the same; credentials that are refused
// make the channel fail at once, silence only when it lasts. nil and a stop of the program are no failures.
func (h *healthRecords) noteOutcome(channel domain.ID, err error) {
	if err == nil {
		h.noteSuccess(channel)
		return
	}
	e := carrier.AsError(err)
	if e.Key == "provider.stopped" {
		return
	}
	h.changeRecord(channel, func(record *healthRecord) {
		m := record.currentMinute(h.now())
		m.calls, m.errors = m.calls+1, m.errors+1
		switch e.Class {
		case carrier.Unauthorised:
			record.markFailed(e, h.now(), 1)
		case carrier.Temporary, carrier.Uncertain:
			record.markFailed(e, h.now(), maxUnanswered)
		case carrier.RateLimited:
		default:
			if e.Code != "" { // else it was refused here
				record.markGood()
			}
		}
	})
}

// noteInspection notes what a check found; it counts as an answer of the vendor.
func (h *healthRecords) noteInspection(channel domain.ID, found carrier.Condition) {
	h.changeRecord(channel, func(record *healthRecord) {
		record.condition, record.checkedAt = found, h.now()
		if found.State != carrier.ConditionBroken {
			record.markGood()
		}
	})
}

// forgetChannel drops what is known of a channel whose settings changed.
func (h *healthRecords) forgetChannel(channel domain.ID) {
	h.changeRecord(channel, func(record *healthRecord) { *record = healthRecord{minutes: record.minutes} })
}

// changeRecord changes what is remembered and tells when the channel's state became another by it.
func (h *healthRecords) changeRecord(channel domain.ID, change func(*healthRecord)) {
	h.mu.Lock()
	record := h.findRecord(channel)
	wasFailing, since, oldState := record.failing, record.failingSince, record.condition.State
	change(record)
	news := wasFailing != record.failing || oldState != record.condition.State
	if !wasFailing || record.failing {
		since = time.Time{}
	}
	h.mu.Unlock()
	if news {
		h.changed(channel, since)
	}
}

// copyRecord gives a copy of what is remembered.
func (h *healthRecords) copyRecord(channel domain.ID) healthRecord {
	h.mu.Lock()
	defer h.mu.Unlock()
	return *h.findRecord(channel)
}

func (record *healthRecord) markGood() {
	record.failures, record.failing, record.lastFailure, record.failingSince = 0, false, nil, time.Time{}
}

func (record *healthRecord) markFailed(e *carrier.Error, now time.Time, limit int) {
	if record.failures == 0 {
		record.failingSince = now
	}
	record.failures++
	record.lastFailure = e
	record.failing = record.failing || record.failures >= limit
}

// currentMinute is the place of the minute in the ring; an hour later it is used again.
func (record *healthRecord) currentMinute(now time.Time) *minuteCounts {
	at := now.Unix() / 60
	m := &record.minutes[at%60]
	if m.minute != at {
		*m = minuteCounts{minute: at}
	}
	return m
}

// countLastHour sums up the last sixty minutes.
func (record *healthRecord) countLastHour(now time.Time) (calls, errors int) {
	from := now.Unix()/60 - 59
	for _, m := range record.minutes {
		if m.minute >= from {
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
func (h *healthRecords) noteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	old := h.receivers[channel]
	now := ReceiverStatus{State: state, Since: h.now(), Err: err}
	if old.State == state {
		now.Since = old.Since
	}
	h.receivers[channel] = now
	return old.State != state
}

// forgetReceiver drops the state of a receiver that was ended.
func (h *healthRecords) forgetReceiver(channel domain.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.receivers, channel)
}

// findReceiver says how the receiver of a channel is doing; its state is "" for a channel that has none.
func (h *healthRecords) findReceiver(channel domain.ID) ReceiverStatus {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.receivers[channel]
}

// NoteReceiver notes how a channel's receiver is doing and reports whether its state became another.
func (s *Service) NoteReceiver(channel domain.ID, state string, err *carrier.Error) (changed bool) {
	return s.health.noteReceiver(channel, state, err)
}

// ForgetReceiver drops the state of a receiver that was ended.
func (s *Service) ForgetReceiver(channel domain.ID) { s.health.forgetReceiver(channel) }

// Receiver says how a channel's receiver is doing; its state is "" for a channel that has none.
func (s *Service) Receiver(channel domain.ID) ReceiverStatus { return s.health.findReceiver(channel) }
