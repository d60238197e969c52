package store_test

import (
	"errors"
	"testing"

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
