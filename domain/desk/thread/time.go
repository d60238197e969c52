package thread

import (
	"time"
)

// ClampVendorTime is a vendor's time, or now when it is missing or lies ahead: a time in the future would hold the window open
// for ever, and one of a far year could be stored but not read again.
func ClampVendorTime(vendor, now time.Time) time.Time {
	if vendor.IsZero() || vendor.After(now) {
		return now
	}
	return vendor
}

// TimeInThread is where a message lies among the others. Vendors tell whole seconds: within the second of its arrival the
// arrival itself is used, so that a question does not slip under the answer of the same second; later ones lie at the end
// of theirs.
func TimeInThread(vendor, now time.Time) time.Time {
	if end := vendor.Truncate(time.Second).Add(999 * time.Millisecond); end.Before(now) {
		return end
	}
	return now
}
