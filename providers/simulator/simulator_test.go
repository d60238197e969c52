package simulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/shop"
	"pult/providers/simulator/world"
)

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
		simulator.TwilioVoice:    {domain.Voice, "Twilio", 0},
		simulator.Messenger:      {domain.Messenger, "Meta", 24 * time.Hour},
	} {
		s := simulator.New(simulator.Options{Numbers: []world.Number{{ID: "1", Vendor: vendor}}})
		n := s.World.Traits("1")
		if n.Kind != want.kind || n.Carrier != want.carrier || n.Abilities.Window != want.window {
			t.Errorf("%q: got %s by %s with %s, want %+v", vendor, n.Kind, n.Carrier, n.Abilities.Window, want)
		}
		s.Stop()
	}
}

func TestNew_UnknownVendorIsASlip(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a number of no vendor was taken")
		}
	}()
	simulator.New(simulator.Options{Numbers: []world.Number{{ID: "1", Vendor: "pigeon"}}})
}

func TestStop_TwiceAndAfterwards(t *testing.T) {
	var webhooks atomic.Int64
	desk := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { webhooks.Add(1) }))
	defer desk.Close()
	s := simulator.New(simulator.Options{Numbers: []world.Number{{ID: "1", Phone: "+420601000111", Hook: desk.URL}}})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	anna, _ := s.World.CreateCustomer("Anna", "+420601234567", false)
	s.Stop()
	s.Stop()
	if _, err := s.World.Say(anna.ID, "1", world.Message{Kind: domain.KindText, Text: "nobody hears this"}); err != nil {
		t.Fatal(err)
	}
	if got := webhooks.Load(); got != 0 {
		t.Errorf("got %d webhooks after the stop, want 0", got)
	}
	if err := s.Start("127.0.0.1:0"); err == nil {
		t.Error("it started after its stop")
	}
}

// Every vendor answers in its own words to a caller who shows nothing.
func TestHandler_GivesEveryVendorItsAddresses(t *testing.T) {
	s := simulator.New(simulator.Options{
		Numbers: []world.Number{
			{ID: "100", Account: "200", AccessToken: "x"},
			{ID: "300", Account: "400", AccessToken: "y", Vendor: simulator.Messenger},
			{ID: "sms", Account: "AC1", AppSecret: "z", Vendor: simulator.TwilioSMS},
			{ID: "lab", Account: "201", AccessToken: "k:s", Vendor: simulator.EngageLab},
		},
		Chat: shop.Chat{Origin: "http://127.0.0.1:1", Key: "demo"},
	})
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	for path, want := range map[string]string{
		"/v25.0/100":                      "Error validating access token",
		"/v25.0/me":                       "Invalid OAuth access token",
		"/v25.0/300/conversations":        "Session has expired",
		"/2010-04-01/Accounts/AC1.json":   "20003",
		"/v1/ContentAndApprovals":         "20003",
		"/v1/templates":                   "credentials missing",
		"/shop":                           "widget.js",
		"/messenger/cdn/nothing/file.jpg": "URL signature expired",
		"/files/nothing":                  "URL expired",
	} {
		res, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s: got %d %s, want %s", path, res.StatusCode, body, want)
		}
	}
}
