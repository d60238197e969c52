package jobs

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// Handler does a job of one kind. Without an error the job is over; a *Retry asks for another try; an *Over ends the
// job although nobody answered; any other error gives it up. j.Attempt is the number of the try, from 1; tries of a
// queue that is held (j.Probe) are not counted.
type Handler func(ctx context.Context, j domain.Job) error

// TryHandler does a job whose outcome is stored in the transaction that ends the job, so that both are one commit. Without
// an outcome the error ends the job, as that of a Handler does.
type TryHandler func(ctx context.Context, j domain.Job) (Outcome, error)

// Outcome stores what came of a job and gives the error by which the job ends, as a Handler does; err undoes the
// transaction, and the job is tried again. It runs even when the program is stopping, and may run more than once.
type Outcome func(tx *store.Tx) (end, err error)

// GiveUpHandler is called when a job is given up, in the transaction that does it. keep says that the job becomes a
// dead one, for a person to see and retry; otherwise it is dropped.
type GiveUpHandler func(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error)

// Kind says how jobs of one kind are done.
type Kind struct {
	Do       Handler
	Try      TryHandler    // in place of Do
	GiveUp   GiveUpHandler // nil = a person sees every job that is given up
	MaxTries int           // after which a job is given up; 0 = it is given up by time alone
	// Until gives the time at which a job is given up, tried or not; nil = usualLife after it was enqueued, and only
	// when a try fails through no fault of the job's own.
	Until func(ctx context.Context, tx *store.Tx, j *domain.Job) (time.Time, error)
	// Restored says, in place of doing the job, that it may have been done after the backup was made from which the data
	// come. The job is dropped then. nil = the job only asks, and does no harm a second time.
	Restored RestoredHandler
}

// usualLife is how long a job is tried whose vendor takes nothing.
const usualLife = 24 * time.Hour

// RestoredHandler notes on what a job is about that nobody knows whether it was done.
type RestoredHandler func(ctx context.Context, tx *store.Tx, j *domain.Job) error

// Drop is the RestoredHandler of jobs of which nobody has to know.
func Drop(context.Context, *store.Tx, *domain.Job) error { return nil }

// Forget is the GiveUpHandler of jobs that are dropped, because nothing is lost with them.
func Forget(context.Context, *store.Tx, *domain.Job) (keep bool, err error) { return false, nil }
