package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
)

var (
	errLimit   = &jobs.Retry{Refused: true, Wait: 7 * time.Second, Failure: &domain.Failure{Class: "limit"}, Err: errors.New("429")}
	errRefused = &jobs.Retry{Refused: true, Failure: &domain.Failure{Class: "refused"}, Err: errors.New("401")}
	errSilent  = &jobs.Retry{Silent: true, Failure: &domain.Failure{Class: "silent"}, Err: errors.New("no answer")}
)

// startWith starts a runner with a kind of the test's.
func (r *rig) startWith(kind jobs.Kind) *jobs.Queues {
	r.t.Helper()
	queues := jobs.NewQueues(8)
	if kind.Do == nil {
		kind.Do = r.do
	}
	r.runner = jobs.New(r.store, r.clock, discard, queues, map[domain.JobKind]jobs.Kind{domain.JobDeliver: kind})
	if err := r.runner.Start(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.runner.Stop)
	r.settle()
	return queues
}

// pass lets time pass, second by second.
func (r *rig) pass(d time.Duration) {
	r.t.Helper()
	for ; d > 0; d -= time.Second {
		r.move(time.Second)
	}
}

// A vendor that takes nothing for five minutes, for each reason: nothing is given up although each kind has three tries
// only, nobody hammers, and after the return everything leaves at once.
func TestHold_NothingIsGivenUpByTriesAndAllLeavesAfterTheReturn(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		tries int           // at the most, within five minutes
		after time.Duration // of the return, until everything is done
	}{
		"limit":  {errLimit, 45, 8 * time.Second},
		"silent": {errSilent, 40, 11 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			var down atomic.Bool
			var ok atomic.Int64
			down.Store(true)
			r.answer = func(domain.Job) error {
				if down.Load() {
					return c.err
				}
				ok.Add(1)
				return nil
			}
			queues := r.startWith(jobs.Kind{MaxTries: 3})
			for i := range 60 {
				r.enqueueIn("shop", fmt.Sprint(i))
				if i%5 == 0 {
					r.pass(5 * time.Second)
				}
			}
			r.pass(4 * time.Minute)
			if got := len(r.ran()); got > c.tries {
				t.Errorf("%d tries within five minutes, want at most %d", got, c.tries)
			}
			if hold, held := queues.Hold("shop"); !held || hold.Failure == nil {
				t.Errorf("got %+v, %v; want the queue held, with the reason", hold, held)
			}
			if n := len(r.dead()); n != 0 {
				t.Errorf("%d jobs were given up, want none", n)
			}
			down.Store(false)
			r.pass(c.after)
			if ok.Load() != 60 {
				t.Errorf("%d of 60 jobs are done after the return", ok.Load())
			}
			if _, held := queues.Hold("shop"); held {
				t.Error("the queue is still held")
			}
		})
	}
}

func TestHold_RefusalHoldsAtOnceAndIsTriedAtOnceWhenAPersonActed(t *testing.T) {
	r := newRig(t)
	down := true
	r.answer = func(domain.Job) error {
		if down {
			return errRefused
		}
		return nil
	}
	queues := r.startWith(jobs.Kind{MaxTries: 3})
	r.enqueueIn("shop", "x")
	r.settle()
	for range 20 {
		r.enqueueIn("shop", "x")
	}
	r.settle()
	if got := len(r.ran()); got != 1 {
		t.Fatalf("%d tries, want the queue held by the first", got)
	}
	r.pass(5 * time.Minute)
	if got := len(r.ran()); got > 7 {
		t.Errorf("%d tries of refused credentials within five minutes, want few", got)
	}
	down = false
	before := len(r.ran())
	if err := queues.TryNow(t.Context(), r.store, "shop"); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := len(r.ran()) - before; got != 21 {
		t.Errorf("%d jobs ran at once, want all 21", got)
	}
}

// While a queue is held one job at a time tries; then twice as many after each answer.
func TestHold_OneTriesAtATimeAndTheOthersFollowByTwos(t *testing.T) {
	r := newRig(t)
	begun, step, looked := make(chan struct{}, 100), make(chan error), make(chan struct{})
	r.startWith(jobs.Kind{MaxTries: 3, Do: func(_ context.Context, j domain.Job) error {
		if j.Queue == "other" {
			looked <- struct{}{}
			return nil
		}
		begun <- struct{}{}
		return <-step
	}})
	for range 40 {
		r.enqueueIn("shop", "x")
	}
	for range 8 { // those that are on their way when the limit is reached
		<-begun
	}
	for range 8 {
		step <- errLimit
	}
	r.settle()
	r.mu.Lock()
	r.now = r.now.Add(8 * time.Second)
	r.mu.Unlock()
	running := 0
	for _, want := range []int{1, 2, 4, 8} {
		for range 2 { // the runner looks at its queues, and once more
			r.enqueueIn("other", "look")
			<-looked
		}
		for ; running < want; running++ {
			<-begun
		}
		for range 2 {
			r.enqueueIn("other", "look")
			<-looked
		}
		if len(begun) != 0 {
			t.Fatalf("%d jobs run, want %d", running+len(begun), want)
		}
		step <- nil
		running--
	}
	for range 40 - 4 {
		step <- nil
	}
	r.settle()
}

