package jobs

import (
	"errors"
	"fmt"
)

// Over is an error that ends a job although nobody answered, such as the delivery of a message that may have been taken
// or not. It counts towards the queue's being held.
type Over struct{ Err error }

// Error is for logs.
func (o *Over) Error() string { return fmt.Sprintf("jobs: over without an answer: %v", o.Err) }

// Unwrap gives the cause.
func (o *Over) Unwrap() error { return o.Err }

// isUnanswered reports whether the error of a job says that nobody answered.
func isUnanswered(err error) bool {
	var retry *Retry
	var over *Over
	return errors.As(err, &over) || errors.As(err, &retry) && retry.Silent
}
