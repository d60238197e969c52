package store_test

import (
	"bytes"
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestChannel_CredentialsAreSealedOnTheDisk(t *testing.T) {
	d := open(t)
	c := domain.Channel{
		ID:      domain.ID{1},
		Key:     "k",
		Driver:  "d",
		Account: "a",
		Secrets: map[string]domain.Secret{"token": "canary-0815"},
	}
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
	err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutChannel(&two) })
	wantKind(t, "another channel with the account", err, domain.Conflict)
}

func TestChannel_IndexFollowsEveryChange(t *testing.T) {
	first := domain.Channel{ID: number(1), Key: "k", Driver: "whatsapp", Account: "a", Short: 1}
	with := func(change func(*domain.Channel)) domain.Channel {
		c := first
		change(&c)
		return c
	}
	wantIndexOfLastState(t, func(tx *store.Tx, c *domain.Channel) error { return tx.PutChannel(c) }, nil,
		first,
		with(func(c *domain.Channel) { c.Key = "l" }),
		with(func(c *domain.Channel) { c.Account = "b" }),
		with(func(c *domain.Channel) { c.Account = "" }),
		with(func(c *domain.Channel) { c.Driver = "twilio" }),
		with(func(c *domain.Channel) { c.Removed = true }),
	)
}

func TestChannel_IsFoundByKeyAndAccountOfItsDriver(t *testing.T) {
	d := open(t)
	one := domain.Channel{ID: number(1), Key: "one", Driver: "whatsapp", Account: "15"}
	two := domain.Channel{ID: number(2), Key: "two", Driver: "messenger", Account: "15"}
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutChannel(&one), tx.PutChannel(&two)) })
	d.view(func(tx *store.Tx) error {
		c, err := tx.ChannelByKey("two")
		if c.ID != two.ID || err != nil {
			t.Errorf("by key: got %s, %v", c.ID, err)
		}
		c, err = tx.ChannelByAccount("whatsapp", "15")
		if c.ID != one.ID || err != nil {
			t.Errorf("by account: got %s, %v", c.ID, err)
		}
		_, err = tx.ChannelByAccount("whatsapp", "1")
		wantKind(t, "the beginning of an account", err, domain.NotFound)
		_, err = tx.ChannelByKey("tw")
		wantKind(t, "the beginning of a key", err, domain.NotFound)
		list, err := tx.Channels()
		if len(list) != 2 || list[0].ID != one.ID || list[0].Short == 0 || list[0].Short == list[1].Short {
			t.Errorf("got %+v, want both in their order with short numbers of their own", list)
		}
		return err
	})
}

func TestChannel_WebhookKeyIsUnique(t *testing.T) {
	d := open(t)
	one := domain.Channel{ID: number(1), Key: "key", Driver: "d"}
	two := domain.Channel{ID: number(2), Key: "key", Driver: "e"}
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutChannel(&one), tx.PutChannel(&one)) })
	err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutChannel(&two) })
	wantKind(t, "another channel with the key", err, domain.Conflict)
	d.view(func(tx *store.Tx) error {
		_, err := tx.Channel(two.ID)
		wantKind(t, "the channel that was refused", err, domain.NotFound)
		return nil
	})
}

// Several channels without an account are fine: an empty account is no account.
func TestChannel_NoAccountIsNobodysAccount(t *testing.T) {
	d := open(t)
	for i, k := range []string{"one", "two"} {
		c := domain.Channel{ID: number(i + 1), Key: k, Driver: "d"}
		d.update(func(tx *store.Tx) error { return tx.PutChannel(&c) })
	}
}

func TestChannel_RemovedOneFreesItsAccountAndKeepsItsNumber(t *testing.T) {
	d := open(t)
	old := domain.Channel{ID: number(1), Key: "one", Driver: "d", Account: "a"}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&old) })
	short := old.Short
	old.Removed = true
	again := domain.Channel{ID: number(2), Key: "one", Driver: "d", Account: "a"}
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutChannel(&old), tx.PutChannel(&again)) })
	d.view(func(tx *store.Tx) error {
		kept, err := tx.Channel(old.ID)
		if kept.Short != short || again.Short == short {
			t.Errorf("got the numbers %d and %d, want %d kept and a new one", kept.Short, again.Short, short)
		}
		c, err2 := tx.ChannelByAccount("d", "a")
		if c.ID != again.ID {
			t.Errorf("the account leads to %s, want the new channel", c.ID)
		}
		return errors.Join(err, err2)
	})
}

// A credential that somebody copies to another channel in a stolen database, to have the desk use it there, does not
// open.
func TestChannel_CredentialOpensOnlyWhereItWasSealed(t *testing.T) {
	d := open(t)
	secret := map[string]domain.Secret{"token": "canary-0815"}
	one := domain.Channel{ID: number(1), Key: "one", Driver: "d", Secrets: secret}
	two := domain.Channel{ID: number(2), Key: "two", Driver: "d"}
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutChannel(&one), tx.PutChannel(&two)) })
	err := d.engine.Update(t.Context(), func(w kv.Txn) error {
		sealed, err := w.Get(append([]byte("c/"), one.ID[:]...))
		if err != nil {
			return err
		}
		forged := bytes.Replace(sealed, one.ID[:], two.ID[:], 1)
		return w.Set(append([]byte("c/"), two.ID[:]...), forged)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.View(t.Context(), func(tx *store.Tx) error {
		c, err := tx.Channel(two.ID)
		if err != nil || c.Secrets["token"] != "" {
			t.Errorf("the copied credential opened: %q", c.Secrets["token"].Reveal())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
