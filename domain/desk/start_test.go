package desk_test

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

// texts is a vendor to whom any text may be given first, as with text messages.
type texts struct{ *desktest.Vendor }

func (texts) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{TextLength: 1000, StartFree: true, Delivered: true}
}

func TestStart_ChannelThatNeedsNoTemplateGetsAText(t *testing.T) {
	d := desktest.New(t)
	d.Drivers = map[string]func(domain.Channel) (carrier.Driver, error){
		"texts": func(domain.Channel) (carrier.Driver, error) { return texts{d.Vendor}, nil },
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
