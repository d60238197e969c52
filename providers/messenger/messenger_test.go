package messenger_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/messenger"
	"pult/providers/simulator"
	"pult/providers/simulator/graph"
	simulated "pult/providers/simulator/messenger"
	"pult/providers/simulator/world"
)

const (
	pageID      = "104455667788990"
	appID       = "998877665544332"
	appSecret   = "desk-app-secret-001"
	verifyToken = "desk-verify-token-001"
	pageToken   = "EAAexampletoken001"
)

func config(base string) messenger.Config {
	return messenger.Config{BaseURL: base, PageID: pageID, AppID: appID, AppSecret: appSecret, VerifyToken: verifyToken, PageToken: pageToken}
}

func newDriver(t testing.TB, cfg messenger.Config) *messenger.Driver {
	t.Helper()
	d, err := messenger.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return d
}

func TestDriver(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Harness { return newHarness(t) })
}

// harness is a driver and a simulator, with a webhook address that keeps what it gets.
type harness struct {
	drivertest.Hooks
	drivertest.Watch
	sim       *simulator.Simulator
	clock     *world.ManualClock
	driver    *messenger.Driver
	server    *httptest.Server
	transport *http.Transport
	customer  world.Customer
}

func newHarness(t *testing.T) *harness {
	h := &harness{clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)), transport: &http.Transport{}}
	hook := httptest.NewServer(&h.Hooks)
	t.Cleanup(hook.Close)
	h.sim = simulator.New(simulator.Options{
		Clock: h.clock, PageSize: 3,
		Numbers: []world.Number{
			{ID: pageID, Account: appID, Vendor: simulator.Messenger, Name: "Servis kol", AppSecret: appSecret, AccessToken: pageToken, Hook: hook.URL},
		},
	})
	t.Cleanup(h.sim.Stop)
	h.server = httptest.NewServer(h.Wrap(h.sim.Handler()))
	t.Cleanup(h.server.Close)
	t.Cleanup(h.transport.CloseIdleConnections)
	h.sim.World.ServedAt(h.server.URL)
	cfg := config(h.server.URL)
	cfg.HTTPClient = &http.Client{Transport: h.transport}
	cfg.HumanAgent, cfg.Now = true, h.clock.Now
	h.driver = newDriver(t, cfg)
	h.customer, _ = h.sim.World.CreateCustomer("Žofie Dvořáková", "", true)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.UserIdentity, Scope: pageID, Value: simulated.PSID(pageID, h.customer.ID)}
}

func (h *harness) Secrets() []string { return []string{appSecret, verifyToken, pageToken} }

func (h *harness) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	t.Helper()
	switch s.Kind {
	case domain.KindContacts:
		t.Skip("people cannot send cards in Messenger")
	case domain.KindLocation:
		t.Skip("a place comes without the address the suite wants; see TestParse_Location")
	}
	m := world.Message{Kind: s.Kind, Text: s.Text, ReplyTo: s.ReplyTo, Target: s.Target, Emoji: s.Emoji}
	if s.Data != nil {
		m.File = &world.File{Name: s.Name, MIME: s.MIME, Data: s.Data}
	}
	return h.said(t, m)
}

func (h *harness) said(t testing.TB, m world.Message) []carrier.Webhook {
	t.Helper()
	return h.CollectDuring(func() {
		h.clock.Advance(time.Millisecond)
		if _, err := h.sim.World.Say(h.customer.ID, pageID, m); err != nil {
			t.Fatalf("say: %v", err)
		}
	})
}

// Batch joins what each text came as: the vendor sends one event in an entry and several entries in a webhook.
func (h *harness) Batch(t testing.TB, texts ...string) carrier.Webhook {
	var entries []string
	for _, text := range texts {
		body := string(h.Say(t, drivertest.Message{Kind: domain.KindText, Text: text})[0].Body)
		_, entry, _ := strings.Cut(body, `"entry":[`)
		entries = append(entries, strings.TrimSuffix(strings.SplitN(entry, `],"object"`, 2)[0], "]}"))
	}
	return signedWebhook(`{"object":"page","entry":[` + strings.Join(entries, ",") + `]}`)
}

