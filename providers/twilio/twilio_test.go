package twilio_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
	"pult/providers/twilio"
)

const (
	account   = "AC5c0ffee05c0ffee05c0ffee05c0ffee0"
	authToken = "desk-auth-token-001"
	number    = "+420910123456"
)

func TestDriver_WhatsApp(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Harness { return newHarness(t, domain.WhatsApp) })
}

func TestDriver_SMS(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Harness { return newHarness(t, domain.SMS) })
}

// harness is a driver and a simulator, with a webhook address that keeps what it gets and a place where files are published.
type harness struct {
	drivertest.Hooks
	drivertest.Watch
	kind      domain.ChannelKind
	number    string // its id in the simulator
	sim       *simulator.Simulator
	clock     *world.ManualClock
	driver    *twilio.Driver
	server    *httptest.Server
	transport *http.Transport
	customer  world.Customer

	mu    sync.Mutex
	files []carrier.OutgoingMedia
}

func newHarness(t *testing.T, kind domain.ChannelKind) *harness {
	h := &harness{kind: kind, number: simulator.TwilioWhatsApp, clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)), transport: &http.Transport{}}
	if kind == domain.SMS {
		h.number = simulator.TwilioSMS
	}
	desk := httptest.NewServer(http.HandlerFunc(h.serveDesk))
	t.Cleanup(desk.Close)
	var numbers []world.Number
	for _, vendor := range []string{simulator.TwilioWhatsApp, simulator.TwilioSMS} {
		numbers = append(numbers, world.Number{ID: vendor, Vendor: vendor, Account: account, Phone: number, Name: "Servis kol", AppSecret: authToken, Hook: desk.URL + "/hooks/shop"})
	}
	h.sim = simulator.New(simulator.Options{Clock: h.clock, PageSize: 3, Numbers: numbers})
	t.Cleanup(h.sim.Stop)
	h.server = httptest.NewServer(h.Wrap(h.sim.Handler()))
	h.sim.World.ServedAt(h.server.URL)
	t.Cleanup(h.server.Close)
	t.Cleanup(h.transport.CloseIdleConnections)
	h.driver = newDriver(t, twilio.Config{
		BaseURL: h.server.URL, AccountSID: account, AuthToken: authToken, Number: number, Kind: kind,
		StatusCallback: desk.URL + "/hooks/shop", Publish: h.publish(desk.URL), HTTPClient: &http.Client{Transport: h.transport},
	})
	h.customer, _ = h.sim.World.CreateCustomer("Žofie Dvořáková", "+420601234567", false)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

func newDriver(t testing.TB, cfg twilio.Config) *twilio.Driver {
	t.Helper()
	d, err := twilio.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return d
}

// publish keeps files for the desk's address below /out.
func (h *harness) publish(base string) func(context.Context, carrier.OutgoingMedia) (string, error) {
	return func(_ context.Context, m carrier.OutgoingMedia) (string, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.files = append(h.files, m)
		return base + "/out/" + strconv.Itoa(len(h.files)-1), nil
	}
}

// serveDesk keeps webhooks as the desk's address takes them in, with the address the vendor signs, and serves what was published.
func (h *harness) serveDesk(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		h.serveFile(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	h.Keep(carrier.Webhook{
		URL: "http://" + r.Host + r.URL.RequestURI(), Header: r.Header, Query: r.URL.Query(), Body: body, ReceivedAt: h.clock.Now(),
	})
}

func (h *harness) serveFile(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i, _ := strconv.Atoi(r.URL.Path[len("/out/"):])
	w.Header().Set("Content-Type", h.files[i].MIME)
	f, _ := h.files[i].Open()
	defer f.Close()
	_, _ = io.Copy(w, f)
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.PhoneIdentity, Value: h.customer.Phone}
}

func (h *harness) Secrets() []string { return []string{authToken} }

func (h *harness) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	t.Helper()
	if s.Kind == domain.KindContacts || (s.Kind == domain.KindLocation && h.kind == domain.SMS) {
		t.Skip("the vendor has no fields for contact cards, and for places in WhatsApp only")
	}
	m := world.Message{Kind: s.Kind, Text: s.Text, Location: s.Location, ReplyTo: s.ReplyTo}
	if s.Data != nil {
		m.File = &world.File{Name: s.Name, MIME: s.MIME, Data: s.Data}
	}
	return h.CollectDuring(func() {
		if _, err := h.sim.World.Say(h.customer.ID, h.number, m); err != nil {
			t.Fatalf("say: %v", err)
		}
	})
}

func (h *harness) Batch(t testing.TB, _ ...string) carrier.Webhook {
	t.Skip("the vendor tells one message in each webhook")
	return carrier.Webhook{}
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	return h.CollectDuring(func() {
		if _, err := h.sim.World.SayRaw(h.customer.ID, h.number, map[string]any{"MessageType": "hologram", "HologramDepth": "3"}); err != nil {
			t.Fatalf("say: %v", err)
		}
	})[0]
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.CollectDuring(func() {
		if err := h.sim.World.Publish(h.number, "HOLOGRAM", map[string]any{"Depth": "3"}); err != nil {
			t.Fatalf("publish: %v", err)
		}
	})[0]
}

func (h *harness) Received(t testing.TB, vendorID string) drivertest.Message {
	m, ok := h.sim.World.Message(vendorID)
	if !ok {
		t.Fatalf("the vendor knows no message %s", vendorID)
	}
	s := drivertest.Message{ID: m.ID, Kind: m.Kind, Text: m.Text}
	if m.File != nil {
		s.Name, s.MIME, s.Data = m.File.Name, m.File.MIME, m.File.Data
	}
	return s
}

func (h *harness) Count(testing.TB) int {
	n := 0
	for _, m := range h.sim.World.Thread(h.number, h.customer.ID) {
		if !m.FromCustomer {
			n++
		}
	}
	return n
}

func (h *harness) Follow(t testing.TB, _ string) []carrier.Webhook {
	return h.CollectDuring(func() {
		h.clock.Advance(time.Second)
		if err := h.sim.World.Read(h.number, h.customer.ID); err != nil {
			t.Fatalf("read: %v", err)
		}
	})
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	if f == drivertest.Closed && h.kind == domain.SMS {
		t.Skip("an SMS can be sent at any time")
	}
	faults := map[drivertest.Fault]world.Faults{
		drivertest.Down:        {Code: 21611},
		drivertest.Refused:     {Code: 21617},
		drivertest.Limited:     {RateLimited: true, RetryAfter: 30 * time.Second},
		drivertest.Expired:     {TokenExpired: true},
		drivertest.Closed:      {WindowClosed: true},
		drivertest.Cut:         {CutAfter: true},
		drivertest.Silent:      {Delay: time.Hour},
		drivertest.NoSuchPhone: {Code: 21211},
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

func TestNew_NamesEveryFault(t *testing.T) {
	_, err := twilio.New(twilio.Config{BaseURL: "ftp://x", Kind: domain.Email, StatusCallback: "hooks"})
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatalf("got %v, want an Invalid error", err)
	}
	for _, field := range []string{"base_url", "account_sid", "auth_token", "number", "kind", "status_callback"} {
		if e.Fields[field] == "" {
			t.Errorf("got no fault for %s", field)
		}
	}
}
