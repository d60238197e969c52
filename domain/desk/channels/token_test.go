package channels_test

import (
	"testing"

	"pult/domain"
	"pult/domain/desk/channels"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestKeepToken_StoredBesideTheOtherSecrets(t *testing.T) {
	d := desktest.New(t)
	c, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "post", Kind: domain.WhatsApp, Driver: "test", Name: "Post", Enabled: true, Number: "+420601000300", Account: "300",
		Secrets: map[string]domain.Secret{"refresh_token": "old", "token": "kept"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := channels.KeepToken(t.Context(), d.Store, c.ID, "new"); err != nil {
		t.Fatal(err)
	}
	if err := channels.KeepToken(t.Context(), d.Store, domain.ID{}, "of a channel that is only tried"); err != nil {
		t.Errorf("a channel that is only tried: got %v", err)
	}
	if err := channels.KeepToken(t.Context(), d.Store, d.NewID(), "x"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("an unknown channel: got %v, want not found", err)
	}
	err = d.Store.View(t.Context(), func(tx *store.Tx) error {
		stored, err := tx.Channel(c.ID)
		if stored.Secrets["refresh_token"] != "new" || stored.Secrets["token"] != "kept" {
			t.Errorf("got %d secrets, want the new token beside the others", len(stored.Secrets))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
