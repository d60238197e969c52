package carrier_test

import (
	"testing"

	"pult/domain/carrier"
)

func TestProduct_FillsOnlyWhatIsEmpty(t *testing.T) {
	k := carrier.Product{PresetBy: "address", Presets: []carrier.Preset{
		{Name: "One", Domains: []string{"one.example"}, Values: map[string]string{"host": "imap.one.example", "port": "993"}},
		{Name: "Two", Values: map[string]string{"host": "imap.two.example"}},
	}}
	for _, c := range []struct{ address, typed, name, want string }{
		{"jana@One.example", "", "", "imap.one.example"}, {"jana@one.example", "my.example", "", "my.example"},
		{"jana@other.example", "", "", ""}, {"jana@one.example", "", "Two", "imap.two.example"}, {"jana@other.example", "", "Two", "imap.two.example"},
		{"one.example", "", "", ""}, {"", "", "Nobody", ""},
	} {
		values := map[string]string{"address": c.address, "host": c.typed}
		if k.FillFromPreset(values, c.name); values["host"] != c.want {
			t.Errorf("%+v: got %q", c, values["host"])
		}
	}
}

func TestProduct_PresetByDomain(t *testing.T) {
	p := carrier.Product{Presets: []carrier.Preset{
		{Name: "Named"},
		{Name: "One", Domains: []string{"one.example", "uno.example"}},
	}}
	for address, want := range map[string]string{
		"jana@one.example": "One", " Jana@UNO.example ": "One",
		"jana@two.example": "", "jana@": "", "one.example": "", "": "",
	} {
		if got, ok := p.PresetFor(address); got.Name != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", address, got.Name, ok, want)
		}
	}
}
