package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"pult/domain"
	"pult/domain/background"
	"pult/domain/store"
)

// Runner runs the jobs of a store, some of each queue at a time. It is safe for many callers.
type Runner struct {
	store  *store.Store
	now    func() time.Time
	log    *slog.Logger
	kinds  map[domain.JobKind]Kind
	queues *Queues

	wake    background.Signal // look for due jobs again; that of the queues
	worker  background.Worker
	idle    *idleness
	leases  leases
	clock   clock
	overdue overdue
	left    atomic.Bool // something is due that may begin when a job ends

	mu      sync.Mutex
	working context.Context    // of the jobs that run; nil before Start and after Stop; guarded by mu
	active  map[domain.ID]bool // the jobs that run in this process; guarded by mu
}

// New makes a runner of the jobs of s that does nothing before Start. A store has one runner, which alone receives its
// signals. queues are those of this runner alone.
func New(s *store.Store, now func() time.Time, log *slog.Logger, queues *Queues, kinds map[domain.JobKind]Kind) *Runner {
	return &Runner{store: s, now: now, log: log, kinds: kinds, queues: queues,
		wake: queues.wake, idle: newIdleness(), active: map[domain.ID]bool{}}
}

// Start takes back what a dead process had leased and begins to work.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.rescueJobs(ctx, true); err != nil {
		return err
	}
	r.clock.note(r.now())
	if err := r.bringAllForward(ctx, r.isLeftBehind); err != nil {
		return err
	}
	r.worker.Start(ctx, r.dispatch)
	r.store.SetWorkers(r)
	return nil
}

// Stop ends the work. Jobs that run are cut off and run again at the next start.
func (r *Runner) Stop() {
	r.stopWorking()
	r.worker.Stop()
}

// Idle waits until no job is due or running: for tests, which move the clock themselves.
func (r *Runner) Idle(ctx context.Context) error {
	return r.idle.waitIdle(ctx, r.wake.Set)
}

// maxSleep bounds how long dispatch sleeps, so that a clock that was set back cannot stall it.
const maxSleep = 5 * time.Second

