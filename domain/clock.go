package domain

import "time"

// The clock of a computer can be wrong by years and be put right while the program runs. So no time that was written
// down earlier is believed further than the longest wait that can have made it.

// IsDue reports whether a time has come before which something must not happen, and which lay longest ahead at the most
// when it was set. One that lies further ahead was set by a clock that was ahead, and has come.
func IsDue(at, now time.Time, longest time.Duration) bool {
	return !now.Before(at) || at.Sub(now) > longest
}

// IsLong reports whether it is at least d since a time. A time that is still to come was set by a clock that was ahead:
// how long ago it is nobody knows, and it counts as long.
func IsLong(since, now time.Time, d time.Duration) bool {
	return now.Before(since) || now.Sub(since) >= d
}
