package desk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/chats"
	"pult/domain/desk/outbound"
	"pult/domain/store"
	"pult/internal/desktest"
)

func refusalOf(d *desktest.Desk, who carrier.Person) (conversation, contact domain.Refusal) {
	d.T.Helper()
	c := d.With(d.Channel, who)
	d.View(func(tx *store.Tx) error {
		p, err := tx.Contact(c.ContactID)
		contact = p.Consents[d.Channel.ID.String()].Refuses
		return err
	})
	return c.Refuses, contact
}

func TestConsent_WordOfTheCustomerIsHeededUntilTheyLiftIt(t *testing.T) {
	d := desktest.New(t)
	d.Vendor.Stops = true
	d.Greet(d.Channel, "Dobrý den, hned jsme u vás.")
	for _, said := range []struct {
		text string
		want domain.Refusal
	}{
		{"STOP", domain.RefusesAll}, {"Ještě něco", domain.RefusesAll}, {"start", ""},
		{"Arrêt !", domain.RefusesAll}, {"REPRENDRE", ""}, {"Odhlásit", domain.RefusesAll}, {"Přihlásit.", ""},
		{"Stop, to jsem nechtěl", ""}, {"Zrušit", ""}, {"Annuler", ""}, {"unsubscribe", domain.RefusesAll},
	} {
		d.Clock.Move(25 * time.Hour) // long enough to be greeted again, if the desk did
		d.Say(d.Channel, desktest.Anna, said.text)
		if talk, contact := refusalOf(d, desktest.Anna); talk != said.want || contact != said.want {
			t.Errorf("after %q: the conversation refuses %q and the contact %q, want %q", said.text, talk, contact, said.want)
		}
	}
	for _, m := range d.Vendor.Sent() {
		t.Errorf("%q was sent to somebody whose first word was STOP", m.Text)
	}
}

func TestConsent_NothingIsSentToWhoRefusesAll(t *testing.T) {
	d := desktest.New(t)
	d.Vendor.Stops = true
	d.Restart()
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unreachable, Code: "21610", Key: "provider.unreachable"}
	})
	failed := d.Answer(d.Jana, c.ID, "Už je na cestě")
	d.Vendor.Answer(nil)
	mayRetry := func() bool {
		lines := d.Lines(d.Jana, c.ID)
		return lines[slices.IndexFunc(lines, func(l chats.MessageItem) bool { return l.ID == failed.ID })].CanRetry
	}
	if !mayRetry() {
		t.Fatal("a failed answer may be sent again, before anything is known")
	}
	d.Clock.Move(time.Second)
	// what the vendor tells with the refusal
	d.Post(d.Channel, carrier.Batch{Changes: []carrier.Change{{Kind: carrier.ContactOptedOut, Who: desktest.Anna.Identities}}})
	sent := len(d.Vendor.Sent())
	refused := func(what string, err error) {
		t.Helper()
		var e *domain.Error
		if !errors.As(err, &e) || e.Kind != domain.Invalid || e.Key != "error.refuses_all" {
			t.Errorf("%s: got %v, want error.refuses_all", what, err)
		}
	}
	_, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Haló?"))
	refused("an answer", err)
	refused("once more", d.Outbound.Retry(t.Context(), d.Jana, failed.ID))
	lines := d.Lines(d.Jana, c.ID)
	if mayRetry() {
		t.Error("sending again is offered for a message that cannot arrive")
	}
	if last := lines[len(lines)-1]; last.ActivityCode != "activity.refuses_all" {
		t.Errorf("the thread ends with %q, want the line that tells of it", last.ActivityCode)
	}
	if n := len(d.Vendor.Sent()); n != sent {
		t.Errorf("%d messages were sent all the same", n-sent)
	}
	d.Post(d.Channel, carrier.Batch{Changes: []carrier.Change{{Kind: carrier.ContactOptedIn, Who: desktest.Anna.Identities}}})
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Jsme rádi")); err != nil {
		t.Errorf("after START: %v", err)
	}
}

func TestConsent_WhoRefusesAdvertisingIsAnswered(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	change := carrier.Batch{Changes: []carrier.Change{{Kind: carrier.ContactOptedOut, Who: desktest.Anna.Identities}}}
	d.Post(d.Channel, change)
	d.Post(d.Channel, change) // the vendor calls again
	if talk, _ := refusalOf(d, desktest.Anna); talk != domain.RefusesAdvertising {
		t.Errorf("got %q, want %q", talk, domain.RefusesAdvertising)
	}
	told := 0
	for _, m := range d.Lines(d.Jana, c.ID) {
		if m.ActivityCode == "activity.refuses_advertising" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the thread tells of it %d times, want once", told)
	}
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(c.ID, "Tady je odpověď")); err != nil {
		t.Errorf("an answer: %v", err)
	}
	d.Update(func(tx *store.Tx) error {
		return tx.ReplaceTemplates(d.Channel.ID, []domain.MessageTemplate{
			{ChannelID: d.Channel.ID, Name: "sleva", Language: "cs", Category: "MARKETING", Status: domain.TemplateApproved, Body: "Sleva"},
			{ChannelID: d.Channel.ID, Name: "termin", Language: "cs", Category: "UTILITY", Status: domain.TemplateApproved, Body: "Zítra"},
		})
	})
	for name, want := range map[string]string{"sleva": "error.refuses_advertising", "termin": ""} {
		r := d.NewReply(c.ID, "")
		r.Template = &outbound.TemplateChoice{Name: name, Language: "cs"}
		_, err := d.Outbound.Reply(t.Context(), d.Jana, r)
		if e := (*domain.Error)(nil); want == "" && err != nil || want != "" && (!errors.As(err, &e) || e.Key != want) {
			t.Errorf("template %s: got %v, want %q", name, err, want)
		}
	}
}

func TestConsent_OfAnotherTeamsChannelIsNotOnTheCard(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Say(d.Private, desktest.Anna, "Taky tady")
	d.Post(d.Private, carrier.Batch{Changes: []carrier.Change{{Kind: carrier.ContactOptedOut, Who: desktest.Anna.Identities}}})
	theirs, err := d.Chats.ReadContact(t.Context(), d.Petr, c.ContactID)
	if err != nil || len(theirs.Refusals) != 1 || theirs.Refusals[0].Channel != d.Private.Name {
		t.Errorf("on the channel: got %+v, %v, want its refusal", theirs.Refusals, err)
	}
	mine, err := d.Chats.ReadContact(t.Context(), d.Jana, c.ContactID)
	if err != nil || len(mine.Refusals)+len(mine.Consents) != 0 {
		t.Errorf("not on the channel: got %+v %+v, %v, want nothing", mine.Refusals, mine.Consents, err)
	}
}