// A job whose failure is its own, though it looks like the vendor's, does not keep the others back for ever.
func TestHold_AJobThatAlwaysFailsLetsTheOthersPass(t *testing.T) {
	r := newRig(t)
	r.answer = func(j domain.Job) error {
		if j.Args["name"] == "poison" {
			return errRefused
		}
		return nil
	}
	r.startWith(jobs.Kind{MaxTries: 3})
	r.enqueueIn("shop", "poison")
	r.settle()
	for range 10 {
		r.enqueueIn("shop", "x")
	}
	r.pass(time.Minute)
	if got := r.count("x"); got != 10 {
		t.Errorf("%d of 10 others passed", got)
	}
}

func TestHold_LaneKeepsItsOrder(t *testing.T) {
	r := newRig(t)
	down := true
	var done []string
	r.answer = func(j domain.Job) error {
		if down {
			return errSilent
		}
		done = append(done, j.Args["name"])
		return nil
	}
	r.startWith(jobs.Kind{MaxTries: 3})
	for i := range 12 {
		err := r.store.Update(t.Context(), func(tx *store.Tx) error {
			return tx.Enqueue(domain.Job{
				Kind: domain.JobDeliver, Queue: "shop", Lane: "lane", Args: map[string]string{"name": fmt.Sprintf("%02d", i)},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	r.pass(time.Minute)
	down = false
	r.pass(11 * time.Second)
	if len(done) != 12 || !slices.IsSorted(done) {
		t.Errorf("got %v, want all in their order", done)
	}
}

func TestHold_JobsAreGivenUpByTheirTimeTriedOrNot(t *testing.T) {
	r := newRig(t)
	r.answer = func(domain.Job) error { return errRefused }
	var reasons []string
	r.startWith(jobs.Kind{
		Until: func(_ context.Context, _ *store.Tx, j *domain.Job) (time.Time, error) {
			return j.CreatedAt.Add(time.Hour), nil
		},
		GiveUp: func(_ context.Context, _ *store.Tx, j *domain.Job) (bool, error) {
			reasons = append(reasons, j.LastError.Class)
			return false, nil
		},
	})
	for range 10 {
		r.enqueueIn("shop", "x")
	}
	r.move(59 * time.Minute)
	if len(reasons) != 0 {
		t.Fatalf("%d given up before their time", len(reasons))
	}
	r.move(time.Minute)
	if len(reasons) != 10 || reasons[9] != "refused" {
		t.Errorf("given up: %v, want all ten with the reason they waited for", reasons)
	}
}

// Own failures of a kind that is given up by time are tried until then, and once more at the end.
func TestUntil_OwnFailuresAreTriedUntilTheTimeIsOver(t *testing.T) {
	r := newRig(t)
	r.answer = func(domain.Job) error { return &jobs.Retry{Err: errors.New("busy")} }
	given := 0
	r.startWith(jobs.Kind{
		Until: func(_ context.Context, _ *store.Tx, j *domain.Job) (time.Time, error) {
			return j.CreatedAt.Add(6 * time.Hour), nil
		},
		GiveUp: func(context.Context, *store.Tx, *domain.Job) (bool, error) {
			given++
			return false, nil
		},
	})
	r.enqueueIn("shop", "x")
	for range 5*60 + 59 {
		r.move(time.Minute)
	}
	if tries := len(r.ran()); given != 0 || tries < 12 || tries > 40 {
		t.Fatalf("%d tries and %d given up within six hours, want some tries, with growing waits", tries, given)
	}
	r.move(time.Minute)
	if given != 1 {
		t.Error("the job was not given up when its time was over")
	}
}

func TestHold_ListenerLearnsOnceOfEachReason(t *testing.T) {
	r := newRig(t)
	answer := errSilent
	r.answer = func(domain.Job) error { return answer }
	queues := r.startWith(jobs.Kind{MaxTries: 3})
	var told []string
	queues.Listen(func(_ context.Context, queue string) {
		hold, _ := queues.Hold(queue)
		told = append(told, hold.Failure.Class)
	})
	for range 5 {
		r.enqueueIn("shop", "x")
		r.settle()
	}
	r.pass(time.Minute)
	answer = errRefused
	r.pass(time.Minute)
	if !slices.Equal(told, []string{"silent", "refused"}) {
		t.Errorf("told %v, want each reason once", told)
	}
}

func TestHold_TryNowForgetsBackoffThatIsLeftOverHoweverMuchWaits(t *testing.T) {
	r := newRig(t)
	r.answer = func(domain.Job) error {
		return &jobs.Retry{Wait: 20 * time.Minute, Failure: &domain.Failure{Class: "busy"}, Err: errors.New("busy")}
	}
	queues := r.startWith(jobs.Kind{MaxTries: 3})
	const many = 700 // more than one transaction may write
	for range many {
		r.enqueueIn("shop", "x")
	}
	r.settle()
	r.answer = func(domain.Job) error { return nil }
	if err := queues.TryNow(t.Context(), r.store, "shop"); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := len(r.ran()); got != 2*many {
		t.Errorf("%d runs, want each job tried again at once", got)
	}
}

// moves are those of the clock that the desk has to bear: ahead and back again, back and ahead again.
var moves = []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour}

func TestClock_MovedAndBackLeavesNothingWaiting(t *testing.T) {
	for _, by := range moves {
		t.Run(by.String(), func(t *testing.T) {
			r := newRig(t)
			failing := true
			r.answer = func(domain.Job) error {
				if failing {
					return &jobs.Retry{Wait: time.Minute, Failure: &domain.Failure{}, Err: errors.New("busy")}
				}
				return nil
			}
			r.startWith(jobs.Kind{MaxTries: 9})
			r.move(by)
			r.enqueue("backoff", "lane", 0)
			r.enqueue("behind", "lane", 0)
			r.enqueue("later", "", time.Hour)
			r.settle()
			failing = false
			r.move(-by)
			r.pass(2 * time.Minute)
			if r.count("backoff") < 2 || r.count("behind") != 1 {
				t.Errorf("ran %v; want what waited for a try done, and what was behind it", r.ran())
			}
			r.move(time.Hour)
			if r.count("later") != 1 {
				t.Errorf("ran %v; want what was due in an hour done after it", r.ran())
			}
		})
	}
}

func TestClock_HeldQueueIsTriedWhateverTheClockShowed(t *testing.T) {
	for _, by := range moves {
		t.Run(by.String(), func(t *testing.T) {
			r := newRig(t)
			down := true
			r.answer = func(domain.Job) error {
				if down {
					return errLimit
				}
				return nil
			}
			queues := r.startWith(jobs.Kind{MaxTries: 3})
			r.move(by)
			r.enqueueIn("shop", "x")
			r.settle()
			down = false
			r.move(-by)
			r.pass(10 * time.Second)
			if _, held := queues.Hold("shop"); held || r.count("x") != 2 {
				t.Errorf("held %v, ran %v; want the job done", held, r.ran())
			}
		})
	}
}

// The clock goes ahead of the lease while a job runs: it is not run a second time beside itself.
func TestClock_AheadOfALeaseRunsNothingTwice(t *testing.T) {
	for _, by := range moves {
		t.Run(by.String(), func(t *testing.T) {
			r := newRig(t)
			var runs atomic.Int64
			begun, release := make(chan struct{}, 9), make(chan struct{})
			r.startWith(jobs.Kind{MaxTries: 3, Do: func(context.Context, domain.Job) error {
				runs.Add(1)
				begun <- struct{}{}
				<-release
				return nil
			}})
			r.enqueueIn("shop", "x")
			<-begun
			shift := func(d time.Duration) {
				r.mu.Lock()
				r.now = r.now.Add(d)
				r.mu.Unlock()
				r.enqueueIn("other", "look") // has the runner look at its leases
				<-begun
			}
			shift(by)
			shift(-by)
			close(release)
			r.settle()
			if runs.Load() != 3 {
				t.Errorf("%d runs, want one of each job", runs.Load())
			}
		})
	}
}

// What a dead process left behind when the clock was wrong is found at the start.
func TestClock_WhatWasLeftWhenItWasWrongRunsAfterTheStart(t *testing.T) {
	for _, by := range moves {
		t.Run(by.String(), func(t *testing.T) {
			r := newRig(t)
			r.now = r.now.Add(by)
			r.store.SetWorkers(deadWorkers{})
			r.enqueueAtOnce("", "shop", "leased")
			r.store.SetWorkers(nil)
			r.enqueue("later", "", time.Hour)
			r.now = r.now.Add(-by)
			r.startWith(jobs.Kind{MaxTries: 3})
			r.move(time.Hour)
			if r.count("leased") != 1 || r.count("later") != 1 {
				t.Errorf("ran %v, want both", r.ran())
			}
		})
	}
}

// What was enqueued while the clock was ahead stays before what is enqueued after a start with the right one.
func TestClock_LaneKeepsItsOrderOverAStart(t *testing.T) {
	for _, by := range moves {
		r := newRig(t)
		r.now = r.now.Add(by)
		r.enqueue("first", "lane", 0)
		r.now = r.now.Add(-by)
		var err error
		options := store.Options{Now: r.clock, SealKey: make([]byte, store.SealKeyLength)}
		if r.store, err = store.Open(t.Context(), r.store.Engine(), options); err != nil {
			t.Fatal(err)
		}
		r.enqueue("second", "lane", 0)
		r.start()
		r.pass(2 * time.Second)
		if got := r.ran(); !slices.Equal(got, []string{"first", "second"}) {
			t.Errorf("by %v: ran %v, want them in their order", by, got)
		}
	}
}
