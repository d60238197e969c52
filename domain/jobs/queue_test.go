package jobs_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/jobs"
	"pult/domain/store"
)

func (r *rig) enqueueIn(queue, name string) {
	r.t.Helper()
	err := r.store.Update(r.t.Context(), func(tx *store.Tx) error {
		return tx.Enqueue(domain.Job{Kind: domain.JobDeliver, Queue: queue, Args: map[string]string{"name": name}})
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// count is how many runs so far have a name.
func (r *rig) count(name string) (n int) {
	for _, done := range r.ran() {
		if done == name {
			n++
		}
	}
	return n
}

// Jobs of two vendors that accept and never answer fill all places of their own queues, and none of anybody else's.
func TestQueue_VendorsThatNeverAnswerHoldUpNobodyElse(t *testing.T) {
	r := newRig(t)
	stuck, release := make(chan struct{}, 200), make(chan struct{})
	other := make(chan struct{}, 100)
	r.answer = func(j domain.Job) error {
		if j.Queue == "quick" || j.Queue == "" {
			other <- struct{}{}
			return nil
		}
		stuck <- struct{}{}
		<-release
		return nil
	}
	for n := range 3 {
		for range 50 {
			r.enqueueIn(fmt.Sprint("dead", n), "dead")
		}
	}
	r.enqueueIn("quick", "quick")
	r.enqueueIn("", "own")
	r.runner = jobs.New(r.store, r.clock, discard, jobs.NewQueues(4), map[domain.JobKind]jobs.Kind{domain.JobDeliver: {Do: r.do, MaxTries: 3}})
	if err := r.runner.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.runner.Stop)
	for range 2 {
		<-other // with shared workers this would never come
	}
	for range 12 {
		<-stuck
	}
	if got := r.count("dead"); got != 12 {
		t.Errorf("%d jobs of three silent vendors run, want their 4 places each", got)
	}
	close(release)
	r.settle()
	if got := r.count("dead"); got != 150 {
		t.Errorf("%d jobs ran in the end, want all 150", got)
	}
}

// A queue nobody answers for costs a single try now and then, and heals by itself.
func TestQueue_SilentVendorIsProbedByOneJobUntilItAnswers(t *testing.T) {
	r := newRig(t)
	down := true
	r.answer = func(domain.Job) error {
		if down {
			return &jobs.Over{Err: errors.New("no answer")}
		}
		return nil
	}
	r.start()
	for range 3 {
		r.enqueueIn("shop", "x")
		r.settle()
	}
	for range 40 {
		r.enqueueIn("shop", "x")
	}
	r.settle()
	if got := r.count("x"); got != 3 {
		t.Fatalf("%d tries, want the queue held after 3 without an answer", got)
	}
	r.move(time.Second)
	if got := r.count("x"); got != 3 {
		t.Errorf("%d tries after a second, want none more", got)
	}
	r.move(time.Second)
	if got := r.count("x"); got != 4 {
		t.Errorf("%d tries after the hold, want one probe", got)
	}
	down = false
	r.move(time.Minute)
	if got := r.count("x"); got != 43 {
		t.Errorf("%d tries once the vendor answers, want everything done", got)
	}
}

// A refusal is an answer: it holds nothing.
func TestQueue_RefusalsDoNotHoldTheQueue(t *testing.T) {
	r := newRig(t)
	r.answer = func(domain.Job) error { return errors.New("refused") }
	r.start()
	for range 10 {
		r.enqueueIn("shop", "x")
	}
	r.settle()
	if got := r.count("x"); got != 10 {
		t.Errorf("%d jobs ran, want all 10", got)
	}
}

func TestQueue_NamesStayApart(t *testing.T) {
	r := newRig(t)
	for _, queue := range []string{"a", "ab", "a\x01", "b"} {
		r.enqueueIn(queue, queue)
	}
	var names []string
	err := r.store.View(t.Context(), func(tx *store.Tx) (err error) {
		names, err = tx.Queues()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if want := []string{"", "a", "a\x01", "ab", "b"}; !slices.Equal(names, want) {
		t.Errorf("got queues %q, want %q", names, want)
	}
	r.start()
	if got := len(r.ran()); got != 4 {
		t.Errorf("%d jobs ran, want 4", got)
	}
}
