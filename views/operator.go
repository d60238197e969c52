package views

import (
	"io"
	"time"

	"pult/domain"
)

// OperatorsPage is the table of the people who work at the desk.
type OperatorsPage struct {
	Shell
	Columns []OperatorColumn
	Rows    []OperatorRow
	Manage  bool   // the reader may create and change operators
	More    string // address of the next ones, "" when these are all
	Next    bool   // rows after the first ones, for a page that is open
}

// Loads is as of [Shell.Loads].
func (OperatorsPage) Loads() []string { return settingsLoads }

// OperatorColumn is one column of the table.
type OperatorColumn struct {
	Key   string // name, email, role, number, presence, seen, language
	Words string // message key
	Shown bool
}

// OperatorRow is one person in the table.
type OperatorRow struct {
	ID       domain.ID
	Number   uint64
	Name     string
	Email    string
	Role     domain.Role
	Language domain.Language
	Active   bool
	Presence domain.Presence
	Seen     time.Time // zero = never signed in
}

// OperatorCell is one value of one person.
type OperatorCell struct {
	Key string // of the column
	Row OperatorRow
}

// Cells are a person's values in the shown columns.
func (p OperatorsPage) Cells(r OperatorRow) []OperatorCell {
	var out []OperatorCell
	for _, c := range p.Columns {
		if c.Shown {
			out = append(out, OperatorCell{c.Key, r})
		}
	}
	return out
}

// OperatorsPage draws the whole page, or the next rows and the way to those after them.
func (v *Views) OperatorsPage(w io.Writer, p OperatorsPage) error {
	if p.Next {
		return v.render(w, p.Lang, "operator/more", p)
	}
	return v.render(w, p.Lang, "operator/page", p)
}

// OperatorPage is the form of one operator, new or existing.
type OperatorPage struct {
	Shell
	ID       domain.ID // zero = a new one
	Once     domain.ID // names the form of a new one
	Name     string
	Email    string
	Role     domain.Role
	Language domain.Language
	Enabled  bool              // may sign in
	Self     bool              // the reader's own account: it cannot be deactivated here
	Fields   map[string]string // faults by field, in the reader's language
}

// Loads is as of [Shell.Loads].
func (OperatorPage) Loads() []string { return settingsLoads }

// New reports whether the form makes a new operator.
func (p OperatorPage) New() bool { return p.ID.IsZero() }

// OperatorPage draws the whole page.
func (v *Views) OperatorPage(w io.Writer, p OperatorPage) error {
	return v.render(w, p.Lang, "operator/form", p)
}

// OperatorChoice is one entry of the assignee menu.
type OperatorChoice struct {
	ID       domain.ID
	Name     string
	Presence domain.Presence
	Current  bool
}
