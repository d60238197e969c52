package inbound_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

const png = "\x89PNG\r\n\x1a\n and the rest"

func contactOf(t *testing.T, d *desktest.Desk, c domain.Conversation) (contact domain.Contact) {
	t.Helper()
	err := d.Store.View(t.Context(), func(tx *store.Tx) (err error) {
		contact, err = tx.Contact(c.ContactID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contact
}

func TestProfile_NewContactGetsNameDetailsAndPicture(t *testing.T) {
	d := desktest.New(t)
	d.Social.Keep("picture", png)
	d.Social.ProfileWith(func() (carrier.Profile, error) {
		p := carrier.Profile{
			Person:  carrier.Person{Name: "Claire Moreau", Details: map[string]string{"contact.detail.first_name": "Claire"}},
			Picture: "picture",
		}
		return p, nil
	})
	c := d.Say(d.Page(), desktest.Claire, "Bonjour")
	if c.Name != "Claire Moreau" {
		t.Errorf("got conversation with %q, want the name", c.Name)
	}
	contact := contactOf(t, d, c)
	if contact.Name != "Claire Moreau" || contact.Details["contact.detail.first_name"] != "Claire" || contact.Picture.IsZero() {
		t.Fatalf("got %+v", contact)
	}
	f, r, err := d.Files.Open(t.Context(), d.Jana, contact.Picture)
	if err != nil || f.MIME != "image/png" {
		t.Fatalf("picture: got %s, %v", f.MIME, err)
	}
	r.Close()
}

func TestProfile_TroubleNeverHoldsTheMessageUp(t *testing.T) {
	for name, fn := range map[string]func() (carrier.Profile, error){
		"refused": func() (carrier.Profile, error) {
			return carrier.Profile{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"}
		},
		"no picture": func() (carrier.Profile, error) {
			return carrier.Profile{Person: carrier.Person{Name: "Claire"}, Picture: "gone"}, nil
		},
		"away": func() (carrier.Profile, error) {
			return carrier.Profile{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New(t)
			d.Social.ProfileWith(fn)
			c := d.Say(d.Page(), desktest.Claire, "Bonjour")
			if c.LastMessage.Text != "Bonjour" {
				t.Errorf("got %q, want the message", c.LastMessage.Text)
			}
			for range 8 {
				d.Clock.Move(time.Hour)
				d.Settle()
			}
			if dead, err := d.Inbound.ListDeadJobs(t.Context(), d.Eva); err != nil || len(dead) != 0 {
				t.Errorf("got %d dead jobs, %v, want none", len(dead), err)
			}
		})
	}
}

func TestProfile_PictureThatIsNone_IsNotKept(t *testing.T) {
	d := desktest.New(t)
	d.Social.Keep("page", "<!doctype html><script>")
	d.Social.ProfileWith(func() (carrier.Profile, error) {
		return carrier.Profile{Person: carrier.Person{Name: "Claire"}, Picture: "page"}, nil
	})
	if contact := contactOf(t, d, d.Say(d.Page(), desktest.Claire, "Bonjour")); !contact.Picture.IsZero() || contact.Name != "Claire" {
		t.Errorf("got %+v, want the name and no picture", contact)
	}
}
