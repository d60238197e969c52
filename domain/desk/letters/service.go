// Package letters is what letters have that chats have not: HTML to be made harmless, parties, and a thread of their
// own.
//
//	service.go  what the service is made of
//	letter.go   the HTML of a letter, fit to be looked at
//	parties.go  who takes part in a conversation by mail
//	thread.go   which letter a new one answers
package letters

import (
	"log/slog"

	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Service is the letters. It is safe for many callers.
type Service struct {
	store  *store.Store
	thread *thread.Service
	log    *slog.Logger
}

// New makes the service.
func New(s *store.Store, t *thread.Service, log *slog.Logger) *Service {
	return &Service{store: s, thread: t, log: log}
}
