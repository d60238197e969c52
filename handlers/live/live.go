// Package live is the stream of every open page: it tells what happens and draws what that changes on the page.
//
// The map of its files: live.go builds the stream, stream.go is its route, page.go what one page is told; bundles.go
// draws the table and the numbers around, draw_conversation.go the page of a conversation, draw_call.go the panel of
// the telephone, draw_health.go channels and the banner; cache.go keeps drawings, so that an event is drawn once for
// all who see the same of it.
package live

import (
	"log/slog"
	"time"

	"pult/domain/auth"
	"pult/domain/desk/calls"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/people"
	"pult/domain/realtime"
	"pult/handlers/web"
	"pult/views"
)

// Options are what the room stands on. All are required.
type Options struct {
	Calls       *calls.Service
	Chats       *chats.Service
	Connections *connections.Service
	People      *people.Service
	Auth        *auth.Auth
	Hub         *realtime.Hub
	Views       *views.Views
	Zone        *time.Location // in which people read times
	Now         func() time.Time
	Log         *slog.Logger
}

// New prepares the stream.
func New(o Options) *Stream {
	return &Stream{
		streams: web.Streams{
			Events: web.EventLog{Read: o.Connections.ListEvents, Newest: o.Connections.LastEventNumber},
			Hub:    o.Hub,
			Log:    o.Log,
			Name:   "live stream",
			After:  "after",
		},
		bundles: newBundles(o),
		maySee:  o.Connections.MaySeeEvent,
		peek:    o.Auth.Peek,
		now:     o.Now,
	}
}
