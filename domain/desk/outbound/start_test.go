package outbound_test

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

func TestStart_NewNumberGetsATemplateInANewConversation(t *testing.T) {
	d := desktest.New(t)
	s := outbound.NewConversation{
		ID:        d.NewID(),
		ChannelID: d.Channel.ID,
		Number:    "+420777333444",
		Template: outbound.TemplateChoice{
			Name:     "pripominka",
			Language: "cs",
			Values:   map[string]string{"body:1": "Ivo", "body:2": "9:30"},
		},
	}
	first, err := d.Outbound.Start(t.Context(), d.Jana, s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Outbound.Start(t.Context(), d.Jana, s)
	d.Settle()
	if err != nil || again != first || len(d.Vendor.Sent()) != 1 {
		t.Errorf("got %s then %s with %d sends, %v; want the same conversation and one send", first, again, len(d.Vendor.Sent()), err)
	}
	if got := d.Thread(first)[0].Text; got != "Dobrý den Ivo, čekáme vás v 9:30." {
		t.Errorf("got %q", got)
	}
}

func TestStart_OnlyWithContactsOneMaySeeAndNumbersThatExist(t *testing.T) {
	d := desktest.New(t)
	hidden := d.Say(d.Private, desktest.Bob, "x").ContactID
	template := outbound.TemplateChoice{Name: "pripominka", Language: "cs", Values: map[string]string{"body:1": "Anno", "body:2": "10:00"}}
	start := outbound.NewConversation{ID: d.NewID(), ChannelID: d.Channel.ID, ContactID: hidden, Template: template}
	if _, err := d.Outbound.Start(t.Context(), d.Jana, start); domain.KindOf(err) != domain.NotFound {
		t.Errorf("another team's contact: got %v, want not found", err)
	}
	if _, err := d.Outbound.Start(t.Context(), d.Petr, start); err != nil {
		t.Errorf("one's own contact: %v", err)
	}
	for _, number := range []string{"", "+", "+42", "+abcdefgh", "+420 777 111", "+0420777111222", "+4207771112223334"} {
		if _, err := d.Outbound.Start(t.Context(), d.Jana, outbound.NewConversation{
			ID:        d.NewID(),
			ChannelID: d.Channel.ID,
			Number:    number,
			Template:  template,
		}); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: got %v, want invalid", number, err)
		}
	}
}

// textVendor is a vendor to whom any text may be given first, as with text messages.
type textVendor struct{ *desktest.Vendor }

func (textVendor) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{TextLength: 1000, StartFree: true, Delivered: true}
}

func TestStart_ChannelThatNeedsNoTemplateGetsAText(t *testing.T) {
	d := desktest.New(t)
	d.Drivers = map[string]func(domain.Channel) (carrier.Driver, error){
		"texts": func(domain.Channel) (carrier.Driver, error) { return textVendor{d.Vendor}, nil },
	}
	c, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key:     "texts",
		Kind:    domain.SMS,
		Driver:  "texts",
		Name:    "Texts",
		Enabled: true,
		Account: "700",
	})
	if err != nil {
		t.Fatal(err)
	}
	s := outbound.NewConversation{ID: d.NewID(), ChannelID: c.ID, Number: "+420777333444"}
	if _, err := d.Outbound.Start(t.Context(), d.Jana, s); domain.KindOf(err) != domain.Invalid {
		t.Errorf("nothing written: got %v, want a refusal", err)
	}
	s.Text = "Your bicycle is ready."
	chat, err := d.Outbound.Start(t.Context(), d.Jana, s)
	d.Settle()
	if err != nil || len(d.Vendor.Sent()) != 1 {
		t.Fatalf("got %d sends, %v; want one", len(d.Vendor.Sent()), err)
	}
	if got := d.Thread(chat)[0].Text; got != s.Text {
		t.Errorf("got %q, want %q", got, s.Text)
	}
}

func TestBegins_SaysWhatAChannelAllows(t *testing.T) {
	d := desktest.New(t)
	for _, c := range []struct {
		name    string
		channel domain.Channel
		who     *domain.Operator
		want    outbound.StartMode
	}{
		{"a channel with templates", d.Channel, d.Jana, outbound.StartWithTemplate},
		{"another's channel", d.Private, d.Jana, ""},
		{"a line for calls", d.AddVoiceChannel("line"), d.Jana, ""},
	} {
		if got := d.Outbound.HowToStart(t.Context(), c.who, c.channel.ID); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
