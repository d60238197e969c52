package connections

import (
	"context"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// healthRecords remember how the connection of each channel to its vendor works: since when it fails, and how many
// requests failed in the last hour. They are in memory only; after a start every channel counts as good until it is
// used. They are safe for many callers.
type healthRecords struct {
	now     func() time.Time
	changed healthListener

	mu        sync.Mutex
	records   map[domain.ID]*healthRecord  // guarded by mu
	receivers map[domain.ID]ReceiverStatus // guarded by mu; one for every channel that receives
}

// healthListener is told when a channel's health became another. since is when it had begun to fail, once it works
// again; zero otherwise.
type healthListener func(ctx context.Context, channel domain.ID, since time.Time)

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

// minuteCounts counts the requests of one minute.
type minuteCounts struct {
	minute int64 // minutes since 1970
	calls  int
	errors int
}

// maxUnanswered is how many requests in a row go unanswered until a channel counts as failing: one that was cut off
// says nothing.
const maxUnanswered = 3

func newHealthRecords(now func() time.Time, changed healthListener) *healthRecords {
	return &healthRecords{
		now:       now,
		changed:   changed,
		records:   map[domain.ID]*healthRecord{},
		receivers: map[domain.ID]ReceiverStatus{},
	}
}

// findRecord gives what is remembered of a channel, to be changed. Call with mu held.
func (h *healthRecords) findRecord(channel domain.ID) *healthRecord {
	if h.records[channel] == nil {
		h.records[channel] = &healthRecord{}
	}
	return h.records[channel]
}

// noteSuccess notes that the vendor answered.
func (h *healthRecords) noteSuccess(ctx context.Context, channel domain.ID) {
	h.changeRecord(ctx, channel, func(record *healthRecord) {
		record.currentMinute(h.now()).calls++
		record.markGood()
	})
}

// noteOutcome notes how a request to the vendor ended. Refused credentials make the channel fail at once, requests
// without an answer after maxUnanswered of them. A refusal of one message is an answer, and a request that the end of
// the program cut counts for nothing.
func (h *healthRecords) noteOutcome(ctx context.Context, channel domain.ID, err error) {
	if err == nil {
		h.noteSuccess(ctx, channel)
		return
	}
	e := carrier.AsError(err)
	if e.Key == "provider.stopped" {
		return
	}
	h.changeRecord(ctx, channel, func(record *healthRecord) {
		m := record.currentMinute(h.now())
		m.calls, m.errors = m.calls+1, m.errors+1
		switch {
		case e.Class == carrier.Unauthorised && e.Refused():
			record.markFailed(e, h.now(), 1)
		case e.Unanswered():
			record.markFailed(e, h.now(), maxUnanswered)
		case e.Class == carrier.RateLimited:
		default:
			if e.Code != "" { // else it was refused here
				record.markGood()
			}
		}
	})
}

// noteInspection notes what a check found. The check itself counts as an answer of the vendor.
func (h *healthRecords) noteInspection(ctx context.Context, channel domain.ID, found carrier.Condition) {
	h.changeRecord(ctx, channel, func(record *healthRecord) {
		record.condition, record.checkedAt = found, h.now()
		if found.State != carrier.ConditionBroken {
			record.markGood()
		}
	})
}

// forgetChannel drops what is remembered of a channel whose settings changed, but for the counts.
func (h *healthRecords) forgetChannel(ctx context.Context, channel domain.ID) {
	h.changeRecord(ctx, channel, func(record *healthRecord) { *record = healthRecord{minutes: record.minutes} })
}

// changeRecord changes what is remembered of a channel, and tells changed when its health became another by that.
func (h *healthRecords) changeRecord(ctx context.Context, channel domain.ID, change func(*healthRecord)) {
	h.mu.Lock()
	record := h.findRecord(channel)
	wasFailing, since, oldState := record.failing, record.failingSince, record.condition.State
	change(record)
	hasChanged := wasFailing != record.failing || oldState != record.condition.State
	if !wasFailing || record.failing {
		since = time.Time{}
	}
	h.mu.Unlock()
	if hasChanged {
		h.changed(ctx, channel, since)
	}
}

// copyRecord gives a copy of what is remembered of a channel.
func (h *healthRecords) copyRecord(channel domain.ID) healthRecord {
	h.mu.Lock()
	defer h.mu.Unlock()
	return *h.findRecord(channel)
}

// markGood ends a series of failures.
func (record *healthRecord) markGood() {
	record.failures, record.failing, record.lastFailure, record.failingSince = 0, false, nil, time.Time{}
}

// markFailed adds a failure. From limit of them in a row on the channel counts as failing.
func (record *healthRecord) markFailed(e *carrier.Error, now time.Time, limit int) {
	if record.failures == 0 {
		record.failingSince = now
	}
	record.failures++
	record.lastFailure = e
	record.failing = record.failing || record.failures >= limit
}

// currentMinute gives the counts of the minute that is now. There are sixty, so that those of an hour ago are used
// again.
func (record *healthRecord) currentMinute(now time.Time) *minuteCounts {
	at := now.Unix() / 60
	m := &record.minutes[at%60]
	if m.minute != at {
		*m = minuteCounts{minute: at}
	}
	return m
}

// countLastHour adds up the last sixty minutes.
func (record *healthRecord) countLastHour(now time.Time) (calls, errors int) {
	from, to := now.Unix()/60-59, now.Unix()/60
	for _, m := range record.minutes {
		if m.minute >= from && m.minute <= to {
			calls, errors = calls+m.calls, errors+m.errors
		}
	}
	return calls, errors
}
