// Package requests answers for the requests of a conversation: the list left of it and the form right of it.
//
// The map of its files: requests.go builds the handlers, request.go is both panes and what is suggested while one
// types, request_form.go reads and stores the form.
package requests

import (
	"pult/domain/desk/chats"
	"pult/domain/desk/people"
	"pult/domain/desk/requests"
	"pult/handlers/web"
)

// New prepares the handlers.
func New(r *requests.Service, c *chats.Service, p *people.Service, page *web.Pages) *Requests {
	return &Requests{chats: c, people: p, requests: r, page: page}
}
