// Package thread is the only writer of messages and conversations. What is waiting, unread, last said and counted is
// decided here once; everybody else calls its verbs inside a transaction of their own.
//
//	service.go       what the service is made of
//	occurrence.go    what happens in a conversation
//	reaction.go      what must be done when it happens, as registered at the start
//	write.go         a message and a conversation are stored, and the pages are told
//	conversation.go  a conversation begins, or waits for an answer
//	answer.go        an operator's answer moves a conversation on
//	message.go       states, attempts and reactions of a message
//	contact.go       who wrote, learned from what a vendor tells
//	time.go          when something was said, as far as a vendor is believed
//	access.go        conversations and messages as far as an operator may see and change them
//	job.go           messages as jobs read and change them, who act for nobody
package thread

import (
	"time"

	"pult/domain/desk/connections"
	"pult/domain/store"
)

// Service is what needs more than a transaction: permissions, the operators' day, the reactions. It is safe for many
// callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	location    *time.Location
	reactions   []Reaction
}

// Options are what a thread needs. All are required but the reactions.
type Options struct {
	Store       *store.Store
	Connections *connections.Service
	Location    *time.Location // the operators' zone: whose day an answer counts for
	Reactions   []Reaction     // in the order in which they run
}

// New makes the service.
func New(o Options) *Service {
	return &Service{store: o.Store, connections: o.Connections, location: o.Location, reactions: o.Reactions}
}
