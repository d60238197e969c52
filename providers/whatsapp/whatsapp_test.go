package whatsapp_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
	"pult/providers/whatsapp"
)

const (
	numberID    = "112233445566778"
	businessID  = "109876543210987"
	appSecret   = "desk-app-secret-001"
	verifyToken = "desk-verify-token-001"
	accessToken = "EAAexampletoken001"
)

func config(base string) whatsapp.Config {
	return whatsapp.Config{
		BaseURL: base, PhoneNumberID: numberID, BusinessID: businessID, Number: "+420228880001",
		AppSecret: appSecret, VerifyToken: verifyToken, AccessToken: accessToken,
	}
}

func newDriver(t testing.TB, cfg whatsapp.Config) *whatsapp.Driver {
	t.Helper()
	d, err := whatsapp.New(cfg)
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
	driver    *whatsapp.Driver
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
			{ID: "112233445566777", Account: businessID, Phone: "+420228880000", Name: "Jiné", AppSecret: appSecret, AccessToken: accessToken, Hook: hook.URL},
			{ID: numberID, Account: businessID, Phone: "+420228880001", Name: "Servis kol", AppSecret: appSecret, AccessToken: accessToken, Hook: hook.URL},
		},
	})
	t.Cleanup(h.sim.Stop)
	h.server = httptest.NewServer(h.Wrap(h.sim.Handler()))
	t.Cleanup(h.server.Close)
	t.Cleanup(h.transport.CloseIdleConnections)
	cfg := config(h.server.URL)
	cfg.HTTPClient = &http.Client{Transport: h.transport}
	h.driver = newDriver(t, cfg)
	h.customer, _ = h.sim.World.CreateCustomer("Žofie Dvořáková", "+420601234567", false)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.PhoneIdentity, Value: h.customer.Phone}
}

func (h *harness) Secrets() []string { return []string{appSecret, verifyToken, accessToken} }

func (h *harness) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	m := world.Message{
		Kind: s.Kind, Text: s.Text, Location: s.Location, Cards: s.Cards, ReplyTo: s.ReplyTo, Target: s.Target, Emoji: s.Emoji,
	}
	if s.Data != nil {
		m.File = &world.File{Name: s.Name, MIME: s.MIME, Data: s.Data}
	}
	return h.CollectDuring(func() {
		if _, err := h.sim.World.Say(h.customer.ID, numberID, m); err != nil {
			t.Fatalf("say: %v", err)
		}
	})
}

func (h *harness) sayRaw(t testing.TB, item map[string]any) carrier.Webhook {
	return h.CollectDuring(func() {
		if _, err := h.sim.World.SayRaw(h.customer.ID, numberID, item); err != nil {
			t.Fatalf("say: %v", err)
		}
	})[0]
}

func (h *harness) Batch(t testing.TB, texts ...string) carrier.Webhook {
	var items []any
	for i, text := range texts {
		items = append(items, map[string]any{
			"from": "420601234567", "id": "wamid.B" + string(rune('0'+i)), "timestamp": "1785600000", "type": "text", "text": map[string]any{"body": text},
		})
	}
	return h.publish(t, "messages", map[string]any{"messages": items})
}

func (h *harness) publish(t testing.TB, field string, value map[string]any) carrier.Webhook {
	return h.CollectDuring(func() {
		if err := h.sim.World.Publish(numberID, field, value); err != nil {
			t.Fatalf("publish: %v", err)
		}
	})[0]
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	return h.sayRaw(t, map[string]any{"type": "hologram", "hologram": map[string]any{"depth": 3}})
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.publish(t, "hologram_updates", map[string]any{"depth": 3})
}

func (h *harness) Received(t testing.TB, vendorID string) drivertest.Message {
	m, ok := h.sim.World.Message(vendorID)
	if !ok {
		t.Fatalf("the vendor knows no message %s", vendorID)
	}
	s := drivertest.Message{
		ID: m.ID, Kind: m.Kind, Text: m.Text, Location: m.Location, Cards: m.Cards, ReplyTo: m.ReplyTo, Target: m.Target, Emoji: m.Emoji,
	}
	if m.File != nil {
		s.Name, s.MIME, s.Data = m.File.Name, m.File.MIME, m.File.Data
	}
	return s
}

func (h *harness) Count(testing.TB) int {
	n := 0
	for _, m := range h.sim.World.Thread(numberID, h.customer.ID) {
		if !m.FromCustomer {
			n++
		}
	}
	return n
}

func (h *harness) Follow(t testing.TB, _ string) []carrier.Webhook {
	return h.CollectDuring(func() {
		h.clock.Advance(time.Second)
		if err := h.sim.World.Read(numberID, h.customer.ID); err != nil {
			t.Fatalf("read: %v", err)
		}
	})
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	faults := map[drivertest.Fault]world.Faults{
		drivertest.Down:        {Code: 131016},
		drivertest.Refused:     {Code: 131009},
		drivertest.Limited:     {RateLimited: true, RetryAfter: 30 * time.Second},
		drivertest.Expired:     {TokenExpired: true},
		drivertest.Closed:      {WindowClosed: true},
		drivertest.Cut:         {CutAfter: true},
		drivertest.Silent:      {Delay: time.Hour},
		drivertest.NoSuchPhone: {Code: 131026},
	}
	if f == drivertest.Gone {
		h.server.Close()
		h.transport.CloseIdleConnections()
	}
	for _, n := range h.sim.World.Numbers() {
		if err := h.sim.World.SetFaults(n.ID, faults[f]); err != nil {
			t.Fatalf("set faults: %v", err)
		}
	}
}

func TestNew_VersionIsTheVendorsForm(t *testing.T) {
	for version, want := range map[string]bool{"": true, "v25.0": true, "v26.0": true, "25.0": false, "v25": false, "v25.0/evil": false, "../v25.0": false} {
		_, err := whatsapp.New(whatsapp.Config{Version: version, PhoneNumberID: "1", BusinessID: "2", AppSecret: "a", VerifyToken: "v", AccessToken: "t"})
		if (err == nil) != want {
			t.Errorf("%q: got %v, accepted should be %v", version, err, want)
		}
	}
}

func TestNew_NamesEveryFault(t *testing.T) {
	_, err := whatsapp.New(whatsapp.Config{BaseURL: "ftp://x"})
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatalf("got %v, want an Invalid error", err)
	}
	for _, field := range []string{"base_url", "phone_number_id", "business_id", "app_secret", "verify_token", "access_token"} {
		if e.Fields[field] == "" {
			t.Errorf("got no fault for %s", field)
		}
	}
}
