package views

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"pult/domain"
)

func init() {
	addSample("channel/list", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelsPage(w, ChannelsPage{Shell: sampleShell(lang), Done: "The channel was removed", Rows: []ChannelRow{
			sampleChannelRow(), {
				ID:       domain.ID{5},
				Kind:     domain.Email,
				Name:     "Mail",
				Provider: "IMAP",
				Health:   HealthView{ID: domain.ID{5}, State: "off"},
			},
			{
				ID:      domain.ID{6},
				Kind:    domain.WhatsApp,
				Name:    "Waiting",
				Enabled: true,
				Health:  HealthView{ID: domain.ID{6}, State: "waiting"},
			}, {
				ID:      domain.ID{7},
				Kind:    domain.SMS,
				Name:    "Broken",
				Enabled: true,
				Trouble: "channels.trouble_hint",
				Health:  HealthView{ID: domain.ID{7}, State: "unusable", Sentence: "It cannot be used."},
			},
		}})
	})
	addSample("channel/list empty", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelsPage(w, ChannelsPage{Shell: sampleShell(lang)})
	})
	addSample("channel/row", func(v *Views, w io.Writer, lang string) error { return v.ChannelRow(w, lang, sampleChannelRow()) })
	addSample("channel/catalogue", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelCatalogue(w, ChannelCatalogue{
			Shell: sampleShell(lang),
			Tiles: []ChannelTile{{Kind: domain.WhatsApp, Providers: []string{"WhatsApp Cloud", "Twilio"}}},
		})
	})
	addSample("channel/catalogue empty", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelCatalogue(w, ChannelCatalogue{Shell: sampleShell(lang)})
	})
	addSample("channel/new", func(v *Views, w io.Writer, lang string) error {
		f := sampleChannelForm()
		f.ID, f.Drivers = domain.ID{}, []Choice{{Value: "a", Words: "WhatsApp Cloud", Chosen: true}, {Value: "b", Words: "Twilio"}}
		return v.ChannelFormPage(w, ChannelFormPage{Shell: sampleShell(lang), Form: f})
	})
	addSample("channel/page", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelPage(w, ChannelPage{
			Shell:       sampleShell(lang),
			ChannelHead: sampleChannelHead(),
			Setup:       sampleSetup(),
			Form:        sampleChannelForm(),
		})
	})
	addSample("channel/page just added", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelPage(w, ChannelPage{
			Shell:       sampleShell(lang),
			ChannelHead: ChannelHead{Row: ChannelRow{ID: domain.ID{4}, Kind: domain.WhatsApp, Name: "Prodej", Trouble: "channels.trouble_hint"}},
			Setup:       ChannelSetup{ID: domain.ID{4}, Address: "http://127.0.0.1:7859/hooks/x", Listen: "http://127.0.0.1:7859"},
			Form:        ChannelForm{ID: domain.ID{4}, Kind: domain.WhatsApp, Provider: "WhatsApp Cloud"},
			Added:       true,
		})
	})
	addSample("channel/fields", func(v *Views, w io.Writer, lang string) error { return v.ChannelFields(w, lang, sampleChannelForm()) })
	addSample("channel/field", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelField(w, lang, ChannelField{
			Name:     "verify_token",
			Label:    "Webhook token",
			Type:     "text",
			Value:    "abc",
			Generate: true,
			Required: true,
		})
	})
	addSample("channel/refused", func(v *Views, w io.Writer, lang string) error { return v.ChannelFaults(w, lang, sampleChannelForm()) })
	addSample("channel/status", func(v *Views, w io.Writer, lang string) error { return v.ChannelStatus(w, lang, sampleSetup()) })
	addSample("channel/status waiting", func(v *Views, w io.Writer, lang string) error {
		return v.ChannelStatus(w, lang, ChannelSetup{ID: domain.ID{4}})
	})
}

func sampleChannelRow() ChannelRow {
	return ChannelRow{
		ID:       domain.ID{4},
		Kind:     domain.WhatsApp,
		Name:     "WhatsApp Prodej",
		Number:   "+420601000111",
		Provider: "WhatsApp Cloud",
		Enabled:  true,
		Health:   sampleHealth("good"),
	}
}

func sampleSetup() ChannelSetup {
	return ChannelSetup{
		ID:        domain.ID{4},
		Address:   "https://hooks.shop.example/hooks/abc",
		Public:    true,
		Number:    "+420601000111",
		LastEvent: sampleNow,
		Tokens:    []ChannelField{{Name: "verify_token", Label: "Webhook token", Value: "Random text"}},
		Steps:     []string{"Open the app", "Paste"},
		Before:    []Choice{{Value: "a", Words: "A number", Chosen: true}, {Value: "b", Words: "Hostile"}},
		Events:    []ChannelEvent{{Key: "messages", Name: "messages", Code: true, Ticked: true}, {Key: "a.b", Name: "Message read"}},
	}
}

func sampleChannelForm() ChannelForm {
	return ChannelForm{
		ID:            domain.ID{4},
		Kind:          domain.WhatsApp,
		Driver:        "whatsapp-cloud",
		Provider:      "WhatsApp Cloud",
		Name:          "WhatsApp Prodej",
		Prerequisites: []Choice{{Value: "a", Words: "A number", Chosen: true}},
		Guide:         "https://vendor.example/start",
		Fields: []ChannelField{
			{
				Name:     "account",
				Label:    "Phone number ID",
				Help:     "On the page",
				Type:     "text",
				Value:    "123",
				Warning:  "Usually 15 digits",
				Error:    "Unknown ID",
				Required: true,
			},
			{Name: "access_token", Label: "Access token", Type: "password", Tail: "Wxyz", Stored: true, Required: true},
			{Name: "app_secret", Label: "App secret", Type: "password", Stored: true, Required: true},
			{Name: "verify_token", Label: "Webhook token", Type: "text", Value: "Random text", Generate: true, Required: true},
			{Name: "base_url", Label: "Address", Type: "url", Advanced: true},
		},
		Kept:      []Choice{{Value: "f_other", Words: "Typed before"}},
		Operators: []Choice{{Value: "01", Words: "Jana Nová", Chosen: true}, {Value: "02", Words: "Petr Svoboda"}},
		Faults:    []ChannelFault{{Field: "account", Label: "Phone number ID", Text: "Unknown ID"}},
		Failure:   "The provider could not be reached",
		Errors:    map[string]string{"name": "Too long", "account": "Unknown ID", "operators": "Choose one", "confirm": "Not the name"},
	}
}

// What was typed must survive a refusal: the answer names faults and brings no input along.
func TestChannelFaults_TouchNoInput(t *testing.T) {
	var b bytes.Buffer
	if err := newViews(t).ChannelFaults(&b, "en", sampleChannelForm()); err != nil {
		t.Fatal(err)
	}
	if out := b.String(); strings.Contains(out, "<input") || !strings.Contains(out, `hx-target="#fault-account"`) ||
		!strings.Contains(out, `role="alert"`) {
		t.Errorf("got %s", out)
	}
}
