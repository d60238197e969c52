package simulator_test

import (
	"errors"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
)

func TestAbilities_ReactionsReachTheDeskWhereTheyAreOffered(t *testing.T) {
	w := newTwilioWorld(t)
	asked, err := w.sim.Say(w.anna.ID, simulator.TwilioWhatsApp, simulator.Message{Kind: domain.KindText, Text: "hello"})
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.forms)
	if _, err := w.sim.Say(w.anna.ID, simulator.TwilioWhatsApp, simulator.Message{Kind: domain.KindReaction, Target: asked.ID, Emoji: "👍"}); err != nil {
		t.Fatal(err)
	}
	n := simulator.Number{Vendor: simulator.TwilioWhatsApp}
	if told := len(w.forms) > before; told != n.Abilities().React {
		t.Errorf("a reaction was told: %v, the number says %v", told, n.Abilities().React)
	}
}

func TestNumber_WhatItIsForCustomers(t *testing.T) {
	for vendor, want := range map[string]struct {
		kind    domain.ChannelKind
		carrier string
		window  time.Duration
	}{
		simulator.Graph:          {domain.WhatsApp, "Meta", 24 * time.Hour},
		simulator.EngageLab:      {domain.WhatsApp, "EngageLab", 24 * time.Hour},
		simulator.TwilioWhatsApp: {domain.WhatsApp, "Twilio", 24 * time.Hour},
		simulator.TwilioSMS:      {domain.SMS, "Twilio", 0},
	} {
		n := simulator.Number{Vendor: vendor}
		if n.Kind() != want.kind || n.Carrier() != want.carrier || n.Abilities().Window != want.window {
			t.Errorf("%q: got %s by %s with %s, want %+v", vendor, n.Kind(), n.Carrier(), n.Abilities().Window, want)
		}
	}
}

func TestAge_ClosesTheWindowForTheVendorAlone(t *testing.T) {
	w := newTwilioWorld(t)
	said, err := w.sim.Say(w.anna.ID, simulator.TwilioWhatsApp, simulator.Message{Kind: domain.KindText, Text: "hello"})
	if err != nil {
		t.Fatal(err)
	}
	told := len(w.forms)
	if err := w.sim.Age(simulator.TwilioWhatsApp, w.anna.ID, 25*time.Hour); err != nil {
		t.Fatal(err)
	}
	if now, _ := w.sim.Message(said.ID); !now.At.Equal(said.At.Add(-25 * time.Hour)) {
		t.Errorf("got %s, want a day and an hour before %s", now.At, said.At)
	}
	if _, code := w.send(); code != 63016 {
		t.Errorf("got %d, want the window closed", code)
	}
	if len(w.forms) != told {
		t.Error("the desk was told of it")
	}
	if err := w.sim.Age(simulator.TwilioSMS, w.anna.ID, time.Hour); !errors.Is(err, simulator.ErrUnknown) {
		t.Errorf("nothing was said: got %v, want ErrUnknown", err)
	}
}
