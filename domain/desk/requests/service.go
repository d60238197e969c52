// Package requests is the work that is made out of messages: many messages, many requests.
//
//	service.go   what the service is made of
//	request.go   requests are made, changed, filled with messages, listed and read
//	template.go  templates that requests are made from
//	suggest.go   names for the fields of a request
package requests

import (
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Service is the requests. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	thread      *thread.Service
}

// New makes the service.
func New(s *store.Store, c *connections.Service, t *thread.Service) *Service {
	return &Service{store: s, connections: c, thread: t}
}
