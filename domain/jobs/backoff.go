package jobs

import (
	"time"

	"pult/domain"
)

// Bounds of the waiting time between tries.
const (
	firstWait   = 2 * time.Second
	longestWait = 30 * time.Minute
)

// Backoff gives how long to wait after a failed try, counted from 1: it doubles from firstWait to longestWait. A
// quarter of it depends on the job, so that jobs that failed together do not come back together.
func Backoff(attempt int, id domain.ID) time.Duration {
	wait := firstWait
	for i := 1; i < attempt && wait < longestWait; i++ {
		wait *= 2
	}
	wait = min(wait, longestWait)
	jitter := time.Duration(id[15]) * (wait / 4) / 255
	return wait - wait/8 + jitter
}
