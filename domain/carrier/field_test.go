package carrier_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

func TestField_CheckOfLengthAndEmptiness(t *testing.T) {
	for _, c := range []struct {
		name  string
		field carrier.Field
		value string
		want  string
	}{
		{"the longest", carrier.Field{}, strings.Repeat("x", 4096), ""},
		{"longer", carrier.Field{}, strings.Repeat("x", 4097), "error.field.too_long"},
		{"longer and wrong", carrier.Field{Digits: 3}, strings.Repeat("x", 4097), "error.field.too_long"},
		{"nothing where digits are wanted", carrier.Field{Digits: 15}, "", ""},
		{"nothing where it is required", carrier.Field{Digits: 15, Required: true}, "", "error.field.required"},
		{"the shortest number", carrier.Field{Number: true}, "+1234567", ""},
		{"a shorter one", carrier.Field{Number: true}, "+123456", "error.field.number"},
		{"the longest number", carrier.Field{Number: true}, "+123456789012345", ""},
		{"a longer one", carrier.Field{Number: true}, "+1234567890123456", "error.field.number"},
		{"a number with spaces", carrier.Field{Number: true}, "+420 601 000", "error.field.number"},
	} {
		if got := c.field.Check(c.value); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestField_SecretsAndSettingsLieApart(t *testing.T) {
	c := domain.Channel{Settings: map[string]string{}, Secrets: map[string]domain.Secret{}}
	carrier.Field{Into: "setting:token"}.Set(&c, "plain")
	carrier.Field{Into: "secret:token"}.Set(&c, "sealed")
	if c.Settings["token"] != "plain" || c.Secrets["token"].Reveal() != "sealed" {
		t.Errorf("got %+v and %q", c.Settings, c.Secrets["token"].Reveal())
	}
	carrier.Field{Into: "setting:token"}.Set(&c, "")
	if _, kept := c.Settings["token"]; kept || c.Secrets["token"].Reveal() != "sealed" {
		t.Errorf("an emptied setting: got %+v, and the secret %q", c.Settings, c.Secrets["token"].Reveal())
	}
}

func TestField_OfASecondChannel_TouchesNothing(t *testing.T) {
	f := carrier.Field{Into: "second:account"}
	c := domain.Channel{Account: "first"}
	f.Set(&c, "second")
	if !f.IsSecond() || c.Account != "first" || f.Get(&c) != "" {
		t.Errorf("got %v, %+v and %q", f.IsSecond(), c, f.Get(&c))
	}
	for _, into := range []string{"account", "secret:second", "setting:second:account"} {
		if (carrier.Field{Into: into}).IsSecond() {
			t.Errorf("%s was taken for a second channel's", into)
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
