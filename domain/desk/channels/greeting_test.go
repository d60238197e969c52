package channels_test

import (
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
)

const helloText = "Dobrý den 👋\n\nOzveme se do hodiny."

// newGreetingDesk makes a desk whose channel greets.
func newGreetingDesk(t *testing.T) *desktest.Desk {
	t.Helper()
	d := desktest.New(t)
	d.Greet(d.Channel, helloText)
	return d
}

func TestGreet_SettingIsKeptBoundedAndAdministratorsOnly(t *testing.T) {
	d := newGreetingDesk(t)
	set := func(who *domain.Operator, c domain.Channel, g domain.Greeting) error {
		return d.Channels.SetGreeting(t.Context(), who, c.ID, g)
	}
	limit := d.Vendor.Capabilities().TextLength
	for name, c := range map[string]struct {
		err  error
		want domain.ErrorKind
	}{
		"an operator":          {set(d.Jana, d.Channel, domain.Greeting{}), domain.Forbidden},
		"on without a text":    {set(d.Eva, d.Channel, domain.Greeting{On: true}), domain.Invalid},
		"too long":             {set(d.Eva, d.Channel, domain.Greeting{Text: strings.Repeat("é", limit+1)}), domain.Invalid},
		"a line for calls":     {set(d.Eva, d.AddVoiceChannel("line"), domain.Greeting{On: true, Text: helloText}), domain.NotFound},
		"an unknown channel":   {set(d.Eva, domain.Channel{ID: d.NewID()}, domain.Greeting{}), domain.NotFound},
		"as long as it may be": {set(d.Eva, d.Private, domain.Greeting{Text: strings.Repeat("é", limit)}), ""},
	} {
		if domain.KindOf(c.err) != c.want && (c.err != nil || c.want != "") {
			t.Errorf("%s: got %v, want %q", name, c.err, c.want)
		}
	}
	s, err := d.Channels.Read(t.Context(), d.Eva, d.Channel.ID)
	if err != nil || s.Channel.Greeting != (domain.Greeting{On: true, Text: helloText}) || !s.CanGreet() || s.GreetingLimit() != limit {
		t.Errorf("kept %+v, %v", s.Channel.Greeting, err)
	}
}

// The settings of a channel are tried at the vendor before they are stored; what is said meanwhile on another page
// stays.
func TestGreet_SettingStaysWhenTheChannelsOtherSettingsChange(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	d.Vendor.TestWith(func() (carrier.Account, error) {
		d.Greet(c, helloText)
		return carrier.Account{}, nil
	})
	f := newChannelForm()
	f.Name, f.Values["test_token"] = "Servis", "another-credential-1234"
	if err := d.Channels.Update(t.Context(), d.Eva, c.ID, f); err != nil {
		t.Fatal(err)
	}
	if s, err := d.Channels.Read(t.Context(), d.Eva, c.ID); err != nil || s.Channel.Name != "Servis" ||
		s.Channel.Greeting.Text != helloText {
		t.Errorf("got %q, %+v, %v", s.Channel.Name, s.Channel.Greeting, err)
	}
}
