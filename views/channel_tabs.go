package views

import (
	"io"

	"pult/domain"
)

// ChannelHealthPage tells how a channel is doing and lets it be tried.
type ChannelHealthPage struct {
	Shell
	ChannelHead
	Health HealthView
	Try    *TryView    // nil = there is nobody a trial could be sent to
	Public *PublicView // the address vendors call; nil = none has to reach this channel
}

// Loads is as of [Shell.Loads].
func (ChannelHealthPage) Loads() []string { return settingsLoads }

// TryView is the form of a trial message.
type TryView struct {
	ID        domain.ID // of the channel
	Once      domain.ID // names the form
	Mail      bool      // to an e-mail address; else to a telephone number
	To        string
	Text      string
	Free      bool     // a text may be sent without a template
	Templates []Choice // that can be sent without values
}

// TryResult is what the vendor made of a trial. Its texts are in the reader's language.
type TryResult struct {
	Once     domain.ID // names the form as it can be sent now
	Taken    bool
	VendorID string
	Text     string // why it was not taken, or what is wrong with the form
	Detail   string // the vendor's own words; "" = none
}

// PublicView is the address by which vendors reach the desk.
type PublicView struct {
	Address string // "" = none is configured
	Listen  string // where a tunnel or proxy has to point
}

// PublicResult is what came of asking for the address from here. Its texts are in the reader's language.
type PublicResult struct {
	Tone string // green, amber or red
	Text string
}

// ChannelHealthPage draws the whole page.
func (v *Views) ChannelHealthPage(w io.Writer, p ChannelHealthPage) error {
	return v.render(w, p.Lang, "channel/health", p)
}

// TryResult draws the vendor's answer to a trial.
func (v *Views) TryResult(w io.Writer, lang string, r TryResult) error {
	return v.render(w, lang, "channel/tried", r)
}

// PublicResult draws what came of asking for the public address.
func (v *Views) PublicResult(w io.Writer, lang string, r PublicResult) error {
	return v.render(w, lang, "channel/probed", r)
}

// ChannelPeoplePage says who handles a channel.
type ChannelPeoplePage struct {
	Shell
	ChannelHead
	Operators []Choice
}

// Loads is as of [Shell.Loads].
func (ChannelPeoplePage) Loads() []string { return settingsLoads }

// ChannelPeoplePage draws the whole page.
func (v *Views) ChannelPeoplePage(w io.Writer, p ChannelPeoplePage) error {
	return v.render(w, p.Lang, "channel/people", p)
}

// ChannelTemplatesPage lists the templates that the vendor approved or did not.
type ChannelTemplatesPage struct {
	Shell
	ChannelHead
	List TemplateListView // More is an address of this page
}

// Loads is as of [Shell.Loads].
func (ChannelTemplatesPage) Loads() []string { return settingsLoads }

// ChannelTemplatesPage draws the whole page.
func (v *Views) ChannelTemplatesPage(w io.Writer, p ChannelTemplatesPage) error {
	return v.render(w, p.Lang, "channel/templates", p)
}
