package engagelab_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"path"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/engagelab"
	"pult/providers/simulator"
	simulated "pult/providers/simulator/engagelab"
	"pult/providers/simulator/world"
)

// beyond lists cases of the suite that ask for what the vendor does not have; TestTest covers the rest of them.
var beyond = map[string]string{"Account_Tested": "the vendor tells no name of the account"}

// harness is a driver and a simulator, an address for callbacks that takes in what the driver verifies, and one for files.
type harness struct {
	drivertest.Hooks
	sim      *simulator.Simulator
	clock    *world.ManualClock
	driver   *engagelab.Driver
	files    *httptest.Server
	customer world.Customer
	onNext   atomic.Pointer[func()]

	mu    sync.Mutex
	links map[string]carrier.OutgoingMedia
}

func newHarness(t *testing.T) *harness {
	if why := beyond[path.Base(t.Name())]; why != "" {
		t.Skip(why)
	}
	h := &harness{clock: world.NewManualClock(start), links: map[string]carrier.OutgoingMedia{}}
	hook := httptest.NewServer(http.HandlerFunc(h.hook))
	t.Cleanup(hook.Close)
	h.files = httptest.NewServer(http.HandlerFunc(h.file))
	t.Cleanup(h.files.Close)
	h.sim = simulator.New(simulator.Options{
		Clock: h.clock,
		Numbers: []world.Number{{
			ID: "380", Account: businessID, Phone: number, Name: "Servis kol", Vendor: simulator.EngageLab,
			AppSecret: username + ":" + callback, AccessToken: devKey + ":" + devSecret, Hook: hook.URL,
		}},
	})
	t.Cleanup(h.sim.Stop)
	if err := h.sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	cfg := signedConfig(h.sim.URL())
	cfg.Now, cfg.Publish = h.clock.Now, h.link
	cfg.HTTPClient = &http.Client{Transport: watchedTransport{transport, &h.onNext}}
	h.driver = newDriver(t, cfg)
	h.customer, _ = h.sim.World.CreateCustomer("Žofie Dvořáková", "+420601234567", false)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

// watchedTransport calls what OnNextRequest left when a request was written.
type watchedTransport struct {
	http.RoundTripper
	onNext *atomic.Pointer[func()]
}

func (w watchedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	fn := w.onNext.Swap(nil)
	if fn == nil {
		return w.RoundTripper.RoundTrip(r)
	}
	trace := &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { (*fn)() }}
	return w.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
}

// hook verifies what comes in before it keeps it, as the desk does.
func (h *harness) hook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	in := carrier.Webhook{Header: r.Header, Query: r.URL.Query(), Body: body}
	if err != nil || (h.driver != nil && h.driver.Verify(in) != nil) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	h.Keep(in)
}

// link publishes a file, and file serves it.
func (h *harness) link(_ context.Context, m carrier.OutgoingMedia) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := fmt.Sprintf("/%d", len(h.links))
	h.links[key] = m
	return h.files.URL + key, nil
}

func (h *harness) file(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	m, ok := h.links[r.URL.Path]
	h.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	body, err := m.Open()
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer body.Close()
	w.Header().Set("Content-Type", m.MIME)
	_, _ = io.Copy(w, body)
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.PhoneIdentity, Value: h.customer.Phone}
}

func (h *harness) Secrets() []string { return []string{devKey, devSecret, callback} }

func (h *harness) OnNextRequest(fn func()) { h.onNext.Store(&fn) }

func (h *harness) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	m := world.Message{
		Kind: s.Kind, Text: s.Text, Location: s.Location, Cards: s.Cards, ReplyTo: s.ReplyTo, Target: s.Target, Emoji: s.Emoji,
	}
	if s.Data != nil {
		m.File = &world.File{Name: s.Name, MIME: s.MIME, Data: s.Data}
	}
	return h.CollectDuring(func() {
		if _, err := h.sim.World.Say(h.customer.ID, "380", m); err != nil {
			t.Fatalf("say: %v", err)
		}
	})
}

// Batch joins the rows of several callbacks in one, under a header made for it.
func (h *harness) Batch(t testing.TB, texts ...string) carrier.Webhook {
	var rows []json.RawMessage
	for _, text := range texts {
		var one struct{ Rows []json.RawMessage }
		if err := json.Unmarshal(h.Say(t, drivertest.Message{Kind: domain.KindText, Text: text})[0].Body, &one); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, one.Rows...)
	}
	body, _ := json.Marshal(map[string]any{"total": len(rows), "rows": rows})
	return signedWebhook(h.clock.Now(), "b", body)
}

func signedWebhook(at time.Time, nonce string, body []byte) carrier.Webhook {
	w := carrier.Webhook{Header: http.Header{}, Body: body}
	w.Header.Set("X-CALLBACK-ID", simulated.Sign(username, callback, at.Unix(), nonce))
	return w
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	return h.CollectDuring(func() {
		if _, err := h.sim.World.SayRaw(h.customer.ID, "380", map[string]any{"type": "hologram", "hologram": map[string]any{"depth": 3}}); err != nil {
			t.Fatalf("say: %v", err)
		}
	})[0]
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.CollectDuring(func() {
		if err := h.sim.World.Publish("380", "hologram", map[string]any{"depth": 3}); err != nil {
			t.Fatalf("publish: %v", err)
		}
	})[0]
}

func (h *harness) Received(t testing.TB, vendorID string) drivertest.Message {
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
	for _, m := range h.sim.World.Thread("380", h.customer.ID) {
		if !m.FromCustomer {
			n++
		}
	}
	return n
}

func (h *harness) Follow(t testing.TB, _ string) []carrier.Webhook {
	return h.CollectDuring(func() {
		h.clock.Advance(time.Second)
		if err := h.sim.World.Read("380", h.customer.ID); err != nil {
			t.Fatalf("read: %v", err)
		}
	})
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	faults := map[drivertest.Fault]world.Faults{
		drivertest.Down:    {Code: 1000},
		drivertest.Refused: {Code: 3002},
		drivertest.Limited: {RateLimited: true, RetryAfter: 30 * time.Second},
		drivertest.Expired: {TokenExpired: true},
		drivertest.Cut:     {CutAfter: true},
		drivertest.Silent:  {Delay: time.Hour},
	}
	switch f {
	case drivertest.Closed, drivertest.NoSuchPhone:
		t.Skip("the vendor takes such a message and tells by callback that it failed")
	case drivertest.Gone:
		h.sim.Stop()
	}
	if err := h.sim.World.SetFaults("380", faults[f]); err != nil {
		t.Fatalf("set faults: %v", err)
	}
}
