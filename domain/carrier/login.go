package carrier

import (
	"context"

	"pult/domain"
)

// Login connects a channel by signing in at the vendor in the browser, instead of copying credentials. The desk keeps
// what belongs to one attempt (state, verifier, redirect address); a Login holds nothing and is safe for many callers.
type Login interface {
	// Label is the message key of the button that leads to the vendor.
	Label() string
	// Permissions are what the person is asked to allow at the vendor, in the order in which they are explained
	// beforehand.
	Permissions() []Permission
	// RequiredFields names the fields of the Product that have to be filled in first: without them the vendor does not
	// know who asks.
	RequiredFields() []string
	// FilledFields names the fields that the sign-in fills in; nobody types them.
	FilledFields() []string
	// SignInURL is where the browser goes to sign in.
	SignInURL(LoginStep) (string, error)
	// Finish trades the code that the vendor gave the browser for the accounts the person may connect. Errors are
	// *Error.
	Finish(ctx context.Context, s LoginStep, code string) (LoginResult, error)
}

// Permission is something that the vendor grants by name.
type Permission struct {
	Name     string // the vendor's
	Words    string // message key: what the desk needs it for
	Optional bool   // without it some accounts are missing, and nothing else
}

// LoginStep is what one attempt to sign in is made of.
type LoginStep struct {
	Channel  domain.Channel // the settings and credentials that RequiredFields names
	Redirect string         // where the vendor sends the browser back to; the same, byte for byte, in both steps
	State    string         // comes back with the browser and proves that this desk asked
	Verifier string         // secret of the attempt: its hash goes with the browser, itself with the code (PKCE)
	Again    bool           // ask once more for what was refused the last time
}

// LoginResult is what a finished sign-in gave.
type LoginResult struct {
	Missing  []string // names of the permissions that were not granted
	Accounts []LoginAccount
}

// LoginAccount is one account that can become a channel.
type LoginAccount struct {
	ID      string
	Name    string
	Token   domain.Secret
	Missing []string // what the person may not do there, in the vendor's words; one with any cannot be connected
}

// ApplyLogin puts a chosen account into a channel: its values go where the product's fields that the sign-in fills keep
// them, the id into the field that is the account and the token into the one that is secret.
func (p Product) ApplyLogin(c *domain.Channel, a LoginAccount) {
	for _, name := range p.Login.FilledFields() {
		for _, f := range p.Fields {
			switch {
			case f.Name != name:
			case f.Secret:
				f.Set(c, a.Token.Reveal())
			default:
				f.Set(c, a.ID)
			}
		}
	}
}
