package thread_test

import (
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/internal/desktest"
)

func learnContact(d *desktest.Desk, in carrier.InboundMessage) (contact domain.Contact) {
	d.T.Helper()
	d.Update(func(tx *store.Tx) (err error) {
		contact, err = thread.LearnContact(tx, in)
		return err
	})
	return contact
}

func TestLearnContact_JoinsTheIdentitiesOfOnePerson(t *testing.T) {
	d := desktest.New(t)
	phone, user := desktest.Anna.Identities[0], domain.Identity{Kind: domain.UserIdentity, Scope: "wa", Value: "CZ.123"}
	first := learnContact(d, carrier.InboundMessage{Contact: carrier.Person{Identities: []domain.Identity{phone}}})
	both := learnContact(d, carrier.InboundMessage{Contact: carrier.Person{Name: "Anna", Identities: []domain.Identity{user, phone}}})
	alone := learnContact(d, carrier.InboundMessage{Contact: carrier.Person{Identities: []domain.Identity{user}}})
	if both.ID != first.ID || alone.ID != first.ID || both.Name != "Anna" || alone.Name != "Anna" ||
		!slices.Equal(alone.Identities, []domain.Identity{phone, user}) {
		t.Errorf("got %+v, then %+v, then %+v; want one contact", first, both, alone)
	}
	renamed := domain.Identity{Kind: domain.PhoneIdentity, Value: "+420777999888"}
	moved := learnContact(d, carrier.InboundMessage{
		Contact: carrier.Person{Identities: []domain.Identity{phone}}, Renamed: &carrier.Person{Identities: []domain.Identity{renamed}},
	})
	if moved.ID != first.ID || !slices.Contains(moved.Identities, renamed) {
		t.Errorf("got %+v, want the new number learned", moved)
	}
}

func TestLearnContact_IdentityOfSomebodyElseStaysTheirs(t *testing.T) {
	d := desktest.New(t)
	anna, bob := desktest.Anna.Identities[0], desktest.Bob.Identities[0]
	first := learnContact(d, carrier.InboundMessage{Contact: desktest.Anna})
	second := learnContact(d, carrier.InboundMessage{Contact: desktest.Bob})
	if first.ID == second.ID {
		t.Fatal("two people are one contact")
	}
	got := learnContact(d, carrier.InboundMessage{Contact: carrier.Person{Identities: []domain.Identity{anna, bob}}})
	if got.ID != first.ID || slices.Contains(got.Identities, bob) {
		t.Errorf("got %+v, want Anna without Bob's number", got)
	}
	d.View(func(tx *store.Tx) error {
		owner, _, err := tx.ContactByIdentity(bob)
		if owner.ID != second.ID {
			t.Errorf("Bob's number is %s's, want %s's", owner.ID, second.ID)
		}
		return err
	})
}

func TestLearnName_OperatorsNameStays(t *testing.T) {
	for name, c := range map[string]struct {
		have    domain.Contact
		told    carrier.Person
		want    string
		changed bool
	}{
		"a new name":      {domain.Contact{Name: "A"}, carrier.Person{Name: "Anna"}, "Anna", true},
		"the same":        {domain.Contact{Name: "Anna"}, carrier.Person{Name: "Anna"}, "Anna", false},
		"none":            {domain.Contact{Name: "Anna"}, carrier.Person{}, "Anna", false},
		"edited by us":    {domain.Contact{Name: "Anna B.", NameEdited: true}, carrier.Person{Name: "anna"}, "Anna B.", false},
		"nothing to read": {domain.Contact{Name: "Anna"}, carrier.Person{Name: "\u202e\u200b "}, "Anna", false},
		"turned around":   {domain.Contact{}, carrier.Person{Name: "\u202eannA"}, "annA", true},
		"a detail besides": {domain.Contact{
			Name:       "Anna",
			NameEdited: true,
		}, carrier.Person{Details: map[string]string{"town": " Tábor "}}, "Anna", true},
	} {
		changed := thread.LearnName(&c.have, c.told)
		if c.have.Name != c.want || changed != c.changed {
			t.Errorf("%s: got %q, changed %v, want %q, %v", name, c.have.Name, changed, c.want, c.changed)
		}
		if town := c.told.Details["town"]; town != "" && c.have.Details["town"] != "Tábor" {
			t.Errorf("%s: got details %v", name, c.have.Details)
		}
	}
}
