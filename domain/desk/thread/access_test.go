package thread_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestFindVisibleWith_HidesConversationsOfForeignChannels(t *testing.T) {
	d := desktest.New(t)
	open := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	d.Clock.Move(time.Minute)
	private := d.Say(d.Private, desktest.Anna, "Tajné")
	d.Clock.Move(time.Minute)
	secret := d.Say(d.Private, desktest.Bob, "Tajné")
	for name, c := range map[string]struct {
		who     *domain.Operator
		contact domain.ID
		want    domain.ID
	}{
		"an open one beside a foreign": {d.Jana, open.ContactID, open.ID},
		"the newer of two":             {d.Petr, open.ContactID, private.ID},
		"a foreign one alone":          {d.Jana, secret.ContactID, domain.ID{}},
		"one's own":                    {d.Petr, secret.ContactID, secret.ID},
		"a contact whom nobody knows":  {d.Eva, d.NewID(), domain.ID{}},
		"somebody else's, for Eva":     {d.Eva, secret.ContactID, secret.ID},
	} {
		visible, err := d.Connections.ListVisible(t.Context(), c.who, domain.ID{})
		if err != nil {
			t.Fatal(err)
		}
		d.View(func(tx *store.Tx) error {
			got, ok, err := thread.FindVisibleWith(tx, c.contact, visible)
			if got != c.want || ok == c.want.IsZero() {
				t.Errorf("%s: got %s, %v, want %s", name, got, ok, c.want)
			}
			return err
		})
	}
}
