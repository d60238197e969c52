package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
)

// startTrying starts a runner whose jobs end with their outcome, which counts itself in stored.
func (r *rig) startTrying(slots int, try func(ctx context.Context, j domain.Job) error) (stored *[]string) {
	r.t.Helper()
	stored = &[]string{}
	kind := jobs.Kind{MaxTries: 3, Try: func(ctx context.Context, j domain.Job) (jobs.Outcome, error) {
		r.mu.Lock()
		r.done = append(r.done, fmt.Sprintf("%s begun=%v try=%d", j.Args["name"], j.Begun, j.Attempt))
		r.mu.Unlock()
		end := try(ctx, j)
		return func(tx *store.Tx) (error, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			*stored = append(*stored, j.Args["name"])
			return end, tx.SetNumber("outcome", 1)
		}, nil
	}}
	r.runner = jobs.New(r.store, r.clock, discard, jobs.NewQueues(slots), map[domain.JobKind]jobs.Kind{domain.JobDeliver: kind})
	if err := r.runner.Start(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.runner.Stop)
	r.settle()
	return stored
}

// enqueueAtOnce enqueues jobs that begin with their transaction, all in one, and tells which of them did.
func (r *rig) enqueueAtOnce(lane, queue string, names ...string) (begun []bool) {
	r.t.Helper()
	err := r.store.Update(r.t.Context(), func(tx *store.Tx) error {
		begun = begun[:0]
		for _, name := range names {
			b, err := tx.EnqueueAtOnce(domain.Job{
				Kind: domain.JobDeliver, Lane: lane, Queue: queue, Args: map[string]string{"name": name},
			})
			if err != nil {
				return err
			}
			begun = append(begun, b)
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return begun
}

func (r *rig) commits() int64 { return r.store.Engine().Info().Commits }

func fine(context.Context, domain.Job) error { return nil }

func TestAtOnce_AJobIsTwoCommits(t *testing.T) {
	r := newRig(t)
	stored := r.startTrying(4, fine)
	before := r.commits()
	r.enqueueAtOnce("lane", "vendor", "a")
	r.settle()
	if got := r.commits() - before; got != 2 {
		t.Errorf("%d commits from enqueueing a job to its end, want 2", got)
	}
	if want := []string{"a begun=true try=1"}; !slices.Equal(r.ran(), want) || len(*stored) != 1 {
		t.Errorf("got %v, stored %v; want %v, stored once", r.ran(), *stored, want)
	}
	if err := r.store.View(t.Context(), func(tx *store.Tx) error {
		_, waits, err := tx.NextInLane("lane")
		if waits {
			t.Error("the job is still in its lane")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAtOnce_WhatIsBehindInItsLaneWaits(t *testing.T) {
	r := newRig(t)
	r.startTrying(4, fine)
	if got := r.enqueueAtOnce("lane", "vendor", "a", "b", "c"); !slices.Equal(got, []bool{true, false, false}) {
		t.Errorf("begun: %v, want the first of the lane alone", got)
	}
	r.settle()
	want := []string{"a begun=true try=1", "b begun=false try=1", "c begun=false try=1"}
	if got := r.ran(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAtOnce_ARetryKeepsItsPlaceInTheLane(t *testing.T) {
	r := newRig(t)
	failures := 1
	r.startTrying(4, func(_ context.Context, j domain.Job) error {
		if j.Args["name"] == "a" && failures > 0 {
			failures--
			return &jobs.Retry{Err: errors.New("not yet")}
		}
		return nil
	})
	r.enqueueAtOnce("lane", "vendor", "a")
	r.settle()
	if got := r.enqueueAtOnce("lane", "vendor", "b"); got[0] {
		t.Error("a job began before the one in front of it was over")
	}
	r.move(time.Minute)
	want := []string{"a begun=true try=1", "a begun=false try=2", "b begun=false try=1"}
	if got := r.ran(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAtOnce_AnUndoneTransactionRunsNothingAndGivesItsPlacesBack(t *testing.T) {
	r := newRig(t)
	r.startTrying(2, fine)
	undone := errors.New("undone")
	for range 5 {
		err := r.store.Update(t.Context(), func(tx *store.Tx) error {
			for range 3 {
				if _, err := tx.EnqueueAtOnce(domain.Job{Kind: domain.JobDeliver, Queue: "vendor"}); err != nil {
					return err
				}
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
	}
	r.settle()
	if got := r.ran(); len(got) != 0 {
		t.Errorf("ran %v of what was undone", got)
	}
	if got := r.enqueueAtOnce("", "vendor", "a", "b", "c"); !slices.Equal(got, []bool{true, true, false}) {
		t.Errorf("begun: %v, want as many as there are places", got)
	}
}

func TestAtOnce_NothingOvertakesWhatIsDueInTheQueue(t *testing.T) {
	r := newRig(t)
	r.startTrying(1, fine)
	err := r.store.Update(t.Context(), func(tx *store.Tx) error {
		job := domain.Job{Kind: domain.JobDeliver, Queue: "vendor", Args: map[string]string{"name": "first"}}
		if err := tx.Enqueue(job); err != nil {
			return err
		}
		begun, err := tx.EnqueueAtOnce(domain.Job{Kind: domain.JobDeliver, Queue: "vendor", Args: map[string]string{"name": "x"}})
		if begun {
			t.Error("a job began although another of its queue is due")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	if want := []string{"first begun=false try=1", "x begun=false try=1"}; !slices.Equal(r.ran(), want) {
		t.Errorf("got %v, want %v", r.ran(), want)
	}
}

func TestAtOnce_AHeldQueueTakesNothing(t *testing.T) {
	r := newRig(t)
	r.startTrying(4, func(context.Context, domain.Job) error {
		return &jobs.Retry{Silent: true, Wait: time.Hour, Err: errors.New("nobody there")}
	})
	for range 3 {
		r.enqueueAtOnce("", "vendor", "x")
		r.settle()
	}
	if got := r.enqueueAtOnce("", "vendor", "y"); got[0] {
		t.Error("a job began in a queue that is held")
	}
	if got := r.enqueueAtOnce("", "other", "z"); !got[0] {
		t.Error("a queue of somebody else is held, too")
	}
}

// The worker died after the commit: whoever takes the job from the store must not take it for begun.
func TestAtOnce_ADeadProcessLeavesAJobThatRunsAgain(t *testing.T) {
	r := newRig(t)
	r.store.SetWorkers(deadWorkers{})
	if got := r.enqueueAtOnce("lane", "vendor", "a"); !got[0] {
		t.Fatal("the job did not begin")
	}
	r.startTrying(4, fine)
	if want := []string{"a begun=false try=2"}; !slices.Equal(r.ran(), want) {
		t.Errorf("got %v, want %v", r.ran(), want)
	}
}

// deadWorkers take jobs and die.
type deadWorkers struct{}

func (deadWorkers) TakePlace(string) (begin func(*domain.Job), lease time.Duration, ok bool) {
	return func(*domain.Job) {}, jobs.Lease, true
}

func TestAtOnce_AfterTheEndNothingBegins(t *testing.T) {
	r := newRig(t)
	r.startTrying(4, fine)
	r.runner.Stop()
	if got := r.enqueueAtOnce("", "vendor", "a"); got[0] {
		t.Error("a job began although nobody works")
	}
}

// What a vendor said is stored when the program is stopping, and the job is tried again at the next start.
func TestTry_TheOutcomeIsStoredWhenStopping(t *testing.T) {
	r := newRig(t)
	begun := make(chan struct{})
	stored := r.startTrying(4, func(ctx context.Context, j domain.Job) error {
		if j.Attempt > 1 {
			return nil
		}
		close(begun)
		<-ctx.Done()
		return &jobs.Retry{Err: ctx.Err()}
	})
	r.enqueueAtOnce("lane", "vendor", "a")
	<-begun
	r.runner.Stop()
	if len(*stored) != 1 {
		t.Fatalf("stored %v, want the outcome of the job that was cut", *stored)
	}
	r.startTrying(4, fine)
	if want := []string{"a begun=true try=1", "a begun=false try=2"}; !slices.Equal(r.ran(), want) {
		t.Errorf("got %v, want %v", r.ran(), want)
	}
}

func TestTry_AnOutcomeThatCannotBeStoredAsksForAnotherTry(t *testing.T) {
	r := newRig(t)
	failing := true
	kind := jobs.Kind{MaxTries: 3, Try: func(_ context.Context, j domain.Job) (jobs.Outcome, error) {
		return func(*store.Tx) (end, err error) {
			if failing {
				failing = false
				return nil, errors.New("cannot be stored")
			}
			return nil, nil
		}, r.do(t.Context(), j)
	}}
	r.runner = jobs.New(r.store, r.clock, discard, jobs.NewQueues(4), map[domain.JobKind]jobs.Kind{domain.JobDeliver: kind})
	if err := r.runner.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.runner.Stop)
	r.enqueueAtOnce("", "vendor", "a")
	r.settle()
	r.move(time.Minute)
	r.move(time.Minute)
	if got := r.count("a"); got != 2 || len(r.dead()) != 0 {
		t.Errorf("%d runs, %d dead; want a second run, and none dead", got, len(r.dead()))
	}
}

func TestRunner_LeaseThatEndsIsFoundAlsoWhenTheClockWasSetBack(t *testing.T) {
	r := newRig(t)
	r.startTrying(4, fine)
	r.move(-time.Hour)
	r.store.SetWorkers(deadWorkers{})
	r.enqueueAtOnce("", "vendor", "lost")
	r.move(jobs.Lease - time.Minute)
	if got := len(r.ran()); got != 0 {
		t.Fatalf("%d runs before the lease ended", got)
	}
	r.move(2 * time.Minute)
	if want := []string{"lost begun=false try=2"}; !slices.Equal(r.ran(), want) {
		t.Errorf("got %v, want %v", r.ran(), want)
	}
}
