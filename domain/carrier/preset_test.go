package carrier_test

import (
	"testing"

	"pult/domain/carrier"
)

func TestKind_FillsOnlyWhatIsEmpty(t *testing.T) {
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

func TestField_OnlyItsChoices(t *testing.T) {
	f := carrier.Field{Choices: []carrier.FieldChoice{{Value: ""}, {Value: "tls"}}}
	for value, want := range map[string]string{"": "", "tls": "", "none": "error.field.choice"} {
		if got := f.Check(value); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}
