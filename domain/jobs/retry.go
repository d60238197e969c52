package jobs

import (
	"fmt"
	"time"

	"pult/domain"
)

// Retry is an error that asks for another try, at the earliest after Wait. Silent and Refused say that it is not the
// job's own fault: such tries are not counted, and the job is given up by time alone.
type Retry struct {
	Failure *domain.Failure // for people, while the job waits and once it is given up
	Wait    time.Duration   // 0 = by Backoff; more than longestWait counts as that
	Silent  bool            // nobody answered: after maxUnanswered of them in a row the queue is held
	Refused bool            // the vendor takes nothing from anybody just now: the queue is held at once, for Wait
	Err     error
}

// Error is for logs.
func (r *Retry) Error() string { return fmt.Sprintf("jobs: try again: %v", r.Err) }

// Unwrap gives the cause.
func (r *Retry) Unwrap() error { return r.Err }

// isOwnFault reports whether the failure counts as a try of the job.
func (r *Retry) isOwnFault() bool { return !r.Silent && !r.Refused }
