package chats_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/desktest"
)

var (
	anaWith9    = desktest.Customer("Ana", "+5511987654321")
	anaWithout9 = desktest.Customer("Ana Souza", "+551187654321")
)

// splitAna stores Ana as two people, as it was before spellings were known: with is the contact of her number with the
// ninth digit.
func splitAna(d *desktest.Desk) (with, without domain.Contact) {
	d.T.Helper()
	with = domain.Contact{ID: d.NewID(), Name: anaWith9.Name, Identities: anaWith9.Identities, CreatedAt: d.Clock.Now()}
	without = domain.Contact{
		ID: d.NewID(), Name: anaWithout9.Name, Username: "ana", Identities: anaWithout9.Identities,
		Details: map[string]string{"contact.detail.last_name": "Souza"}, CreatedAt: d.Clock.Now(),
	}
	d.Update(func(tx *store.Tx) error {
		if err := tx.PutContact(&with); err != nil {
			return err
		}
		return tx.PutContact(&without)
	})
	return with, without
}

func alikeIDs(t *testing.T, d *desktest.Desk, who *domain.Operator, contact domain.ID) (ids []domain.ID, mayMerge bool) {
	t.Helper()
	list, err := d.Chats.ListLookalikes(t.Context(), who, contact)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		ids, mayMerge = append(ids, one.ID), one.MayMerge
	}
	return ids, mayMerge
}

func TestMergeContacts_OnePersonWithAllConversationsAndAllThatWasKnown(t *testing.T) {
	d := desktest.New(t)
	with, without := splitAna(d)
	mine := d.Say(d.Channel, anaWith9, "Olá")
	d.Clock.Move(time.Minute)
	theirs := d.Say(d.Channel, anaWithout9, "Olá?")
	if mine.ContactID != with.ID || theirs.ContactID != without.ID {
		t.Fatal("people who are two were made one by a webhook")
	}
	if ids, may := alikeIDs(t, d, d.Jana, with.ID); !slices.Equal(ids, []domain.ID{without.ID}) || !may {
		t.Fatalf("suggested %v, %v, want the other one", ids, may)
	}
	for range 2 { // the button pressed twice
		if err := d.Chats.MergeContacts(t.Context(), d.Jana, with.ID, without.ID); err != nil {
			t.Fatal(err)
		}
	}
	contact, err := d.Chats.ReadContact(t.Context(), d.Jana, with.ID)
	if err != nil || contact.Name != "Ana" || contact.Username != "ana" || len(contact.Identities) != 2 ||
		contact.Details["contact.detail.last_name"] != "Souza" || !slices.Equal(contact.Phones(), []string{"+5511987654321"}) {
		t.Errorf("got %+v, %v; want what was known of both", contact, err)
	}
	if ids, _ := alikeIDs(t, d, d.Jana, with.ID); len(ids) != 0 {
		t.Errorf("still suggested: %v", ids)
	}
	if _, err := d.Chats.ReadContact(t.Context(), d.Jana, without.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("the other contact: got %v, want not found", err)
	}
	for _, c := range []domain.Conversation{mine, theirs} {
		row, err := d.Chats.Read(t.Context(), d.Jana, c.ID)
		if err != nil || row.ContactID != with.ID || row.Name != "Ana" || row.Contact.ID != with.ID {
			t.Errorf("conversation %d: got %s of %s, %v", c.Number, row.Name, row.ContactID, err)
		}
	}
	d.View(func(tx *store.Tx) error {
		list, _, _, err := tx.Messages(theirs.ID, store.MessageRange{Limit: 10})
		if last := list[len(list)-1]; last.ActivityCode != "activity.merged" || last.ActivityArgs["by"] != d.Jana.Name {
			t.Errorf("the conversation ends with %+v, want a line that tells of the merge", last)
		}
		ids, _ := tx.ConversationsOf(without.ID)
		if len(ids) != 0 {
			t.Errorf("conversations of nobody: %v", ids)
		}
		return err
	})
	// the conversation that was active last goes on, whichever number they write from
	d.Clock.Move(time.Minute)
	if next := d.Say(d.Channel, anaWith9, "Obrigada"); next.ID != theirs.ID {
		t.Errorf("went on in %d, want %d", next.Number, theirs.Number)
	}
	if next := d.Say(d.Channel, anaWithout9, "Obrigada!"); next.ID != theirs.ID {
		t.Errorf("went on in %d, want %d", next.Number, theirs.Number)
	}
}

func TestMergeContacts_AnotherTeamsConversationsAreNotTouchedNorShown(t *testing.T) {
	d := desktest.New(t)
	with, without := splitAna(d)
	d.Say(d.Channel, anaWith9, "Olá")
	hidden := d.Say(d.Private, anaWithout9, "Olá?") // Petr's team
	if ids, _ := alikeIDs(t, d, d.Jana, with.ID); len(ids) != 0 {
		t.Errorf("Jana is shown %v of another team", ids)
	}
	if err := d.Chats.MergeContacts(t.Context(), d.Jana, with.ID, without.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v, want not found", err)
	}
	d.Say(d.Channel, anaWithout9, "Olá!") // now she sees the other one, but not all of them
	if ids, may := alikeIDs(t, d, d.Jana, with.ID); len(ids) != 1 || may {
		t.Errorf("Jana is suggested %v and may merge: %v; want one she may not", ids, may)
	}
	for _, pair := range [][]domain.ID{{with.ID, without.ID}, {without.ID, with.ID}} {
		if err := d.Chats.MergeContacts(t.Context(), d.Jana, pair[0], pair[1]); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("got %v, want forbidden", err)
		}
	}
	if got := d.With(d.Private, anaWithout9); got.ID != hidden.ID || got.ContactID != without.ID {
		t.Errorf("got %+v, want it untouched", got)
	}
	if err := d.Chats.MergeContacts(t.Context(), d.Karel, with.ID, without.ID); err != nil {
		t.Errorf("a supervisor, who sees all: %v", err)
	}
	if got := d.With(d.Private, anaWithout9); got.ID != hidden.ID || got.ContactID != with.ID {
		t.Errorf("got %+v, want it moved", got)
	}
}

func TestMergeContacts_OnlyOfPeopleWhoseNumbersAreAlike(t *testing.T) {
	d := desktest.New(t)
	anna, bob := d.Say(d.Channel, desktest.Anna, "x"), d.Say(d.Channel, desktest.Bob, "y")
	for _, other := range []domain.ID{bob.ContactID, anna.ContactID} {
		if err := d.Chats.MergeContacts(t.Context(), d.Eva, anna.ContactID, other); domain.KindOf(err) != domain.NotFound {
			t.Errorf("got %v, want not found", err)
		}
	}
}

func TestMergeContacts_MoreConversationsThanOneTransactionMoves(t *testing.T) {
	d := desktest.New(t)
	with, without := splitAna(d)
	d.Say(d.Channel, anaWith9, "Olá")
	const many = 21
	for i := range many { // a closed conversation is final: each message begins another
		c := d.Say(d.Channel, anaWithout9, fmt.Sprint("Olá ", i))
		if err := d.Chats.SetStatus(t.Context(), d.Jana, c.ID, domain.StatusClosed); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Chats.MergeContacts(t.Context(), d.Jana, with.ID, without.ID); err != nil {
		t.Fatal(err)
	}
	d.View(func(tx *store.Tx) error {
		ids, err := tx.ConversationsOf(with.ID)
		if len(ids) != many+1 {
			t.Errorf("%d conversations, want %d", len(ids), many+1)
		}
		return err
	})
}
