// Package chats is what operators see of conversations, and what they change of one without writing to the customer.
//
//	service.go       what the service is made of
//	list.go          the table of conversations
//	row.go           a row of it
//	summary.go       the day of the operator who looks, and what waits
//	conversation.go  one conversation as its page shows it
//	messages.go      parts of what was said in it
//	change.go        status, assignee, read and unread
//	tab.go           the conversations that an operator keeps open
//	draft.go         what was typed and not sent
//	search.go        messages, contacts and requests by words
//	contact.go       people outside, as far as one may see them
//	merge.go         one person of two contacts
package chats

import (
	"time"

	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Service is the conversations. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	thread      *thread.Service
	now         func() time.Time
	location    *time.Location
}

// Options are what chats need. All are required.
type Options struct {
	Store       *store.Store
	Connections *connections.Service
	Thread      *thread.Service
	Now         func() time.Time
	Location    *time.Location // the operators' zone: which day the summary is of
}

// New makes the service.
func New(o Options) *Service {
	return &Service{store: o.Store, connections: o.Connections, thread: o.Thread, now: o.Now, location: o.Location}
}
