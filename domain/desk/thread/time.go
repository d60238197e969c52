package thread

import (
	"time"

	"pult/domain"
)

// ClampVendorTime gives a vendor's time, or now when it is missing or lies ahead: a time in the future would hold the
// window open for ever, and one of a far year could be stored but not read again.
func ClampVendorTime(vendor, now time.Time) time.Time {
	if vendor.IsZero() || vendor.After(now) {
		return now
	}
	return vendor
}

// TimeInThread gives the time by which a message is sorted among the others of its conversation. Vendors tell whole
// seconds. A message that arrives within the second it was sent in gets the time of its arrival, so that a question
// does not slip under the answer of the same second; one that arrives later gets the end of that second.
func TimeInThread(vendor, now time.Time) time.Time {
	if end := vendor.Truncate(time.Second).Add(999 * time.Millisecond); end.Before(now) {
		return end
	}
	return now
}

// clocksDiffer is by how much the last message of a conversation may lie ahead of now because several were made at once.
const clocksDiffer = time.Second

// TimeAfter gives the time of a new message of a conversation that happens at at: after the last one, also when that was
// written while the clock was ahead. What is said later must not stand above it until the clock has caught up.
func TimeAfter(c *domain.Conversation, at, now time.Time) time.Time {
	if last := c.LastMessage.At; last.After(now.Add(clocksDiffer)) {
		return last.Add(time.Millisecond)
	}
	return at
}
