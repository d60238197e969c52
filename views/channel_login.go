package views

import (
	"io"

	"pult/domain"
)

// LoginOffer is how a channel is connected by signing in at the vendor, as its form explains it.
type LoginOffer struct {
	Label       string // of the button, in the reader's language
	Permissions []PermissionView
	Redirect    string // what has to be registered at the vendor
}

// PermissionView is something the vendor is asked to allow.
type PermissionView struct {
	Name     string // the vendor's
	Words    string // what it is needed for, in the reader's language
	Optional bool
}

// LoginPage is an attempt to sign in at a vendor: what came of it, and the accounts to choose from.
type LoginPage struct {
	Shell
	ID       domain.ID
	Kind     domain.ChannelKind
	Label    string // of the button that goes to the vendor, in the reader's language
	Outcome  domain.LoginOutcome
	Failure  string // sentence; "" = nothing failed
	Detail   string // the vendor's own words
	Missing  []PermissionView
	Short    bool // something is missing without which nothing can be connected
	Accounts []AccountView
	Again    bool // a channel is connected anew
	Back     string
}

// Loads is as of [Shell.Loads].
func (LoginPage) Loads() []string { return settingsLoads }

// AccountView is an account to choose.
type AccountView struct {
	ID      string
	Name    string
	Missing string // what the person may not do there, in the vendor's words
	Chosen  bool
}

// Choosable reports whether there is anything to choose.
func (p LoginPage) Choosable() bool {
	for _, a := range p.Accounts {
		if a.Missing == "" {
			return !p.Short
		}
	}
	return false
}

// LoginPage draws the whole page.
func (v *Views) LoginPage(w io.Writer, p LoginPage) error {
	return v.render(w, p.Lang, "channel/login-page", p)
}

// LeavePage is the way to the vendor for a browser without script: its policy lets no form lead to another site.
type LeavePage struct {
	Shell
	Kind    domain.ChannelKind
	Label   string
	Address string
}

// Loads is as of [Shell.Loads].
func (LeavePage) Loads() []string { return settingsLoads }

// LeavePage draws the whole page.
func (v *Views) LeavePage(w io.Writer, p LeavePage) error {
	return v.render(w, p.Lang, "channel/leave", p)
}
