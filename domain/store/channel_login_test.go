package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestChannelLogin_CredentialsAreSealedAndSweptAway(t *testing.T) {
	d := open(t)
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	l := domain.ChannelLogin{
		ID: domain.ID{1}, ExpiresAt: now, Secrets: map[string]domain.Secret{domain.TokenOf("901"): "canary-token"},
		Channel: domain.Channel{Secrets: map[string]domain.Secret{"app_secret": "canary-secret"}},
	}
	d.update(func(tx *store.Tx) error { return tx.PutChannelLogin(&l) })
	err := d.engine.View(t.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{}, func(k, v []byte) error {
			if bytes.Contains(v, []byte("canary")) {
				t.Errorf("a credential stands in clear under %q", k)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	d.view(func(tx *store.Tx) error {
		got, err := tx.ChannelLogin(l.ID)
		if err != nil || got.Secrets[domain.TokenOf("901")].Reveal() != "canary-token" ||
			got.Channel.Secrets["app_secret"].Reveal() != "canary-secret" {
			t.Errorf("got %v, %v, want both credentials back", got, err)
		}
		return nil
	})
	for _, step := range []struct {
		ends time.Duration // from now
		kept bool
	}{{time.Second, true}, {0, false}, {365 * 24 * time.Hour, false}} {
		d.update(func(tx *store.Tx) error {
			l.ExpiresAt = tx.Now.Add(step.ends)
			return errors.Join(tx.PutChannelLogin(&l), tx.SweepChannelLogins(10*time.Minute))
		})
		d.view(func(tx *store.Tx) error {
			if _, err := tx.ChannelLogin(l.ID); (err == nil) != step.kept {
				t.Errorf("one that ends in %v: got %v, kept should be %v", step.ends, err, step.kept)
			}
			return nil
		})
	}
}

func TestChannelLogin_DroppedOneIsGone(t *testing.T) {
	d := open(t)
	before := d.keys()
	l := domain.ChannelLogin{
		ID:        number(1),
		Operator:  number(2),
		ExpiresAt: noon,
		Secrets:   map[string]domain.Secret{domain.VerifierSecret: "canary"},
	}
	d.update(func(tx *store.Tx) error { return tx.PutChannelLogin(&l) })
	if got := l.Secrets[domain.VerifierSecret].Reveal(); got != "canary" {
		t.Errorf("writing it changed the caller's credential to %q", got)
	}
	d.update(func(tx *store.Tx) error { return tx.DropChannelLogin(l.ID) })
	wantList(t, "keys", d.keys(), before)
	d.view(func(tx *store.Tx) error {
		_, err := tx.ChannelLogin(l.ID)
		wantKind(t, "an attempt that was dropped", err, domain.NotFound)
		return nil
	})
}
