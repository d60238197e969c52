package messenger_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/drivertest/standin"
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
	return messenger.Config{
		BaseURL:     base,
		PageID:      pageID,
		AppID:       appID,
		AppSecret:   appSecret,
		VerifyToken: verifyToken,
		PageToken:   pageToken,
	}
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

// harness is a driver and a simulated vendor.
type harness struct {
	*standin.Vendor
	driver *messenger.Driver
}

func newHarness(t *testing.T) *harness {
	h := &harness{Vendor: standin.New(t, standin.Options{
		Number: pageID, Numbers: []world.Number{{
			ID: pageID, Account: appID, Vendor: simulator.Messenger, Name: "Servis kol",
			AppSecret: appSecret, AccessToken: pageToken,
		}},
	})}
	cfg := config(h.Server.URL)
	cfg.HTTPClient = h.Client()
	cfg.HumanAgent, cfg.Now = true, h.Clock.Now
	h.driver = newDriver(t, cfg)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.UserIdentity, Scope: pageID, Value: simulated.PSID(pageID, h.Customer.ID)}
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
	h.Clock.Advance(time.Millisecond)
	return h.Vendor.Say(t, s)
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
	hologram := map[string]any{"type": "hologram", "payload": map[string]any{"depth": 3}}
	return h.SayRaw(t, map[string]any{"attachments": []any{hologram}})
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.Publish(t, "hologram_updates", map[string]any{"depth": 3})
}

func (h *harness) Received(t testing.TB, vendorID string) drivertest.Message {
	if target, ok := strings.CutPrefix(vendorID, "reaction:"); ok {
		m, _ := h.Sim.World.Message(target)
		return drivertest.Message{Kind: domain.KindReaction, Target: target, Emoji: m.ByDesk}
	}
	return h.Vendor.Received(t, vendorID)
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	h.Misbehave(t, f, map[drivertest.Fault]world.Faults{
		drivertest.Down:        {Code: 1200},
		drivertest.Refused:     {Code: 100},
		drivertest.NoSuchPhone: {Code: 551, Subcode: 1545041},
	})
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
