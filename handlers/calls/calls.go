// Package calls answers for the telephone: the panel above every page, the way to call, and calls written down by hand.
//
// The map of its files: calls.go builds the handlers, call.go holds them.
package calls

import (
	"pult/domain/desk/calls"
	"pult/domain/desk/chats"
	"pult/domain/desk/people"
	"pult/handlers/web"
)

// New prepares the handlers.
func New(c *calls.Service, ch *chats.Service, p *people.Service, page *web.Pages) *Calls {
	return &Calls{calls: c, chats: ch, people: p, page: page}
}
