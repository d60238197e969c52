package connections

import (
	"pult/domain/carrier"
	"pult/domain/jobs"
)

// RetryTemporary asks for another try after a failure that may pass.
func RetryTemporary(err error) error {
	if err == nil {
		return nil
	}
	if e := carrier.AsError(err); e.Class.CanRetry() {
		return &jobs.Retry{Failure: e.Failure(), Wait: e.RetryAfter, Silent: e.Unanswered(), Err: e}
	}
	return err
}
