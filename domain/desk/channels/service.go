// Package channels is what administrators do with channels: connect, try, change, check and remove them.
//
//	service.go    what the service is made of, and its jobs
//	channel.go    channels are added, and who handles one
//	settings.go   channels as the settings pages show, connect, change and remove them
//	form.go       what is entered of a channel
//	prove.go      settings are tried at the vendor before they are stored
//	second.go     a second number under the same credentials
//	tick.go       what was ticked off of what a channel needs at its vendor
//	login.go      a channel is connected by signing in at its vendor
//	token.go      a credential that its vendor renews
//	try.go        a message that is sent to find out whether a channel works
//	check.go      connections are checked, at a person's word and every hour
//	templates.go  the templates that a vendor approved
//	greeting.go   what a channel says when a conversation begins
//	webchat.go    how a web chat looks
//	module.go     how far the module Chats is set up
package channels

import (
	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/jobs"
	"pult/domain/store"
)

// Service is the settings of channels. It is safe for many callers.
type Service struct {
	store       *store.Store
	connections *connections.Service
}

// New makes the service.
func New(s *store.Store, c *connections.Service) *Service {
	return &Service{store: s, connections: c}
}

// Jobs are the kinds of job by which templates are fetched and connections checked.
func (s *Service) Jobs() map[domain.JobKind]jobs.Kind {
	return map[domain.JobKind]jobs.Kind{
		domain.JobTemplates: {Do: s.fetchTemplates, MaxTries: 4},
		domain.JobCheck:     {Do: s.checkConnection, GiveUp: jobs.Forget, MaxTries: 12},
	}
}
