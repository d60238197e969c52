// Package jobs runs durable background work: everything that happens later than its cause.
//
// A job is enqueued in the transaction of its cause, so neither is ever without the other. A worker leases it for a time;
// when the worker dies the lease ends and another takes the job. Temporary failures wait by Backoff and stop after the
// last try, permanent ones at once; then a person sees the job and can retry. Jobs of one lane run one after another in
// the order in which they were enqueued. Jobs of one queue share its places and its fate: see queue.go.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/store"
)

// Lease is how long a worker may hold a job without a word. It is longer than any call to a vendor may take.
const Lease = 12 * time.Minute

// Handler does one kind of job. A nil error ends the job. It is told the number of the try, from 1, and that of the last one.
type Handler func(ctx context.Context, j domain.Job) error

// Giver is asked when a job is given up, in the transaction that marks it dead; keep tells whether a person should see it.
type GiveUpHandler func(ctx context.Context, tx *store.Tx, j *domain.Job) (keep bool, err error)

// Retry is an error that asks for another try, at the earliest after Wait.
type Retry struct {
	Failure *domain.Failure
	Wait    time.Duration // 0 = by Backoff; at most half an hour counts
	Silent  bool          // nobody answered: after several in a row the job's queue is held
	Err     error
}

// Error is for logs.
func (r *Retry) Error() string { return fmt.Sprintf("jobs: try again: %v", r.Err) }

// Unwrap gives the cause.
func (r *Retry) Unwrap() error { return r.Err }

// Over is an error that ends a job for good although nobody answered, such as a message of which nobody knows whether it was
// taken: the job is done, and its queue is told.
type Over struct{ Err error }

// Error is for logs.
func (o *Over) Error() string { return fmt.Sprintf("jobs: over without an answer: %v", o.Err) }

// Unwrap gives the cause.
func (o *Over) Unwrap() error { return o.Err }

// unanswered tells whether an outcome says that nobody answered.
func isUnanswered(err error) bool {
	var retry *Retry
	var over *Over
	return errors.As(err, &over) || errors.As(err, &retry) && retry.Silent
}

// Kind is what a job of one kind needs.
type Kind struct {
	Do       Handler
	GiveUp   GiveUpHandler // may be nil
	MaxTries int
}

// Runner runs jobs, so many of each queue at a time.
type Runner struct {
	store  *store.Store
	now    func() time.Time
	log    *slog.Logger
	kinds  map[domain.JobKind]Kind
	queues *queues

	wake   background.Signal // look for due jobs again
	worker background.Worker
	idle   *idleness
}

// New makes a runner of the jobs of s that does nothing before Start: a store has one runner, which alone receives its
// signals. places is how many jobs of one queue run at a time.
func New(s *store.Store, now func() time.Time, log *slog.Logger, slots int, kinds map[domain.JobKind]Kind) *Runner {
	return &Runner{store: s, now: now, log: log, kinds: kinds, queues: newQueues(slots),
		wake: background.NewSignal(), idle: newIdleness()}
}

// Start takes back what a dead process had leased and begins to work.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.rescueJobs(ctx, true); err != nil {
		return err
	}
	r.worker.Start(ctx, r.dispatch)
	return nil
}

// Stop ends the work; a call in flight is cut and its job runs again at the next start, or is found uncertain there.
func (r *Runner) Stop() { r.worker.Stop() }

// Idle waits until no job is due or running: for tests, which move the clock themselves.
func (r *Runner) Idle(ctx context.Context) error {
	return r.idle.waitIdle(ctx, r.wake.Set)
}

// maxSleep bounds how long the dispatcher sleeps, so that a clock that was set back or a missed wake cannot stall it.
const maxSleep = 5 * time.Second

