// Package outbound is what leaves: replies, first words, greetings, reactions, and how each of them is delivered.
//
//	service.go           what the service is made of, and its jobs
//	reply.go             an operator answers
//	letter.go            an answer by mail
//	template.go          an answer by a template that the vendor approved
//	new_conversation.go  an operator writes first
//	greeting.go          the desk says something by itself when a conversation begins
//	retry.go             an operator decides about a message that failed or is uncertain
//	deliver.go           a message is handed to its vendor
//	envelope.go          what a driver is given of a message
//	find.go              an uncertain message is looked for at its vendor
//	reaction.go          reactions of the business
//	read_mark.go         the vendor is told what was read
package outbound

import (
	"time"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// Service is what leaves. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	thread      *thread.Service
	location    *time.Location
}

// Options are what outbound needs. All are required.
type Options struct {
	Store       *store.Store
	Connections *connections.Service
	Thread      *thread.Service
	Location    *time.Location // in which letters say when they quote
}

// New makes the service.
func New(o Options) *Service {
	return &Service{store: o.Store, connections: o.Connections, thread: o.Thread, location: o.Location}
}

// Jobs are the kinds of job by which messages, receipts and reactions leave.
func (s *Service) Jobs() map[domain.JobKind]jobs.Kind {
	return map[domain.JobKind]jobs.Kind{
		domain.JobDeliver: {
			Try: s.deliverMessage, GiveUp: s.giveUpDelivery, Until: s.waitsUntil, Restored: s.doubtDelivery,
		},
		domain.JobFind:     {Do: s.findUncertain, GiveUp: jobs.Forget, MaxTries: findMaxTries},
		domain.JobMarkRead: {Do: s.markReadAtVendor, GiveUp: jobs.Forget, MaxTries: 3, Restored: jobs.Drop},
		domain.JobReact:    {Do: s.sendReaction, GiveUp: s.giveUpReaction, MaxTries: 4, Restored: jobs.Drop},
	}
}
