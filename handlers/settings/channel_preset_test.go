package settings

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
)

// mailKind is a product whose servers are known of one company.
var mailKind = carrier.Product{
	Driver: "test", Kind: domain.Email, PresetBy: "address",
	Fields: []carrier.Field{
		{Name: "address", Label: "channels.name", Into: "account"}, {Name: "host", Label: "channels.name", Into: "setting:host"},
		{
			Name:    "way",
			Label:   "channels.name",
			Into:    "setting:way",
			Choices: []carrier.FieldChoice{{Words: "channels.name"}, {Value: "tls", Words: "channels.name"}},
		},
	},
	Presets: []carrier.Preset{{
		Name:    "Posta",
		Domains: []string{"posta.example"},
		Values:  map[string]string{"host": "imap.posta.example"},
		Note:    "channels.name",
	}},
}

// Without script the form is filled in when it is sent: by the address, or by the company that was chosen.
func TestChannelForm_PresetFillsWhatIsEmpty(t *testing.T) {
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"by the address":  {url.Values{"f_address": {"jana@posta.example"}}, "imap.posta.example"},
		"by its name":     {url.Values{"f_address": {"jana@firma.example"}, "preset": {"Posta"}}, "imap.posta.example"},
		"typed":           {url.Values{"f_address": {"jana@posta.example"}, "f_host": {"my.example"}}, "my.example"},
		"unknown address": {url.Values{"f_address": {"jana@firma.example"}}, ""},
	} {
		r := httptest.NewRequest("POST", "/settings/channels", strings.NewReader(c.form.Encode()))
		r.Header.Set(echo.HeaderContentType, echo.MIMEApplicationForm)
		ctx := echo.New().NewContext(r, httptest.NewRecorder())
		b := &channelForm{product: mailKind}
		if err := b.readForm(ctx); err != nil {
			t.Fatal(err)
		}
		v := b.fillView(ctx)
		if got := b.form.Values["host"]; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		chosen := c.want == "imap.posta.example" || name == "typed"
		if len(v.Presets) != 1 || v.Presets[0].Chosen != chosen || v.Presets[0].Values != `{"host":"imap.posta.example"}` ||
			v.PresetBy != "address" {
			t.Errorf("%s: got %+v", name, v.Presets)
		}
		if f := v.Fields[2]; f.Type != "select" || len(f.Choices) != 2 || !f.Choices[0].Chosen {
			t.Errorf("%s: got %+v, want a choice of two", name, f)
		}
	}
}
