package jobs

import (
	"fmt"
	"time"

	"pult/domain"
)

// Retry is an error that asks for another try, at the earliest after Wait.
type Retry struct {
	Failure *domain.Failure // for people, once the job is given up
	Wait    time.Duration   // 0 = by Backoff; more than longestWait counts as that
	Silent  bool            // nobody answered: after maxUnanswered of them in a row the queue is held
	Err     error
}

// Error is for logs.
func (r *Retry) Error() string { return fmt.Sprintf("jobs: try again: %v", r.Err) }

// Unwrap gives the cause.
func (r *Retry) Unwrap() error { return r.Err }