func signedWebhook(body string) carrier.Webhook {
	return carrier.Webhook{Header: http.Header{"X-Hub-Signature-256": {graph.Sign(appSecret, []byte(body))}}, Body: []byte(body)}
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	return h.CollectDuring(func() {
		if _, err := h.sim.World.SayRaw(h.customer.ID, pageID, map[string]any{"attachments": []any{map[string]any{"type": "hologram", "payload": map[string]any{"depth": 3}}}}); err != nil {
			t.Fatalf("say: %v", err)
		}
	})[0]
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.CollectDuring(func() {
		if err := h.sim.World.Publish(pageID, "hologram_updates", map[string]any{"depth": 3}); err != nil {
			t.Fatalf("publish: %v", err)
		}
	})[0]
}

func (h *harness) Received(t testing.TB, vendorID string) drivertest.Message {
	if target, ok := strings.CutPrefix(vendorID, "reaction:"); ok {
		m, _ := h.sim.World.Message(target)
		return drivertest.Message{Kind: domain.KindReaction, Target: target, Emoji: m.ByDesk}
	}
	m, ok := h.sim.World.Message(vendorID)
	if !ok {
		t.Fatalf("the vendor knows no message %s", vendorID)
	}
	s := drivertest.Message{ID: m.ID, Kind: m.Kind, Text: m.Text, ReplyTo: m.ReplyTo}
	if m.File != nil {
		s.Name, s.MIME, s.Data = m.File.Name, m.File.MIME, m.File.Data
	}
	return s
}

func (h *harness) Count(testing.TB) int {
	n := 0
	for _, m := range h.sim.World.Thread(pageID, h.customer.ID) {
		if !m.FromCustomer {
			n++
		}
	}
	return n
}

func (h *harness) Follow(t testing.TB, _ string) []carrier.Webhook {
	return h.CollectDuring(func() {
		h.clock.Advance(time.Second)
		if err := h.sim.World.Read(pageID, h.customer.ID); err != nil {
			t.Fatalf("read: %v", err)
		}
	})
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	faults := map[drivertest.Fault]world.Faults{
		drivertest.Down:        {Code: 1200},
		drivertest.Refused:     {Code: 100},
		drivertest.Limited:     {RateLimited: true, RetryAfter: 30 * time.Second},
		drivertest.Expired:     {TokenExpired: true},
		drivertest.Closed:      {WindowClosed: true},
		drivertest.Cut:         {CutAfter: true},
		drivertest.Silent:      {Delay: time.Hour},
		drivertest.NoSuchPhone: {Code: 551, Subcode: 1545041},
	}
	if f == drivertest.Gone {
		h.server.Close()
		h.transport.CloseIdleConnections()
	}
	if err := h.sim.World.SetFaults(pageID, faults[f]); err != nil {
		t.Fatalf("set faults: %v", err)
	}
}

func TestNew_VersionIsTheVendorsForm(t *testing.T) {
	for version, want := range map[string]bool{"": true, "v25.0": true, "25.0": false, "v25": false, "v25.0/evil": false} {
		cfg := config("")
		cfg.Version = version
		if _, err := messenger.New(cfg); (err == nil) != want {
			t.Errorf("%q: got %v, accepted should be %v", version, err, want)
		}
	}
}

func TestNew_NamesEveryFault(t *testing.T) {
	_, err := messenger.New(messenger.Config{BaseURL: "ftp://x"})
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatalf("got %v, want an Invalid error", err)
	}
	for _, field := range []string{"base_url", "page_id", "app_secret", "verify_token", "page_token"} {
		if e.Fields[field] == "" {
			t.Errorf("got no fault for %s", field)
		}
	}
}
