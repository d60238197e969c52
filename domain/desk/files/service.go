// Package files keeps what travels with messages: what operators and visitors hand in, what vendors are asked for, and
// what is published for vendors that fetch.
//
//	service.go     what the service is made of, and its jobs
//	upload.go      files that somebody hands in, and files that are opened
//	attachment.go  files become those of a message and its conversation
//	fetch.go       attachments are downloaded from their vendor
//	publish.go     a file can be fetched from outside for a while
//	name.go        names and media types, found by content and cleaned of what could mislead
package files

import (
	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/desk/thread"
	"pult/domain/jobs"
	"pult/domain/store"
)

// Service is the files. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
	thread      *thread.Service
	limit       int64
}

// Options are what files need. All are required.
type Options struct {
	Store       *store.Store
	Connections *connections.Service
	Thread      *thread.Service
	Limit       int64 // bytes of one file; channels may allow less, never more
}

// New makes the service.
func New(o Options) *Service {
	return &Service{store: o.Store, connections: o.Connections, thread: o.Thread, limit: o.Limit}
}

// Limit is the largest file that the desk takes, in bytes.
func (s *Service) Limit() int64 { return s.limit }

// Jobs are the kinds of job by which attachments are downloaded.
func (s *Service) Jobs() map[domain.JobKind]jobs.Kind {
	return map[domain.JobKind]jobs.Kind{
		domain.JobFetch: {Do: s.fetchFile, GiveUp: s.giveUpFetch, MaxTries: 8},
	}
}
