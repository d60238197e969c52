package carrier_test

import (
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

func TestKind_FaultIsTheFirstThatFits(t *testing.T) {
	k := carrier.Product{Faults: []carrier.Fault{{Code: "190", Field: "token"}, {Class: carrier.Unauthorised, Field: "rights"}}}
	for want, e := range map[string]*carrier.Error{
		"token": {Class: carrier.Unauthorised, Code: "190"}, "rights": {Class: carrier.Unauthorised, Code: "3"}, "": {Class: carrier.Permanent},
	} {
		if got, ok := k.FindFault(e); got.Field != want || ok != (want != "") {
			t.Errorf("%v: got %+v, %v, want %q", e, got, ok, want)
		}
	}
}
