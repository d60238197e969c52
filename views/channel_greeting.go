package views

import "io"

// ChannelResponsesPage is what a channel says by itself.
type ChannelResponsesPage struct {
	Shell
	ChannelHead
	On    bool
	Text  string
	Limit int    // characters of the text
	Mail  bool   // it leaves as a letter
	Fault string // what is wrong with the text, in the reader's language; "" = nothing
}

// Loads is as of [Shell.Loads].
func (ChannelResponsesPage) Loads() []string { return settingsLoads }

// ChannelResponsesPage draws the whole page.
func (v *Views) ChannelResponsesPage(w io.Writer, p ChannelResponsesPage) error {
	return v.render(w, p.Lang, "channel/responses", p)
}
