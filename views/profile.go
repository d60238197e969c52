package views

import (
	"io"
	"time"

	"pult/domain"
)

// ProfilePage is the reader's own page: who they are and how they like to work.
type ProfilePage struct {
	Shell
	Name           string
	Language       domain.Language
	Look           string // the theme chosen on the form; Shell.Theme is the one in use
	EnterKey       bool   // Enter sends
	SingleKeys     bool
	Sound          bool
	Signature      string            // under letters
	Phone          string            // their own telephone, which rings for calls
	Fields         map[string]string // faults of the first form by field, in the reader's language
	PasswordFields map[string]string // faults of the password form
	Saved          bool              // the page comes back after a change
	Sessions       []ProfileSession  // where the reader is signed in, the one used last first
}

// ProfileSession is a browser in which the reader is signed in.
type ProfileSession struct {
	ID      string // names it among the reader's own
	Browser string // in words
	Since   time.Time
	Used    time.Time
	This    bool // the reader looks at it
}

// Loads is as of [Shell.Loads].
func (ProfilePage) Loads() []string { return settingsLoads }

// Themes is the choice of the look.
func (p ProfilePage) Themes() []ThemeChoice {
	var out []ThemeChoice
	for _, t := range []ThemeChoice{{
		Value: "",
		Words: "profile.theme.system",
		Icon:  "monitor",
	}, {
		Value: "light",
		Words: "profile.theme.light",
		Icon:  "sun",
	}, {
		Value: "dark",
		Words: "profile.theme.dark",
		Icon:  "moon",
	}} {
		t.Chosen = t.Value == p.Look
		out = append(out, t)
	}
	return out
}

// ThemeChoice is one look.
type ThemeChoice struct {
	Value  string // "", "light" or "dark"
	Words  string // message key
	Icon   string
	Chosen bool
}

// ProfilePage draws the whole page.
func (v *Views) ProfilePage(w io.Writer, p ProfilePage) error {
	return v.render(w, p.Lang, "profile/page", p)
}
