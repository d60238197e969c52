// Package live tells open pages what happens: a stream for every browser says what moved, and a page that somebody looks
// at asks for what that changes on it.
//
// The map of its files: live.go builds the two; stream.go is the route of the stream, frames.go what it says, readers.go
// who reads it; news.go is the route of the changes, bundles.go draws the table and the numbers around,
// draw_conversation.go the page of a conversation, draw_call.go the panel of the telephone, draw_health.go channels and
// the banner; cache.go keeps what was made, so that it is made once for all who see the same of it.
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
	Page        *web.Pages
	Zone        *time.Location // in which people read times
	Now         func() time.Time
	Log         *slog.Logger
}

// Live is the stream, and what pages ask for because of it.
type Live struct {
	Stream *Stream
	News   *News
}

// New prepares both.
func New(o Options) *Live {
	log := web.EventLog{Read: o.Connections.ListEvents, Newest: o.Connections.LastEventNumber}
	return &Live{
		Stream: &Stream{
			streams: web.Streams{Events: log, Hub: o.Hub, Log: o.Log, Name: "live stream", After: "after"},
			frames:  newFrames(o.Connections.MaySeeEvent, o.Chats.CountWaiting, o.Hub, o.Now),
			readers: newReaders(o.Auth.Peek, o.Hub, o.Now),
			each:    web.NewKeyedLimit(streamsPerOperator),
			now:     o.Now,
		},
		News: &News{
			bundles:  newBundles(o),
			events:   log,
			hub:      o.Hub,
			maySee:   o.Connections.MaySeeEvent,
			now:      o.Now,
			page:     o.Page,
			answered: newKeptOnce[newsKey, answer](keptAnswers),
		},
	}
}
