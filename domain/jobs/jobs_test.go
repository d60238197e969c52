package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
)

var discard = slog.New(slog.DiscardHandler)

type rig struct {
	t      *testing.T
	store  *store.Store
	mu     sync.Mutex
	now    time.Time
	done   []string // guarded by mu
	answer func(j domain.Job) error
	runner *jobs.Runner
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), answer: func(domain.Job) error { return nil }}
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	if r.store, err = store.Open(t.Context(), engine, store.Options{Now: r.clock, SealKey: make([]byte, store.SealKeyLength)}); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) move(d time.Duration) {
	r.mu.Lock()
	r.now = r.now.Add(d)
	r.mu.Unlock()
	r.settle()
}

func (r *rig) do(_ context.Context, j domain.Job) error {
	r.mu.Lock()
	r.done = append(r.done, j.Args["name"])
	r.mu.Unlock()
	return r.answer(j)
}

func (r *rig) start() {
	r.t.Helper()
	r.runner = jobs.New(r.store, r.clock, discard, jobs.NewQueues(4), map[domain.JobKind]jobs.Kind{domain.JobDeliver: {Do: r.do, MaxTries: 3}})
	if err := r.runner.Start(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.runner.Stop)
	r.settle()
}

func (r *rig) settle() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Second)
	defer cancel()
	if err := r.runner.Idle(ctx); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) enqueue(name, lane string, due time.Duration) {
	r.t.Helper()
	err := r.store.Update(r.t.Context(), func(tx *store.Tx) error {
		return tx.Enqueue(domain.Job{Kind: domain.JobDeliver, Lane: lane, Args: map[string]string{"name": name}, Due: tx.Now.Add(due)})
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) ran() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.done)
}

func (r *rig) dead() (list []domain.Job) {
	r.t.Helper()
	err := r.store.View(r.t.Context(), func(tx *store.Tx) (err error) { list, err = tx.DeadJobs(10); return err })
	if err != nil {
		r.t.Fatal(err)
	}
	return list
}

func TestRunner_RunsOnceWhenDue(t *testing.T) {
	r := newRig(t)
	r.enqueue("now", "", 0)
	r.enqueue("later", "", time.Hour)
	r.start()
	if got := r.ran(); !slices.Equal(got, []string{"now"}) {
		t.Errorf("got %v, want only what is due", got)
	}
	r.move(time.Hour)
	r.move(time.Hour)
	if got := r.ran(); !slices.Equal(got, []string{"now", "later"}) {
		t.Errorf("got %v, want each once", got)
	}
}

func TestRunner_LaneKeepsItsOrderAlsoOverRetries(t *testing.T) {
	r := newRig(t)
	failures := 2
	r.answer = func(j domain.Job) error {
		if j.Args["name"] == "a" && failures > 0 {
			failures--
			return &jobs.Retry{Err: errors.New("not yet")}
		}
		return nil
	}
	for _, name := range []string{"a", "b", "c"} {
		r.enqueue(name, "lane", 0)
	}
	r.enqueue("other", "", 0)
	r.start()
	if got := r.ran(); slices.Contains(got, "b") || !slices.Contains(got, "other") {
		t.Errorf("got %v, want b to wait for a and the other lane not", got)
	}
	r.move(time.Minute)
	r.move(time.Minute)
	got := slices.DeleteFunc(r.ran(), func(s string) bool { return s == "other" })
	if !slices.Equal(got, []string{"a", "a", "a", "b", "c"}) {
		t.Errorf("got %v, want a three times, then b, c", got)
	}
}

func TestRunner_LongLaneThatWaitsHoldsUpNobodyElse(t *testing.T) {
	r := newRig(t)
	r.answer = func(j domain.Job) error {
		if j.Args["name"] == "held" {
			return &jobs.Retry{Wait: time.Hour, Err: errors.New("the vendor is down")}
		}
		return nil
	}
	for range 300 {
		r.enqueue("held", "lane", 0)
	}
	r.enqueue("other", "", 0)
	r.start()
	if got := r.ran(); !slices.Equal(got, []string{"held", "other"}) && !slices.Equal(got, []string{"other", "held"}) {
		t.Errorf("got %d runs %v, want the first of the lane and the other job", len(got), got[:min(len(got), 3)])
	}
}

