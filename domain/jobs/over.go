package jobs

import (
	"fmt"

	"pult/domain"
)

// Over is an error that ends a job although nobody answered, such as the delivery of a message that may have been taken
// or not. It counts towards the queue's being held.
type Over struct {
	Failure *domain.Failure // why the queue is held, when it is; nil = it cannot be told
	Err     error
}

// Error is for logs.
func (o *Over) Error() string { return fmt.Sprintf("jobs: over without an answer: %v", o.Err) }

// Unwrap gives the cause.
func (o *Over) Unwrap() error { return o.Err }
