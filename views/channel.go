package views

import (
	"io"
	"time"

	"pult/domain"
)

// ChannelRow is a connected channel in the list of the settings.
type ChannelRow struct {
	ID       domain.ID
	Kind     domain.ChannelKind
	Name     string
	Number   string // E.164, "" where the kind has none
	Provider string // name of the vendor's product, in the reader's language
	Enabled  bool
	Trouble  string // message key of why its settings cannot be used; "" = they can
	Health   HealthView
}

// ChannelsPage is the list of channels.
type ChannelsPage struct {
	Shell
	Rows []ChannelRow
	Done string // what was just done, in the reader's language; "" = nothing
}

// Loads is as of [Shell.Loads].
func (ChannelsPage) Loads() []string { return settingsLoads }

// ChannelsPage draws the whole page.
func (v *Views) ChannelsPage(w io.Writer, p ChannelsPage) error {
	return v.render(w, p.Lang, "channel/list", p)
}

// ChannelRow draws one row of the list: the answer to its switch.
func (v *Views) ChannelRow(w io.Writer, lang string, r ChannelRow) error {
	return v.render(w, lang, "channel/row", r)
}

// ChannelTile is a kind of channel that can be added.
type ChannelTile struct {
	Kind      domain.ChannelKind
	Providers []string // names of the products that serve it, in the reader's language
}

// ChannelCatalogue is the choice of what to add.
type ChannelCatalogue struct {
	Shell
	Tiles []ChannelTile
}

// Loads is as of [Shell.Loads].
func (ChannelCatalogue) Loads() []string { return settingsLoads }

// ChannelCatalogue draws the whole page.
func (v *Views) ChannelCatalogue(w io.Writer, p ChannelCatalogue) error {
	return v.render(w, p.Lang, "channel/catalogue", p)
}

// ChannelField is one input of a channel's form. Its texts are in the reader's language.
type ChannelField struct {
	Name     string
	Label    string
	Help     string   // "" = none
	Type     string   // of the input: text, password, tel, url, switch or select
	Choices  []Choice // of a select
	Value    string   // never a credential that was stored, but for texts made here to be shown
	Tail     string   // the end of the stored credential; "" = too short or none
	Stored   bool     // a credential is stored: an empty input keeps it
	Error    string
	Warning  string // it is taken, and may be a mistake
	Required bool
	Filled   bool // signing in at the vendor fills it in; it is typed by those who do not sign in
	Generate bool // the server can make one
	Advanced bool
	Second   bool // of a second channel that is connected along
}

// Omittable reports whether the input may stay empty. Switches and lists always say something.
func (f ChannelField) Omittable() bool {
	return !f.Required && f.Type != "select" && f.Type != "switch"
}

// ChannelForm is the form of a channel, new or connected.
type ChannelForm struct {
	ID            domain.ID // zero = a new one
	Once          domain.ID // names the form of a new one
	Kind          domain.ChannelKind
	Driver        string
	Drivers       []Choice // the products that serve the kind
	Provider      string   // name of the chosen one
	Name          string
	Prerequisites []Choice // what must exist at the vendor, by message key
	Guide         string   // address of the vendor's first steps; "" = none
	Help          string   // address of our own guide; "" = none
	Fields        []ChannelField
	Presets       []ChannelPreset // companies whose values are known
	// the desk serves the channel itself: there is no provider to choose, or to try the values at
	Own       bool
	Login     *LoginOffer // signing in at the vendor instead of typing credentials; nil = it has none
	PresetBy  string      // name of the field under which they are offered
	Kept      []Choice    // values typed for another product, so that choosing it again brings them back
	Operators []Choice
	Faults    []ChannelFault
	Failure   string            // what is wrong with the form as a whole; "" = nothing
	Errors    map[string]string // faults by field, in the reader's language
}

// ChannelPreset is a company whose values fill the form in.
type ChannelPreset struct {
	Name    string
	Domains string // separated by spaces
	Values  string // JSON object: values by name of the field
	Note    string // in the reader's language; "" = none
	Chosen  bool
}

// ChannelFault is one line of what has to be corrected.
type ChannelFault struct {
	Field string // name of the input
	Label string
	Text  string
}

// New reports whether the form connects a new channel.
func (f ChannelForm) New() bool { return f.ID.IsZero() }