func TestRunner_AbsurdWaitIsCutShort(t *testing.T) {
	r := newRig(t)
	r.answer = func(domain.Job) error { return &jobs.Retry{Wait: 1000 * 24 * time.Hour, Err: errors.New("come back")} }
	r.enqueue("x", "", 0)
	r.start()
	r.move(time.Hour)
	if got := len(r.ran()); got != 2 {
		t.Errorf("got %d tries within an hour, want 2", got)
	}
}

func TestRunner_LastTryEndsInADeadJobThatAPersonRevives(t *testing.T) {
	r := newRig(t)
	r.answer = func(domain.Job) error {
		return &jobs.Retry{Failure: &domain.Failure{Code: "503"}, Err: errors.New("down")}
	}
	r.enqueue("x", "lane", 0)
	r.start()
	for range 5 {
		r.move(time.Hour)
	}
	list := r.dead()
	if len(r.ran()) != 3 || len(list) != 1 || list[0].LastError.Code != "503" {
		t.Fatalf("got %d tries and dead jobs %+v, want 3 and one with the reason", len(r.ran()), list)
	}
	r.answer = func(domain.Job) error { return nil }
	if err := r.store.Update(t.Context(), func(tx *store.Tx) error { return jobs.Again(tx, &list[0]) }); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if got := len(r.ran()); got != 4 || len(r.dead()) != 0 {
		t.Errorf("got %d tries, %d dead; want 4, 0", got, len(r.dead()))
	}
}

func TestRunner_PermanentErrorStopsAtOnceAndPanicIsARetry(t *testing.T) {
	r := newRig(t)
	r.answer = func(j domain.Job) error {
		if j.Args["name"] == "panic" {
			panic("boom")
		}
		return errors.New("never")
	}
	r.enqueue("never", "", 0)
	r.start()
	if len(r.ran()) != 1 || len(r.dead()) != 1 {
		t.Errorf("got %d tries, %d dead; want 1, 1", len(r.ran()), len(r.dead()))
	}
	r.enqueue("panic", "", 0)
	r.settle()
	r.move(time.Hour)
	if got := len(r.ran()); got != 3 {
		t.Errorf("got %d runs, want the panicking job tried again", got)
	}
}

func TestStart_TakesBackWhatADeadProcessHadLeased(t *testing.T) {
	r := newRig(t)
	r.enqueue("x", "", 0)
	err := r.store.Update(t.Context(), func(tx *store.Tx) error {
		ids, _, _, err := tx.ReadyJobs("", 1)
		if err != nil {
			return err
		}
		j, err := tx.Job(ids[0])
		j.State, j.LeaseUntil, j.Attempt = domain.JobRunning, tx.Now.Add(jobs.Lease), 1
		return errors.Join(err, tx.PutJob(&j))
	})
	if err != nil {
		t.Fatal(err)
	}
	r.start()
	if got := r.ran(); !slices.Equal(got, []string{"x"}) {
		t.Errorf("got %v, want the job run", got)
	}
}

func TestBackoff_GrowsAndIsBounded(t *testing.T) {
	last := time.Duration(0)
	for attempt := 1; attempt < 40; attempt++ {
		low, high := jobs.Backoff(attempt, domain.ID{}), jobs.Backoff(attempt, domain.ID{15: 255})
		if low <= 0 || high < low || high > 34*time.Minute {
			t.Fatalf("attempt %d: got %v to %v", attempt, low, high)
		}
		if attempt < 10 && low <= last {
			t.Errorf("attempt %d: got %v after %v, want more", attempt, low, last)
		}
		last = low
	}
}
