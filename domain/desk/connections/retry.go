package connections

import (
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/jobs"
)

// NewOffError is the error of a job whose channel is off or cannot be used: it waits, because the channel may be switched
// on or connected again, unless it was removed.
func NewOffError(c *carrier.Connection, err error) *carrier.Error {
	class := carrier.Unauthorised
	if c.Channel.Removed {
		class = carrier.Permanent
	}
	return &carrier.Error{Class: class, Key: "provider.channel_off", Err: err}
}

// limitPause is how long is waited for a vendor that asks for patience and does not say how long.
const limitPause = 10 * time.Second

// NewRetry is the error by which a job asks for another try after a vendor's error. What the error says of the vendor
// holds the job's queue.
func NewRetry(e *carrier.Error) *jobs.Retry {
	wait := e.RetryAfter
	if wait == 0 && e.Class == carrier.RateLimited {
		wait = limitPause
	}
	return &jobs.Retry{Failure: e.Failure(), Wait: wait, Silent: e.Unanswered(), Refused: e.Refused(), Err: e}
}

// RetryTemporary makes a vendor's error that may pass one that asks for another try of the job. Any other error stays
// as it is.
func RetryTemporary(err error) error {
	if err == nil {
		return nil
	}
	if e := carrier.AsError(err); e.Class.CanRetry() {
		return NewRetry(e)
	}
	return err
}

// NewOver is the error by which a job ends that is not tried again although nobody answered. When its queue is held by
// it the sentence is about the vendor: that of an uncertain end is about one message.
func NewOver(e *carrier.Error) *jobs.Over {
	return &jobs.Over{Failure: newSilence(e), Err: e}
}

func newSilence(e *carrier.Error) *domain.Failure {
	f := e.Failure()
	if e.Class == carrier.Uncertain {
		f.Key = carrier.Temporary.Sentence()
	}
	return f
}
