package carrier_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

func TestField_Check(t *testing.T) {
	number, id, address := carrier.Field{Number: true}, carrier.Field{Digits: 15}, carrier.Field{Address: true}
	for _, c := range []struct {
		field carrier.Field
		value string
		want  string
	}{
		{carrier.Field{Required: true}, "", "error.field.required"}, {carrier.Field{}, "", ""}, {carrier.Field{}, "x", ""},
		{number, "+420601000111", ""}, {number, "601000111", "error.field.number"}, {number, "+", "error.field.number"}, {number, "+4206010001112345678", "error.field.number"},
		{id, "100000000000001", ""}, {id, "1000", ""}, {id, "12a", "error.field.digits"}, {id, "12 3", "error.field.digits"},
		{address, "https://graph.example", ""}, {address, "http://127.0.0.1:8000", ""}, {address, "http://localhost:1", ""}, {address, "http://[::1]:1", ""},
		{address, "http://192.0.2.1", "error.field.url"}, {address, "ftp://x.example", "error.field.url"}, {address, "https://", "error.field.url"},
		{address, "https://user:pass@x.example", "error.field.url"}, {address, "http://127.0.0.1.evil.example", "error.field.url"},
	} {
		if got := c.field.Check(c.value); got != c.want {
			t.Errorf("%+v of %q: got %q, want %q", c.field, c.value, got, c.want)
		}
	}
	if !id.IsUnusual("1000") || id.IsUnusual("100000000000001") || id.IsUnusual("") {
		t.Error("only other lengths are unusual")
	}
}

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

func TestField_GetGivesWhatSetKept(t *testing.T) {
	for _, into := range []string{"account", "business", "number", "setting:base_url", "secret:token"} {
		c := domain.Channel{Settings: map[string]string{}, Secrets: map[string]domain.Secret{}}
		f := carrier.Field{Into: into}
		f.Set(&c, "value")
		if got := f.Get(&c); got != "value" {
			t.Errorf("%s: got %q", into, got)
		}
		if f.Set(&c, ""); f.Get(&c) != "" || len(c.Settings) != 0 {
			t.Errorf("%s: emptied, got %q in %+v", into, f.Get(&c), c)
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
