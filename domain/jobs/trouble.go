package jobs

import (
	"errors"
	"time"

	"pult/domain"
)

// trouble is what the end of a job says of its queue's vendor: that it does not answer, or that it takes nothing.
type trouble struct {
	failure *domain.Failure
	refused bool          // the vendor answered, and takes nothing from anybody; else nobody answered
	wait    time.Duration // for so long, when it said so; 0 = it did not
}

// findTrouble finds what the error of a job says of the vendor; nil = somebody answered.
func findTrouble(err error) *trouble {
	var retry *Retry
	if errors.As(err, &retry) && (retry.Silent || retry.Refused) {
		return &trouble{retry.Failure, retry.Refused, min(retry.Wait, longestWait)}
	}
	var over *Over
	if errors.As(err, &over) {
		return &trouble{failure: over.Failure}
	}
	return nil
}

// pause is how long a held queue waits after a number of tries that failed.
func (t trouble) pause(tries int) time.Duration {
	tries = min(tries, 10)
	switch {
	case t.wait > 0:
		return t.wait
	case t.refused:
		return min(firstRefusal<<tries, longestRefusal)
	}
	return min(firstPause<<tries, longestPause)
}

// wait is a time until which something waits in memory. It knows its own length, so that a clock that was ahead when it
// began cannot make it longer.
type wait struct {
	until  time.Time
	length time.Duration
}

func newWait(now time.Time, length time.Duration) wait { return wait{now.Add(length), length} }

// isOver reports whether the wait is over.
func (w wait) isOver(now time.Time) bool {
	return domain.IsDue(w.until, now, w.length)
}
