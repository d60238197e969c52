package desk_test

import (
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/outbound"
	"pult/internal/desktest"
)

// spelledTwice are telephones that vendors name by two numbers: the one that is dialled, and the other one.
var spelledTwice = []struct{ country, dialled, other string }{
	{"Brazil", "+5511987654321", "+551187654321"},
	{"Mexico", "+525512345678", "+5215512345678"},
	{"Argentina", "+5491123456789", "+541123456789"},
	{"Benin", "+2290197123456", "+22997123456"},
	{"Ivory Coast", "+2250707123456", "+22507123456"},
}

func TestSpelling_BothNumbersAreOnePersonInOneConversation(t *testing.T) {
	for _, c := range spelledTwice {
		for _, order := range [][]string{{c.dialled, c.other}, {c.other, c.dialled}} {
			d := desktest.New(t)
			first := d.Say(d.Channel, desktest.Customer("Ana", order[0]), "Olá")
			second := d.Say(d.Channel, desktest.Customer("Ana", order[1]), "Olá?")
			if second.ID != first.ID || second.Unread != 2 {
				t.Errorf("%s, %v: conversations %d and %d, want one with both messages", c.country, order, first.Number, second.Number)
			}
			if second.Address != c.dialled {
				t.Errorf("%s, %v: shown as %s, want %s", c.country, order, second.Address, c.dialled)
			}
			if _, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{
				ID: d.NewID(), ConversationID: second.ID, Text: "Bom dia",
			}); err != nil {
				t.Fatal(err)
			}
			d.Settle()
			if sent := d.Vendor.Sent(); len(sent) != 1 || sent[0].To.Value != order[1] {
				t.Errorf("%s, %v: sent %+v, want the answer at the number they wrote from", c.country, order, sent)
			}
		}
	}
}

func TestSpelling_AnotherChannelMeetsTheSamePerson(t *testing.T) {
	for _, c := range spelledTwice {
		d := desktest.New(t)
		line := d.AddVoiceChannel("line")
		chat := d.Say(d.Channel, desktest.Customer("Ana", c.other), "Olá")
		d.CallNow(line, carrier.InboundCall{
			Account: line.Account, VendorID: "CA-1", Incoming: true, Person: desktest.Customer("", c.dialled),
			Report: domain.CallReport{Side: domain.TheirSide, Leg: "CA-1", State: domain.CallRinging, At: d.Clock.Now()},
		})
		call := d.With(line, desktest.Customer("", c.dialled))
		if call.ContactID != chat.ContactID || call.Address != c.dialled {
			t.Errorf("%s: the caller is %s at %s, want the contact of the chat at %s", c.country, call.Name, call.Address, c.dialled)
		}
	}
}

func TestSpelling_BeginningAConversationFindsWhoIsKnownByTheOther(t *testing.T) {
	for _, c := range spelledTwice {
		for _, numbers := range [][]string{{c.dialled, c.other}, {c.other, c.dialled}} {
			d := desktest.New(t)
			known := d.Say(d.Channel, desktest.Customer("Ana", numbers[0]), "Olá")
			begun, err := d.Outbound.Start(t.Context(), d.Jana, outbound.NewConversation{
				ID: d.NewID(), ChannelID: d.Channel.ID, Number: numbers[1], Template: outbound.TemplateChoice{
					Name: "pripominka", Language: "cs", Values: map[string]string{"body:1": "Ana", "body:2": "9:30"},
				},
			})
			if err != nil || begun != known.ID {
				t.Errorf("%s, %v: began %s, %v; want the conversation there is", c.country, numbers, begun, err)
			}
		}
	}
}

// Whoever never wrote is written to at the number that is dialled, and is known when they answer from the other.
func TestSpelling_AnAnswerFromTheOtherNumberIsOfWhomWeWroteTo(t *testing.T) {
	for _, c := range spelledTwice[:2] {
		d := desktest.New(t)
		begun, err := d.Outbound.Start(t.Context(), d.Jana, outbound.NewConversation{
			ID: d.NewID(), ChannelID: d.Channel.ID, Number: c.other, Template: outbound.TemplateChoice{
				Name: "pripominka", Language: "cs", Values: map[string]string{"body:1": "Ana", "body:2": "9:30"},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		d.Settle()
		if sent := d.Vendor.Sent(); len(sent) != 1 || sent[0].To.Value != c.dialled {
			t.Errorf("%s: sent %+v, want it at %s", c.country, sent, c.dialled)
		}
		if answered := d.Say(d.Channel, desktest.Customer("Ana", c.other), "Sim"); answered.ID != begun || answered.Address != c.dialled {
			t.Errorf("%s: the answer is in %s at %s, want %s at %s", c.country, answered.ID, answered.Address, begun, c.dialled)
		}
	}
}

func TestSpelling_SearchFindsByEither(t *testing.T) {
	for _, c := range spelledTwice {
		for _, known := range []string{c.dialled, c.other} {
			d := desktest.New(t)
			d.Say(d.Channel, desktest.Customer("Ana", known), "Olá")
			for _, typed := range []string{c.dialled, c.other, c.dialled[3:], c.other[3:], c.other[4:10]} {
				list, err := d.Chats.ListContacts(t.Context(), d.Jana, typed, 8)
				if err != nil || len(list) != 1 || !slices.Equal(list[0].Phones(), []string{list[0].ShownPhone(known)}) {
					t.Errorf("%s, known by %s: %q finds %v, %v", c.country, known, typed, list, err)
				}
			}
		}
	}
}

// A vendor that says where a message really went tells the other spelling, which is learned for the one it went to.
func TestSpelling_TheVendorsOwnFormOfTheRecipientIsLearned(t *testing.T) {
	for _, c := range spelledTwice {
		d := desktest.New(t)
		d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
			return carrier.Receipt{VendorID: "out-1", Aliases: desktest.Customer("", c.other).Identities}, nil
		})
		known := d.Say(d.Channel, desktest.Customer("Ana", c.dialled), "Olá")
		if _, err := d.Outbound.Reply(t.Context(), d.Jana, outbound.Reply{
			ID: d.NewID(), ConversationID: known.ID, Text: "Bom dia",
		}); err != nil {
			t.Fatal(err)
		}
		d.Settle()
		contact, err := d.Chats.ReadContact(t.Context(), d.Jana, known.ContactID)
		if err != nil || !slices.Contains(contact.Identities, desktest.Customer("", c.other).Identities[0]) ||
			!slices.Equal(contact.Phones(), []string{c.dialled}) {
			t.Errorf("%s: got %+v, %v; want %s learned and one number shown", c.country, contact, err, c.other)
		}
	}
}
