// Package calls is the telephone: calls that operators make and take, and calls that are written down by hand.
//
//	service.go  what the service is made of, and its jobs
//	call.go     what an operator does: start, hold, hang up, note
//	live.go     the call on an operator's panel, and whose telephones ring
//	log.go      calls that were made without the desk
//	receive.go  what a vendor tells of a call
//	dial.go     what is asked of a vendor, as jobs: dial, hold, hang up, and how a call went
package calls

import (
	"log/slog"
	"time"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// Service is the telephone. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	thread      *thread.Service
	now         func() time.Time
	log         *slog.Logger
}

// Options are what calls need. All are required.
type Options struct {
	Store       *store.Store
	Connections *connections.Service
	Thread      *thread.Service
	Now         func() time.Time
	Log         *slog.Logger
}

// New makes the service.
func New(o Options) *Service {
	return &Service{store: o.Store, connections: o.Connections, thread: o.Thread, now: o.Now, log: o.Log}
}

// Jobs are the kinds of job by which a vendor is asked to act on a call.
func (s *Service) Jobs() map[domain.JobKind]jobs.Kind {
	return map[domain.JobKind]jobs.Kind{
		domain.JobDial:      {Do: s.dialOperator, GiveUp: s.giveUpDial, MaxTries: 6, Restored: s.doubtDial},
		domain.JobHangup:    {Do: s.hangUpCall, GiveUp: jobs.Forget, MaxTries: 5, Restored: jobs.Drop},
		domain.JobHold:      {Do: s.holdCustomer, GiveUp: s.giveUpHold, MaxTries: 3, Restored: jobs.Drop},
		domain.JobCallCheck: {Do: s.checkCall, MaxTries: 10},
	}
}
