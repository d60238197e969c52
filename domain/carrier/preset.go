package carrier

import (
	"slices"
	"strings"
)

// Preset is what is known of one company whose customers connect a channel of the product: values they need not look
// up.
type Preset struct {
	Name    string            // the company's own name, the same in all languages
	Domains []string          // of addresses its customers have; none = it is only found by its name
	Values  map[string]string // by name of the field
	Note    string            // message key: what its customers have to know; "" = nothing
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
