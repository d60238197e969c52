// Package widget answers for the chat on a shop's page. Those who ask are strangers: nothing here takes an operator.
//
// The map of its files: new.go builds the handlers; widget.go is the script of the button and the page in its frame,
// thread.go the conversation in it, say.go what a visitor sends, live.go the stream of one visitor.
package widget

import (
	"log/slog"
	"time"

	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/handlers/web"
)

// Options are what the room stands on. All are required.
type Options struct {
	Desk   *desk.Desk
	Hub    *realtime.Hub // what happens, and who types
	Page   *web.Pages
	Secure bool // strangers reach us over TLS: the cookie is marked Secure
	Now    func() time.Time
	Log    *slog.Logger
}

// New prepares the handlers.
func New(o Options) *Widget {
	return &Widget{desk: o.Desk, page: o.Page, live: newLiveNews(o), secure: o.Secure}
}
