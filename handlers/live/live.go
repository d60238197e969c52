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
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/handlers/web"
	"pult/views"
)

// Options are what the room stands on. All are required.
type Options struct {
	Desk  *desk.Desk
	Auth  *auth.Auth
	Hub   *realtime.Hub
	Views *views.Views
	Zone  *time.Location // in which people read times
	Now   func() time.Time
	Log   *slog.Logger
}

// New prepares the stream.
func New(o Options) *Stream {
	return &Stream{
		streams: web.Streams{
			Events: web.EventLog{Read: o.Desk.Connections.ListEvents, Newest: o.Desk.Connections.LastEventNumber},
			Hub:    o.Hub,
			Log:    o.Log,
			Name:   "live stream",
			After:  "after",
		},
		bundles: newBundles(o.Desk, o.Hub, o.Views, o.Zone, o.Now),
		maySee:  o.Desk.Connections.MaySeeEvent,
		peek:    o.Auth.Peek,
		now:     o.Now,
	}
}
