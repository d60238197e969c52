package store_test

import (
	"bytes"
	"testing"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestChannel_CredentialsAreSealedOnTheDisk(t *testing.T) {
	d := open(t)
	c := domain.Channel{ID: domain.ID{1}, Key: "k", Driver: "d", Account: "a", Secrets: map[string]domain.Secret{"token": "canary-0815"}}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&c) })
	err := d.engine.View(t.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{}, func(k, v []byte) error {
			if bytes.Contains(v, []byte("canary")) {
				t.Errorf("the credential stands in clear under %q", k)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	d.view(func(tx *store.Tx) error {
		got, err := tx.ChannelByKey("k")
		if err != nil || got.Secrets["token"].Reveal() != "canary-0815" {
			t.Errorf("got %q, %v", got.Secrets["token"].Reveal(), err)
		}
		return nil
	})
}

func TestChannel_TwoChannelsCannotShareAnAccount(t *testing.T) {
	d := open(t)
	one := domain.Channel{ID: domain.ID{1}, Key: "one", Driver: "d", Account: "a"}
	two := domain.Channel{ID: domain.ID{2}, Key: "two", Driver: "d", Account: "a"}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&one) })
	if err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutChannel(&two) }); domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want conflict", err)
	}
}