// Action is where the form is sent.
func (f ChannelForm) Action() string {
	if f.New() {
		return "/settings/channels"
	}
	return "/settings/channels/" + f.ID.String()
}

// Usual are the fields that everybody fills in.
func (f ChannelForm) Usual() []ChannelField { return f.selectFields(false) }

// Seconds are the fields of a second channel.
func (f ChannelForm) Seconds() (out []ChannelField) {
	for _, x := range f.Fields {
		if x.Second {
			out = append(out, x)
		}
	}
	return out
}

// Rare are the fields that are folded away.
func (f ChannelForm) Rare() []ChannelField { return f.selectFields(true) }

func (f ChannelForm) selectFields(wanted bool) []ChannelField {
	var out []ChannelField
	for _, x := range f.Fields {
		if x.Advanced == wanted && !x.Filled && !x.Second {
			out = append(out, x)
		}
	}
	return out
}

// Filled are the fields that signing in fills in.
func (f ChannelForm) Filled() []ChannelField {
	var out []ChannelField
	for _, x := range f.Fields {
		if x.Filled {
			out = append(out, x)
		}
	}
	return out
}

// FilledFaults reports whether one of them has to be corrected.
func (f ChannelForm) FilledFaults() bool {
	for _, x := range f.Filled() {
		if x.Error != "" {
			return true
		}
	}
	return false
}

// Several reports whether there is a product to choose.
func (f ChannelForm) Several() bool { return f.New() && len(f.Drivers) > 1 }

// ChannelFormPage is the page that connects a channel.
type ChannelFormPage struct {
	Shell
	Form ChannelForm
}

// Loads is as of [Shell.Loads].
func (ChannelFormPage) Loads() []string { return settingsLoads }

// ChannelFormPage draws the whole page.
func (v *Views) ChannelFormPage(w io.Writer, p ChannelFormPage) error {
	return v.render(w, p.Lang, "channel/new", p)
}

// ChannelFields draws the part of the form that depends on the chosen product.
func (v *Views) ChannelFields(w io.Writer, lang string, f ChannelForm) error {
	return v.render(w, lang, "channel/fields", f)
}

// ChannelField draws one input: the answer to its Generate button.
func (v *Views) ChannelField(w io.Writer, lang string, f ChannelField) error {
	return v.render(w, lang, "channel/field", f)
}

// ChannelFaults draws what has to be corrected, above the form and as a partial at every field. The inputs themselves
// are left alone: credentials that were typed are never sent back, and would otherwise have to be typed again.
func (v *Views) ChannelFaults(w io.Writer, lang string, f ChannelForm) error {
	return v.render(w, lang, "channel/refused", f)
}

// ChannelSetup is what is left to do at the vendor.
type ChannelSetup struct {
	ID        domain.ID
	Address   string // of the webhook
	Snippet   string // what is pasted into the shop's pages instead of a webhook address; "" = there is one
	Fetches   bool   // messages are fetched: no address has to be told to anybody
	Public    bool   // the address can be reached from the internet
	Listen    string // where the public listener is, when Public is false
	Tokens    []ChannelField
	Before    []Choice // what must exist there, by message key
	Steps     []string // in the reader's language
	Events    []ChannelEvent
	Number    string // to write a test message to
	LastEvent time.Time
}

// ChannelEvent is something to tick at the vendor.
type ChannelEvent struct {
	Key    string // by which it is ticked
	Name   string // the vendor's own, or a sentence
	Code   bool   // the vendor's own
	Ticked bool
}

// ChannelHead is what every page of a channel begins with.
type ChannelHead struct {
	Row   ChannelRow
	Pages []Choice // by address
	Help  string   // address of the help page; "" = none is written
	Done  string   // what was just done, in the reader's language; "" = nothing
}

// ChannelPage is the page of a connected channel.
type ChannelPage struct {
	Shell
	ChannelHead
	Setup ChannelSetup
	Form  ChannelForm
	Added bool // it was connected just now
}

// Loads is as of [Shell.Loads].
func (ChannelPage) Loads() []string { return settingsLoads }

// ChannelPage draws the whole page.
func (v *Views) ChannelPage(w io.Writer, p ChannelPage) error {
	return v.render(w, p.Lang, "channel/page", p)
}

// ChannelStatus draws whether the vendor has called: it asks again while it waits.
func (v *Views) ChannelStatus(w io.Writer, lang string, s ChannelSetup) error {
	return v.render(w, lang, "channel/status", s)
}
