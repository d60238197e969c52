package connections

import (
	"pult/domain/carrier"
	"pult/domain/jobs"
)

// RetryTemporary makes a vendor's error that may pass one that asks for another try of the job. Any other error stays
// as it is.
func RetryTemporary(err error) error {
	if err == nil {
		return nil
	}
	if e := carrier.AsError(err); e.Class.CanRetry() {
		return &jobs.Retry{Failure: e.Failure(), Wait: e.RetryAfter, Silent: e.Unanswered(), Err: e}
	}
	return err
}
