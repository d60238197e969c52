package store_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func phone(value string) domain.Identity {
	return domain.Identity{Kind: domain.PhoneIdentity, Value: value}
}

func TestContact_IndexFollowsEveryChange(t *testing.T) {
	identities := []domain.Identity{phone("+420777111222")}
	wantIndexOfLastState(t, func(tx *store.Tx, c *domain.Contact) error { return tx.PutContact(c) }, nil,
		domain.Contact{ID: number(1), Identities: identities},
		domain.Contact{ID: number(1), Identities: identities, Name: "Anna Nová"},
		domain.Contact{ID: number(1), Identities: identities, Name: "Anna Stará", Company: "Dvůr"},
		domain.Contact{ID: number(1), Identities: identities, Username: "anna"},
	)
}

func TestContact_IdentityBelongsToOneOnly(t *testing.T) {
	d := open(t)
	anna := domain.Contact{ID: number(1), Identities: []domain.Identity{phone("+420777111222")}}
	boris := domain.Contact{
		ID:         number(2),
		Identities: []domain.Identity{phone("+420777333444"), phone("+420777111222")},
	}
	d.update(func(tx *store.Tx) error { return tx.PutContact(&anna) })
	err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutContact(&boris) })
	wantKind(t, "a number that another contact has", err, domain.Conflict)
	d.view(func(tx *store.Tx) error {
		if _, ok, err := tx.ContactByIdentity(phone("+420777333444")); ok || err != nil {
			t.Errorf("the other number of the refused contact leads somewhere: %v", err)
		}
		c, ok, err := tx.ContactByIdentity(phone("+420777111222"))
		if c.ID != anna.ID || !ok {
			t.Errorf("got %s, %v, want the first one", c.ID, ok)
		}
		return err
	})
}

// A vendor's id means something within one account only; the same text elsewhere, or of another kind, is somebody else.
func TestContact_IdentitiesOfOtherScopesAndKindsStayApart(t *testing.T) {
	d := open(t)
	identities := []domain.Identity{
		{Kind: domain.UserIdentity, Scope: "shop", Value: "15"},
		{Kind: domain.UserIdentity, Scope: "sho", Value: "p15"},
		{Kind: domain.UserIdentity, Value: "15"},
		{Kind: domain.MailIdentity, Value: "15"},
		{Kind: domain.ParentIdentity, Scope: "shop", Value: "15"},
	}
	for i, identity := range identities {
		c := domain.Contact{ID: number(i + 1), Identities: []domain.Identity{identity}}
		d.update(func(tx *store.Tx) error { return tx.PutContact(&c) })
	}
	d.view(func(tx *store.Tx) error {
		for i, identity := range identities {
			if c, ok, err := tx.ContactByIdentity(identity); c.ID != number(i+1) || !ok || err != nil {
				t.Errorf("%+v: got %s, %v, %v", identity, c.ID, ok, err)
			}
		}
		return nil
	})
}

func TestContactsByName_BeginningWithoutCaseAndAccents(t *testing.T) {
	d := open(t)
	for i, name := range []string{"Žaneta", "Ota", "zanet", "Žan", "Zbyněk", "Žaneta"} {
		c := domain.Contact{ID: number(i + 1), Name: name}
		d.update(func(tx *store.Tx) error { return tx.PutContact(&c) })
	}
	renamed := domain.Contact{ID: number(6), Name: "Alena"}
	d.update(func(tx *store.Tx) error { return tx.PutContact(&renamed) })
	names := func(prefix string, limit int, keep func(*domain.Contact) (bool, error)) (list []string, err error) {
		err = d.View(t.Context(), func(tx *store.Tx) error {
			contacts, err := tx.ContactsByName(prefix, limit, keep)
			for _, c := range contacts {
				list = append(list, c.Name)
			}
			return err
		})
		return list, err
	}
	all := func(*domain.Contact) (bool, error) { return true, nil }
	for _, tc := range []struct {
		prefix string
		limit  int
		want   []string
	}{
		{"ŽAN", 10, []string{"Žan", "zanet", "Žaneta"}},
		{"zan", 2, []string{"Žan", "zanet"}},
		{"", 10, []string{"Alena", "Ota", "Žan", "zanet", "Žaneta", "Zbyněk"}},
		{"x", 10, nil},
	} {
		got, err := names(tc.prefix, tc.limit, all)
		wantList(t, "beginning with "+tc.prefix, got, tc.want)
		if err != nil {
			t.Error(err)
		}
	}
	got, err := names("z", 2, func(c *domain.Contact) (bool, error) { return c.Name != "Žan", nil })
	wantList(t, "those that may be seen", got, []string{"zanet", "Žaneta"})
	broken := errors.New("broken")
	_, err2 := names("z", 2, func(*domain.Contact) (bool, error) { return false, broken })
	if err != nil || !errors.Is(err2, broken) {
		t.Errorf("got %v and %v, want no error and that of the decision", err, err2)
	}
}

func TestSearch_ContactsAreFoundByNameAndNumber(t *testing.T) {
	d := open(t)
	c := domain.Contact{
		ID: number(1), Name: "Anna Nová", Company: "Dvůr", Username: "anicka",
		Identities: []domain.Identity{phone("+420777111222"), {Kind: domain.MailIdentity, Value: "nova@shop.cz"}},
	}
	d.update(func(tx *store.Tx) error { return tx.PutContact(&c) })
	for _, q := range []string{"nova", "dvur", "anicka", "777111222", "+420 777 111 222", "nova@shop.cz", "shop"} {
		wantList(t, q, find(d, store.SearchScope{Of: "contacts"}, q, 10), []domain.ID{c.ID})
	}
}
