package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// sealed is a desk with a channel whose credential was sealed with a key of ones.
func sealed(t *testing.T) (d *desk, with func(key []byte, newKey func() ([]byte, error)) *store.Store) {
	t.Helper()
	d = open(t)
	with = func(key []byte, newKey func() ([]byte, error)) *store.Store {
		s, err := store.Open(t.Context(), d.engine, store.Options{Now: time.Now, SealKey: key, NewSealKey: newKey})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	c := domain.Channel{ID: domain.ID{1}, Key: "k", Name: "Shop", Secrets: map[string]domain.Secret{"token": "canary-0815"}}
	put(t, with(ones(), nil), c)
	return d, with
}

func ones() []byte { return bytes.Repeat([]byte{1}, store.SealKeyLength) }

func put(t *testing.T, s *store.Store, c domain.Channel) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.PutChannel(&c) }); err != nil {
		t.Fatal(err)
	}
}

func readChannel(t *testing.T, s *store.Store) domain.Channel {
	t.Helper()
	list, err := store.Read(t.Context(), s, (*store.Tx).Channels)
	if err != nil || len(list) != 1 {
		t.Fatalf("got %v, %v, want one channel", list, err)
	}
	return list[0]
}

func TestSeal_KeyOfAnotherDeskOrNoneLosesTheCredentialAndNothingElse(t *testing.T) {
	_, with := sealed(t)
	none := func() ([]byte, error) { t.Error("a key was made though nothing was entered"); return nil, nil }
	for name, s := range map[string]*store.Store{
		"another": with(make([]byte, store.SealKeyLength), nil),
		"none":    with(nil, none),
	} {
		c := readChannel(t, s)
		if !c.LacksSecrets() || len(c.Secrets) > 0 || c.Name != "Shop" {
			t.Errorf("%s: got %+v, want the channel without credentials", name, c)
		}
	}
}

// The file may turn up again: until then nothing is written over what it opens.
func TestSeal_LostCredentialsOutliveOtherChanges(t *testing.T) {
	_, with := sealed(t)
	s := with(nil, func() ([]byte, error) { return nil, errors.New("not now") })
	c := readChannel(t, s)
	c.Name = "Renamed"
	put(t, s, c)
	c = readChannel(t, with(ones(), nil))
	if c.Name != "Renamed" || c.Secrets["token"].Reveal() != "canary-0815" {
		t.Errorf("got %q with %q, want the new name and the old credential", c.Name, c.Secrets["token"].Reveal())
	}
}

func TestSeal_KeyIsMadeWhenCredentialsAreEnteredAgain(t *testing.T) {
	_, with := sealed(t)
	made := bytes.Repeat([]byte{2}, store.SealKeyLength)
	s := with(nil, func() ([]byte, error) { return made, nil })
	c := readChannel(t, s)
	c.Secrets = map[string]domain.Secret{"token": "anew"}
	put(t, s, c)
	if c = readChannel(t, with(made, nil)); c.Secrets["token"].Reveal() != "anew" || c.SecretsLost {
		t.Errorf("got %+v, want what was entered", c)
	}
}

func TestOpen_SealKeyOfAnotherLengthIsRefused(t *testing.T) {
	d := open(t)
	for _, n := range []int{0, store.SealKeyLength - 1, store.SealKeyLength + 1} {
		if _, err := store.Open(t.Context(), d.engine, store.Options{Now: time.Now, SealKey: make([]byte, n)}); err == nil {
			t.Errorf("a key of %d bytes was taken", n)
		}
	}
}
