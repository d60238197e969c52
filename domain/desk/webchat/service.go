// Package webchat is the chat on a shop's own pages, as visitors use it: strangers, known by a token that their browser
// made.
//
//	service.go     what the service is made of
//	chat.go        a chat is found by the key in its address
//	visitor.go     visitors, found by their token or made
//	message.go     a visitor says something
//	thread.go      what a visitor may see of their conversation
//	file.go        files of visitors
//	identity.go    visitors whom the shop vouches for
//	rate_limit.go  how much strangers may send
package webchat

import (
	"time"

	"pult/domain/desk/connections"
	"pult/domain/desk/files"
	"pult/domain/realtime"
	"pult/domain/store"
)

// Service is the web chats. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	files       *files.Service
	hub         *realtime.Hub
	now         func() time.Time
	limits      *rateLimits
}

// Options are what web chats need. All are required.
type Options struct {
	Store       *store.Store
	Connections *connections.Service
	Files       *files.Service
	Hub         *realtime.Hub
	Now         func() time.Time
}

// New makes the service.
func New(o Options) *Service {
	return &Service{
		store:       o.Store,
		connections: o.Connections,
		files:       o.Files,
		hub:         o.Hub,
		now:         o.Now,
		limits:      newRateLimits(),
	}
}
