package carrier_test

import (
	"testing"

	"pult/domain/carrier"
)

func TestProduct_FaultIsTheFirstThatFits(t *testing.T) {
	k := carrier.Product{Faults: []carrier.Fault{{Code: "190", Field: "token"}, {Class: carrier.Unauthorised, Field: "rights"}}}
	for want, e := range map[string]*carrier.Error{
		"token":  {Class: carrier.Unauthorised, Code: "190"},
		"rights": {Class: carrier.Unauthorised, Code: "3"},
		"":       {Class: carrier.Permanent},
	} {
		if got, ok := k.FindFault(e); got.Field != want || ok != (want != "") {
			t.Errorf("%v: got %+v, %v, want %q", e, got, ok, want)
		}
	}
}

func TestProduct_FieldsByWhereTheyAreKept(t *testing.T) {
	p := carrier.Product{Fields: []carrier.Field{
		{Name: "page_id", Into: "account"},
		{Name: "token", Into: "secret:token"},
	}}
	for into, want := range map[string]string{"account": "page_id", "secret:token": "token", "number": "", "token": ""} {
		if got := p.FieldInto(into); got != want {
			t.Errorf("%s: got %q, want %q", into, got, want)
		}
	}
}

func TestProduct_OwnIsWhatIsPastedIntoAPage(t *testing.T) {
	if (carrier.Product{}).IsOwn() || !(carrier.Product{Snippet: "<script>"}).IsOwn() {
		t.Error("only a product with a snippet is the desk's own")
	}
}

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
