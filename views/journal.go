package views

import (
	"io"
	"time"

	"pult/domain"
)

// JournalPage is what an administrator looks at when something did not arrive or leave: webhooks that could not be
// understood, and work that was given up.
type JournalPage struct {
	Shell
	Parked []ParkedRow
	Dead   []DeadRow
	Done   string // what was just done, in the reader's language; "" = nothing
}

// Loads is as of [Shell.Loads].
func (JournalPage) Loads() []string { return settingsLoads }

// ParkedRow is a webhook that could not be taken in.
type ParkedRow struct {
	ID         domain.ID
	Channel    string // its name, "" when the channel is gone
	Reason     string // technical, in English
	Tries      int
	Size       int // bytes
	ReceivedAt time.Time
}

// DeadRow is work that was given up.
type DeadRow struct {
	ID        domain.ID
	Kind      domain.JobKind
	Failure   string // the sentence for people, in the reader's language; "" = none is known
	Detail    string // the vendor's own words
	Attempts  int
	CreatedAt time.Time
}

// JournalPage draws the whole page.
func (v *Views) JournalPage(w io.Writer, p JournalPage) error {
	return v.render(w, p.Lang, "journal/page", p)
}

// ParkedPage is one parked webhook: as it came, and what the program makes of it today.
type ParkedPage struct {
	Shell
	ParkedRow
	Raw      string // the body, indented when it is JSON
	Cut      bool   // only the beginning of the body is shown
	Parsed   string // what would be taken in, as JSON; "" when it is still not understood
	NotTaken string // why it is still not understood, in English
}

// Loads is as of [Shell.Loads].
func (ParkedPage) Loads() []string { return settingsLoads }

// ParkedPage draws the whole page.
func (v *Views) ParkedPage(w io.Writer, p ParkedPage) error {
	return v.render(w, p.Lang, "journal/parked", p)
}
