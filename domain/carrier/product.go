package carrier

import (
	"slices"
	"strings"

	"pult/domain"
)

// Product is a product of a vendor that a channel can be connected to, as data: what a person has to enter, where each
// value goes, and what is left to do at the vendor. Each driver's package declares its own, so that the settings pages
// ask no vendor by name.
type Product struct {
	Driver        string             // what domain.Channel.Driver holds; unique
	Kind          domain.ChannelKind // what customers call the channel; several drivers may serve one
	Label         string             // message key of the product's name
	Guide         string             // address of the vendor's own first steps; "" = none
	Prerequisites []string           // message keys: what must exist at the vendor before the form can be filled in
	Fields        []Field            // in the order of the form
	Steps         []string           // message keys: where the webhook address and the token are pasted
	// what to tick at the vendor: its own names of events, or message keys (the latter hold a dot)
	Events   []string
	Presets  []Preset // companies whose values are known; offered at the field PresetBy
	PresetBy string   // name of the field whose domain chooses a preset
	// how the credentials are got by signing in at the vendor; nil = they are only typed
	Login  Login
	Faults []Fault // what a failed test of the credentials means; the first that fits counts
	// what is pasted instead of a webhook address, with {origin} and {key} in it; "" = there is a webhook address
	Snippet string
	Tabs    []Tab // pages of the product's own beside a channel's settings
	Fetches bool  // messages are fetched: no address has to be told to anybody
	// of a webhook, without which the driver can neither verify nor parse it; no credentials
	Headers []string
}

// IsOwn reports whether customers write to this desk itself: there is no vendor at which values could be tried.
func (p Product) IsOwn() bool { return p.Snippet != "" }

// Tab is a page that only channels of one product have.
type Tab struct {
	Path  string // below the channel's page
	Label string // message key
}

// Fault says which field a failed test points at. Empty parts fit everything.
type Fault struct {
	Class Class
	Code  string // the vendor's
	Key   string // the error's message key
	Field string // name of the field; "" = the form as a whole
	Words string // message key of the sentence for the person at the form
}

// Preset is what is known of one company whose customers connect a channel of the product: values they need not look
// up.
type Preset struct {
	Name    string            // the company's own name, the same in all languages
	Domains []string          // of addresses its customers have; none = it is only found by its name
	Values  map[string]string // by name of the field
	Note    string            // message key: what its customers have to know; "" = nothing
}

// FindFault finds what a failed test means; the second result is false when the product says nothing about it.
func (p Product) FindFault(e *Error) (Fault, bool) {
	for _, f := range p.Faults {
		if (f.Class == "" || f.Class == e.Class) && (f.Code == "" || f.Code == e.Code) &&
			(f.Key == "" || f.Key == e.Key) {
			return f, true
		}
	}
	return Fault{}, false
}

// FieldInto is the name of the field whose Into is into; "" when the product has none.
func (p Product) FieldInto(into string) string {
	for _, f := range p.Fields {
		if f.Into == into {
			return f.Name
		}
	}
	return ""
}

// PresetFor finds the preset for an address by its domain; false when none is known.
func (k Product) PresetFor(address string) (Preset, bool) {
	_, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	for _, p := range k.Presets {
		if domain != "" && slices.Contains(p.Domains, domain) {
			return p, true
		}
	}
	return Preset{}, false
}

// FillFromPreset writes what is known into the values that were left empty: of the preset with that name, else of the
// one for the address that was entered.
func (k Product) FillFromPreset(values map[string]string, name string) {
	p, known := k.PresetFor(values[k.PresetBy])
	for _, named := range k.Presets {
		if named.Name == name {
			p, known = named, true
		}
	}
	if !known {
		return
	}
	for field, value := range p.Values {
		if values[field] == "" {
			values[field] = value
		}
	}
}
