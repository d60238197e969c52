// Package account answers for the people who work at the desk: signing in and out, the first visit, one's own page, and
// the table of operators.
//
// The map of its files: account.go builds the handlers; home.go leads from the bare address to where work begins,
// session.go signs in and out, setup.go is the first visit, profile.go one's own page, operator.go the table.
package account

import (
	"pult/domain/auth"
	"pult/domain/desk/connections"
	"pult/domain/desk/people"
	"pult/handlers/web"
)

// Options are what the room stands on. All are required.
type Options struct {
	Connections *connections.Service
	People      *people.Service
	Auth        *auth.Auth
	Gate        *web.Gate
	Page        *web.Pages
	Secure      bool // the desk is served over TLS: cookies are marked Secure
}

// Account is the room: the handlers of each of its nouns.
type Account struct {
	Home     *Home
	Session  *Session
	Setup    *Setup
	Profile  *Profile
	Operator *Operators
}

// New prepares the handlers.
func New(o Options) *Account {
	return &Account{
		Home:     &Home{auth: o.Auth, gate: o.Gate, connections: o.Connections},
		Session:  &Session{auth: o.Auth, gate: o.Gate, page: o.Page, secure: o.Secure},
		Setup:    &Setup{auth: o.Auth, gate: o.Gate, page: o.Page, secure: o.Secure},
		Profile:  &Profile{people: o.People, auth: o.Auth, page: o.Page, secure: o.Secure},
		Operator: &Operators{people: o.People, auth: o.Auth, page: o.Page},
	}
}