// dispatch starts jobs as they become due, until ctx ends.
func (r *Runner) dispatch(ctx context.Context) {
	if ctx.Err() == nil {
		r.startWorking(ctx)
	}
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

// startDue leases and starts every job that is due and has a slot, and gives when to look again.
func (r *Runner) startDue(ctx context.Context) (next time.Time, err error) {
	if err := r.rescueEnded(ctx); err != nil {
		return next, err
	}
	if r.clock.note(r.now()) {
		if err := r.goBackInTime(ctx); err != nil {
			return next, err
		}
	}
	if err := r.giveUpOverdue(ctx); err != nil {
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

// startJob runs a leased job beside the others.
func (r *Runner) startJob(ctx context.Context, j domain.Job) {
	r.idle.addJob()
	j.Probe = r.queues.addRunning(j.Queue)
	r.setActive(j.ID, true)
	r.worker.Go(func() { r.finishJob(ctx, j) })
}

// setActive notes that a job runs in this process, or no longer does.
func (r *Runner) setActive(id domain.ID, is bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if is {
		r.active[id] = true
		return
	}
	delete(r.active, id)
}

// isActive reports whether a job runs in this process.
func (r *Runner) isActive(id domain.ID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.active[id]
}

// finishJob runs a job in a slot that was taken for it. Afterwards it looks for what is due only where something can
// have become due by that: a job that is over and that nothing waited for changes nothing.
func (r *Runner) finishJob(ctx context.Context, j domain.Job) {
	err := r.runJob(ctx, j)
	over := err == nil
	r.setActive(j.ID, false)
	r.noteEnd(ctx, j, err)
	r.idle.removeJob()
	if !over || r.left.Load() {
		r.wake.Set()
	}
}

// noteEnd notes what the end of a job says of its queue: it is held, or no longer.
func (r *Runner) noteEnd(ctx context.Context, j domain.Job, err error) {
	// stopping proves nothing: the lease is taken back at the next start
	switch r.queues.removeRunning(&j, ctx.Err() != nil, findTrouble(err), r.now()) {
	case heldNow:
		r.log.Warn("jobs: a queue is held", "queue", j.Queue, "err", err)
		r.queues.announce(ctx, j.Queue)
	case freed:
		r.log.Info("jobs: a queue is no longer held", "queue", j.Queue)
		if err := bringForward(ctx, r.store, j.Queue, hasFailed); err != nil {
			r.log.Error("jobs: go on with what waited", "queue", j.Queue, "err", err)
		}
	}
}

// runJob does a job, stores how it ended, and gives the error by which it did.
func (r *Runner) runJob(ctx context.Context, j domain.Job) error {
	outcome, err := r.callHandler(ctx, j)
	if outcome != nil {
		err = r.storeOutcome(ctx, j, outcome)
	} else if ctx.Err() == nil {
		r.settleJob(ctx, j, err)
	}
	return err
}

// storeOutcome stores what came of a job and ends it, in one transaction, and gives the error by which it ended. When
// the program is stopping the outcome is stored all the same, since what a vendor said must not be forgotten, but
// nothing is put back: the lease is taken back at the next start.
func (r *Runner) storeOutcome(ctx context.Context, j domain.Job, outcome Outcome) (end error) {
	stopping := ctx.Err() != nil
	err := r.store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) (err error) {
		if end, err = outcome(tx); err != nil {
			return err
		}
		var retry *Retry
		if stopping && errors.As(end, &retry) {
			return nil
		}
		return r.endJob(ctx, tx, j, end)
	})
	if err == nil {
		return end
	}
	end = &Retry{Err: err}
	if ctx.Err() == nil {
		r.settleJob(ctx, j, end)
	}
	return end
}

// callHandler does a job. A panic in its handler becomes an error that asks for another try.
func (r *Runner) callHandler(ctx context.Context, j domain.Job) (outcome Outcome, err error) {
	kind, ok := r.kinds[j.Kind]
	if !ok {
		return nil, fmt.Errorf("jobs: no handler for %q", j.Kind)
	}
	defer func() {
		if p := recover(); p != nil {
			r.log.Error(
				"jobs: panic",
				"job",
				j.ID,
				"kind",
				j.Kind,
				"panic",
				fmt.Sprint(p),
				"stack",
				string(debug.Stack()),
			)
			outcome, err = nil, &Retry{Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	if kind.Try != nil {
		return kind.Try(ctx, j)
	}
	return nil, kind.Do(ctx, j)
}

// settleJob ends a job by the error of its handler.
func (r *Runner) settleJob(ctx context.Context, j domain.Job, failed error) {
	err := r.store.Update(ctx, func(tx *store.Tx) error { return r.endJob(ctx, tx, j, failed) })
	if err != nil {
		r.log.Error("jobs: store how a job ended", "job", j.ID, "kind", j.Kind, "err", err)
	}
}

// endJob drops a job that is over, puts it back for another try, or gives it up.
func (r *Runner) endJob(ctx context.Context, tx *store.Tx, j domain.Job, failed error) error {
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
	if !errors.As(failed, &retry) {
		return r.giveUp(ctx, tx, &now, failed, nil)
	}
	again, until, err := r.mayTryAgain(ctx, tx, &now, retry)
	if err != nil {
		return err
	}
	if !again {
		return r.giveUp(ctx, tx, &now, failed, retry)
	}
	return r.putBack(tx, &now, retry, until)
}

// mayTryAgain reports whether a job is tried again after a failure, and until when; zero = nobody knows.
func (r *Runner) mayTryAgain(
	ctx context.Context,
	tx *store.Tx,
	j *domain.Job,
	retry *Retry,
) (again bool, until time.Time, err error) {
	kind := r.kinds[j.Kind]
	if retry.isOwnFault() && kind.MaxTries > 0 && j.Attempt >= kind.MaxTries {
		return false, until, nil
	}
	if kind.Until != nil {
		until, err = kind.Until(ctx, tx, j)
		return err == nil && tx.Now.Before(until), until, err
	}
	begun := j.CreatedAt
	if begun.Before(r.clock.started) {
		begun = r.clock.started // while the program was not running nobody tried
	}
	return retry.isOwnFault() || tx.Now.Sub(begun) < usualLife, until, nil
}

// putBack makes a job wait for another try, until a time at the latest. In a queue that is held it waits for nothing but
// the queue, and behind the others: if its failure is its own all the same, it holds up nobody.
func (r *Runner) putBack(tx *store.Tx, j *domain.Job, retry *Retry, until time.Time) error {
	wait := min(retry.Wait, longestWait) // a vendor may ask for any number of seconds
	if wait == 0 {
		wait = Backoff(j.Attempt, j.ID)
	}
	if trouble := findTrouble(retry); trouble != nil && r.queues.close(j, *trouble) {
		wait = 0
		j.Attempt--
	}
	j.State, j.Due, j.LeaseUntil, j.LastError = domain.JobWaiting, tx.Now.Add(wait), time.Time{}, retry.Failure
	if !until.IsZero() && until.Before(j.Due) {
		j.Due = until
	}
	return tx.PutJob(j)
}

// giveUp ends a job that failed for the last time: it becomes a dead one, or is dropped when its kind says so.
func (r *Runner) giveUp(ctx context.Context, tx *store.Tx, j *domain.Job, failed error, retry *Retry) error {
	r.log.Warn("jobs: given up", "job", j.ID, "kind", j.Kind, "tries", j.Attempt, "err", failed)
	if retry != nil {
		j.LastError = retry.Failure
	}
	if j.LastError == nil && !errors.Is(failed, errOverdue) {
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
