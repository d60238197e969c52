package store_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// signalled reports whether the store says that jobs were enqueued, and takes the signal.
func signalled(d *desk) bool {
	select {
	case <-d.Enqueued():
		return true
	default:
		return false
	}
}

func TestEnqueued_SignalsOnceAfterACommitWithJobs(t *testing.T) {
	d := open(t)
	enqueue := func(tx *store.Tx) error { return tx.Enqueue(domain.Job{Kind: domain.JobSweep}) }
	d.update(func(tx *store.Tx) error {
		err := errors.Join(enqueue(tx), enqueue(tx))
		if signalled(d) {
			t.Error("signalled before the commit: whoever looks now finds no job")
		}
		return err
	})
	if !signalled(d) {
		t.Error("no signal after a commit with two jobs")
	}
	if signalled(d) {
		t.Error("a second signal after one commit")
	}
	d.update(enqueue)
	d.update(enqueue) // must not wait for the first signal to be taken
	if !signalled(d) || signalled(d) {
		t.Error("two commits that nobody asked about are not exactly one signal")
	}
}

func TestEnqueued_NoSignalWithoutNewJobs(t *testing.T) {
	d := open(t)
	undone := errors.New("undone")
	err := d.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.Enqueue(domain.Job{Kind: domain.JobSweep}), undone)
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if signalled(d) {
		t.Error("signalled after a transaction that was undone")
	}
	d.update(func(tx *store.Tx) error { return tx.PutWorkspace(&domain.Workspace{Company: "Dvůr"}) })
	if signalled(d) {
		t.Error("signalled after a commit without a job")
	}
}

// A person's retry and a round that is hurried must not lie until the runner happens to look.
func TestEnqueued_SignalsAJobThatIsRevivedOrDueSooner(t *testing.T) {
	d := open(t)
	var j domain.Job
	for _, step := range []struct {
		name   string
		change func()
		want   bool
	}{
		{"new", func() { j = domain.Job{ID: domain.ID{1}, State: domain.JobWaiting, Due: noon} }, true},
		{"taken", func() { j.State, j.LeaseUntil = domain.JobRunning, noon.Add(time.Minute) }, false},
		{"put back by the runner", func() { j.State, j.Due = domain.JobWaiting, noon.Add(time.Hour) }, false},
		{"due later", func() { j.Due = noon.Add(2 * time.Hour) }, false},
		{"due sooner", func() { j.Due = noon.Add(time.Minute) }, true},
		{"given up", func() { j.State = domain.JobDead }, false},
		{"revived", func() { j.State = domain.JobWaiting }, true},
	} {
		step.change()
		d.update(func(tx *store.Tx) error { return tx.PutJob(&j) })
		if got := signalled(d); got != step.want {
			t.Errorf("%s: got a signal %v, want %v", step.name, got, step.want)
		}
	}
}
