// Package jobs runs durable background work: everything that happens later than its cause.
//
// A job is enqueued in the transaction of its cause, so neither is ever without the other. A worker leases it for a
// time; when the worker dies the lease ends and another takes the job. Failures of its own
// wait by Backoff and stop after the last try, permanent ones at once; then a person sees the job and can retry. Jobs of
// one lane run one after another in the order in which they were enqueued. Jobs of one queue share its places, and wait
// together when their vendor takes nothing: it does not answer, asks for patience, or refuses us. Then they are given up
// by time alone.
//
//	jobs.go     what a person can do with a dead job
//	kind.go     how jobs of one kind are done
//	runner.go   jobs are started, run and settled
//	lease.go    jobs are leased to a worker, and taken back from one that died
//	queue.go    places of the queues, and queues that are held
//	trouble.go  what the end of a job says of its queue, and how long the queue waits
//	overdue.go  jobs that waited too long are given up
//	clock.go    the clock is put back
//	retry.go    the error that asks for another try
//	over.go     the error that ends a job although nobody answered
//	backoff.go  how long to wait between tries
//	idle.go     when there is nothing to do
package jobs

import (
	"pult/domain"
	"pult/domain/store"
)

// Again makes a dead job wait for its first try again, because a person asked for it. Any other job stays as it is.
func Again(tx *store.Tx, j *domain.Job) error {
	if j.State != domain.JobDead {
		return nil
	}
	j.State, j.Attempt, j.Due = domain.JobWaiting, 0, tx.Now
	return tx.PutJob(j)
}
