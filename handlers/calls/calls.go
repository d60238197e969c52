// Package calls answers for the telephone: the panel above every page, the way to call, and calls written down by hand.
//
// The map of its files: calls.go builds the handlers, call.go holds them.
package calls

import (
	"pult/domain/desk"
	"pult/handlers/web"
)

// New prepares the handlers.
func New(d *desk.Desk, page *web.Pages) *Calls { return &Calls{desk: d, page: page} }