func (r *Runner) dispatch(ctx context.Context) {
	for {
		next, err := r.startDue(ctx)
		if err != nil && ctx.Err() == nil {
			r.log.Error("jobs: look for due jobs", "err", err)
			next = r.now().Add(time.Second)
		}
		sleep := maxSleep
		if !next.IsZero() {
			sleep = min(max(next.Sub(r.now()), time.Millisecond), maxSleep)
		}
		timer := time.NewTimer(sleep)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-r.wake:
			timer.Stop()
		case <-r.store.Enqueued():
			timer.Stop()
		case <-timer.C:
		}
	}
}

// startDue leases and begins every job that is due and has a place, and tells when to look again.
func (r *Runner) startDue(ctx context.Context) (next time.Time, err error) {
	if err := r.rescueJobs(ctx, false); err != nil {
		return next, err
	}
	for {
		r.idle.beginRound()
		jobs, next, err := r.leaseDue(ctx)
		for _, j := range jobs {
			r.startJob(ctx, j)
		}
		r.idle.endRound()
		if err != nil || len(jobs) == 0 {
			return next, err
		}
	}
}

// startJob runs a leased job beside the others of its queue.
func (r *Runner) startJob(ctx context.Context, j domain.Job) {
	r.idle.addJob()
	r.queues.addRunning(j.Queue)
	r.worker.Go(func() {
		answered := r.runJob(ctx, j)
		r.queues.removeRunning(j.Queue, answered, r.now())
		r.idle.removeJob()
		r.wake.Set()
	})
}

const (
	leaseBatch = 16             // jobs of a queue that one transaction leases
	leaseLimit = 3 * leaseBatch // jobs of all queues together: so many fit a transaction
)

func (r *Runner) leaseDue(ctx context.Context) (jobs []domain.Job, next time.Time, err error) {
	var due []domain.ID
	err = r.store.View(ctx, func(tx *store.Tx) (err error) {
		due, next, err = r.listReady(tx)
		return err
	})
	if err != nil || len(due) == 0 {
		return nil, next, err
	}
	err = r.store.Update(ctx, func(tx *store.Tx) error {
		jobs = jobs[:0]
		for _, id := range due {
			j, ok, err := leaseOne(tx, id)
			if err != nil {
				return err
			}
			if ok {
				jobs = append(jobs, j)
			}
		}
		return nil
	})
	if err != nil {
		return nil, next, err
	}
	return jobs, next, nil
}

// listReady lists what may begin now in each queue, as far as there are places. A queue that is held or full is not even looked
// through, however much waits in it.
func (r *Runner) listReady(tx *store.Tx) (due []domain.ID, next time.Time, err error) {
	names, err := tx.Queues()
	if err != nil {
		return nil, next, err
	}
	for _, name := range names {
		slots, until := r.queues.countFreeSlots(name, r.now())
		if slots = min(slots, leaseBatch, leaseLimit-len(due)); slots > 0 {
			var ids []domain.ID
			if ids, until, err = tx.ReadyJobs(name, slots); err != nil {
				return nil, next, err
			}
			due = append(due, ids...)
		}
		if !until.IsZero() && (next.IsZero() || until.Before(next)) {
			next = until
		}
	}
	return due, next, nil
}

func leaseOne(tx *store.Tx, id domain.ID) (domain.Job, bool, error) {
	j, err := tx.Job(id)
	if domain.KindOf(err) == domain.NotFound {
		return j, false, nil
	}
	if err != nil || j.State != domain.JobWaiting || j.Due.After(tx.Now) {
		return j, false, err
	}
	isFirst, err := tx.IsFirstInLane(&j)
	if err != nil || !isFirst {
		return j, false, err
	}
	j.State, j.LeaseUntil = domain.JobRunning, tx.Now.Add(Lease)
	j.Attempt++
	return j, true, tx.PutJob(&j)
}

// runJob does a job and records how it ended; it tells whether somebody answered.
func (r *Runner) runJob(ctx context.Context, j domain.Job) (answered bool) {
	err := r.callHandler(ctx, j)
	if ctx.Err() != nil {
		return true // stopping: the lease is taken back at the next start
	}
	answered = !isUnanswered(err)
	if err := r.settleJob(ctx, j, err); err != nil {
		r.log.Error("jobs: settle", "job", j.ID, "kind", j.Kind, "err", err)
	}
	return answered
}

