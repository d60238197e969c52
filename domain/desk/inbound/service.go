// Package inbound is how what customers and vendors say comes in: accepted, journalled, read, and stored once.
//
//	service.go    what the service is made of, its jobs, its start and its end
//	accept.go     a webhook is verified, and stored or journalled before it is answered
//	handover.go   webhooks are passed to the intake while their senders wait
//	intake.go     journal entries are taken in, in order, in batches; what cannot be understood or stored is parked
//	route.go      the channel that an item of a webhook is for
//	receiver.go   connections to vendors that call nobody
//	poll.go       vendors that are asked what happened
//	message.go    messages, and reactions, corrections and deletions of them
//	letter.go     letters, and the threads they belong to
//	status.go     what a vendor reports of a message of ours
//	watermark.go  the same of all messages up to a time
//	contact.go    when a visitor's mail address is another visitor's
//	profile.go    what a vendor knows of a new contact
//	journal.go    parked entries, for administrators
//	dead_job.go   jobs that were given up, for administrators
package inbound

import (
	"context"
	"log/slog"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/domain/desk/files"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// CallTaker takes in what vendors tell of telephone calls. Calls are a capability beside this one, which does not
// import it.
type CallTaker interface {
	// Receive takes a report of a call in. Reports may come in any order and more than once.
	Receive(tx *store.Tx, c *carrier.Connection, in carrier.InboundCall) error
	// TakeSnapshot is what the vendor's next step in a call depends on.
	TakeSnapshot(ctx context.Context, c *carrier.Connection, ours, vendorID string) carrier.CallSnapshot
}

// Service is what comes in. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	thread      *thread.Service
	files       *files.Service
	calls       CallTaker
	now         func() time.Time
	log         *slog.Logger

	intake    *intake
	receivers *receivers
}

// Options are what inbound needs. All are required.
type Options struct {
	Store       *store.Store
	Connections *connections.Service
	Thread      *thread.Service
	Files       *files.Service
	Calls       CallTaker
	Now         func() time.Time
	Log         *slog.Logger
}

// New makes a service that takes nothing in before Start; webhooks are accepted all the same.
func New(o Options) *Service {
	s := &Service{
		store:       o.Store,
		connections: o.Connections,
		thread:      o.Thread,
		files:       o.Files,
		calls:       o.Calls,
		now:         o.Now,
		log:         o.Log,
	}
	s.intake, s.receivers = newIntake(s), newReceivers(s)
	return s
}

// Jobs are the kinds of job by which vendors are asked for what happened and for profiles.
func (s *Service) Jobs() map[domain.JobKind]jobs.Kind {
	return map[domain.JobKind]jobs.Kind{
		domain.JobPoll:    {Do: s.pollChannel, GiveUp: jobs.Forget, MaxTries: 12},
		domain.JobProfile: {Do: s.fetchProfile, GiveUp: jobs.Forget, MaxTries: 5},
	}
}

// Start begins to take in the journal and to receive.
func (s *Service) Start(ctx context.Context) {
	s.intake.worker.Start(ctx, s.intake.run)
	s.receivers.worker.Start(ctx, s.receivers.manageReceivers)
}

// Stop ends the receivers, then the intake. What was acknowledged is stored and goes on at the next start. Calling it
// twice is fine.
func (s *Service) Stop() {
	s.receivers.stop()
	s.intake.worker.Stop()
}

// WaitIdle waits until everything that was journalled before the call is taken in or parked: for tests.
func (s *Service) WaitIdle(ctx context.Context) error { return s.intake.waitIdle(ctx) }
