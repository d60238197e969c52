package views

import (
	"io"

	"pult/domain"
)

// LiveView is where a page asks for its news.
type LiveView struct {
	URL string
}

// LiveRow puts a conversation into the table at its place, whether the page shows it already or not.
func (v *Views) LiveRow(w io.Writer, lang string, r RowView) error {
	return v.render(w, lang, "live/row", r)
}

// LiveRowKept changes a conversation where the table shows it, and nothing where it does not: a list of finds does not
// grow by itself.
func (v *Views) LiveRowKept(w io.Writer, lang string, r RowView) error {
	return v.render(w, lang, "live/row-kept", r)
}

// LiveRowGone takes a conversation out of the table; nothing happens on a page that does not show it.
func (v *Views) LiveRowGone(w io.Writer, id domain.ID) error {
	return v.render(w, "en", "live/row-gone", id)
}

// LiveCounts are the numbers that stand outside the table: on the rail and beside the views.
type LiveCounts struct {
	Waiting Counts
	Views   []ViewChoice
}

// LiveCounts draws the numbers; those whose place is not on the page are left out by the browser.
func (v *Views) LiveCounts(w io.Writer, lang string, c LiveCounts) error {
	return v.render(w, lang, "live/counts", c)
}

// LiveTabs draws the tab bar anew.
func (v *Views) LiveTabs(w io.Writer, s Shell) error {
	return v.render(w, s.Lang, "live/tabs", s)
}