func (r *Runner) callHandler(ctx context.Context, j domain.Job) (err error) {
	kind, ok := r.kinds[j.Kind]
	if !ok {
		return fmt.Errorf("jobs: no handler for %q", j.Kind)
	}
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("jobs: panic", "job", j.ID, "kind", j.Kind, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = &Retry{Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return kind.Do(ctx, j)
}

// settleJob ends the job, puts it back, or gives it up.
func (r *Runner) settleJob(ctx context.Context, j domain.Job, failed error) error {
	return r.store.Update(ctx, func(tx *store.Tx) error {
		now, err := tx.Job(j.ID)
		if domain.KindOf(err) == domain.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		var over *Over
		if failed == nil || errors.As(failed, &over) {
			return tx.DropJob(&now)
		}
		var retry *Retry
		if errors.As(failed, &retry) && now.Attempt < r.kinds[j.Kind].MaxTries {
			return putBack(tx, &now, retry)
		}
		return r.giveUp(ctx, tx, &now, failed, retry)
	})
}

func putBack(tx *store.Tx, j *domain.Job, retry *Retry) error {
	wait := min(retry.Wait, longestWait) // whoever asks us to come back next year is mistaken
	if wait == 0 {
		wait = Backoff(j.Attempt, j.ID)
	}
	j.State, j.Due, j.LeaseUntil, j.LastError = domain.JobWaiting, tx.Now.Add(wait), time.Time{}, retry.Failure
	return tx.PutJob(j)
}

func (r *Runner) giveUp(ctx context.Context, tx *store.Tx, j *domain.Job, failed error, retry *Retry) error {
	r.log.Warn("jobs: given up", "job", j.ID, "kind", j.Kind, "tries", j.Attempt, "err", failed)
	if retry != nil {
		j.LastError = retry.Failure
	}
	if j.LastError == nil {
		j.LastError = &domain.Failure{Class: "internal", Key: "error.internal", Detail: failed.Error()}
	}
	keep := true
	if handler := r.kinds[j.Kind].GiveUp; handler != nil {
		var err error
		if keep, err = handler(ctx, tx, j); err != nil {
			return err
		}
	}
	if !keep {
		return tx.DropJob(j)
	}
	j.State, j.LeaseUntil = domain.JobDead, time.Time{}
	tx.Record(domain.Event{Kind: domain.EventJournalChanged})
	return tx.PutJob(j)
}

// rescueJobs puts jobs back whose worker died. At start that is every running one: the folder's lock proves that no other
// process is at work.
func (r *Runner) rescueJobs(ctx context.Context, all bool) error {
	for {
		var ids []domain.ID
		err := r.store.View(ctx, func(tx *store.Tx) (err error) {
			if all {
				tx.Now = tx.Now.Add(Lease + time.Hour)
			}
			ids, _, err = tx.ExpiredLeases(50)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		err = r.store.Update(ctx, func(tx *store.Tx) error {
			for _, id := range ids {
				if err := takeBack(tx, id, all); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// takeBack makes a running job wait again, unless it ended since it was found.
func takeBack(tx *store.Tx, id domain.ID, all bool) error {
	j, err := tx.Job(id)
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	if err != nil || j.State != domain.JobRunning || !all && j.LeaseUntil.After(tx.Now) {
		return err
	}
	j.State, j.LeaseUntil, j.Due = domain.JobWaiting, time.Time{}, tx.Now
	return tx.PutJob(&j)
}

// Again makes a dead job wait for its turn from the first try on, at a person's word.
func Again(tx *store.Tx, j *domain.Job) error {
	if j.State != domain.JobDead {
		return nil
	}
	j.State, j.Attempt, j.Due = domain.JobWaiting, 0, tx.Now
	return tx.PutJob(j)
}

// Forget gives a job up without asking anybody: nothing is lost with it.
func Forget(context.Context, *store.Tx, *domain.Job) (keep bool, err error) { return false, nil }
