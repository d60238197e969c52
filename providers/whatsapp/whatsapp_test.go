package whatsapp_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/drivertest/standin"
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

// harness is a driver and a simulated vendor.
type harness struct {
	*standin.Vendor
	driver *whatsapp.Driver
}

func newHarness(t *testing.T) *harness {
	h := &harness{Vendor: standin.New(t, standin.Options{
		Number: numberID, Phone: "+420601234567", Numbers: []world.Number{
			{
				ID: "112233445566777", Account: businessID, Phone: "+420228880000", Name: "Jiné",
				AppSecret: appSecret, AccessToken: accessToken,
			},
			{
				ID: numberID, Account: businessID, Phone: "+420228880001", Name: "Servis kol",
				AppSecret: appSecret, AccessToken: accessToken,
			},
		},
	})}
	cfg := config(h.Server.URL)
	cfg.HTTPClient, cfg.Now = h.Client(), h.Clock.Now
	h.driver = newDriver(t, cfg)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Secrets() []string { return []string{appSecret, verifyToken, accessToken} }

func (h *harness) Batch(t testing.TB, texts ...string) carrier.Webhook {
	var items []any
	for i, text := range texts {
		items = append(items, map[string]any{
			"from":      "420601234567",
			"id":        "wamid.B" + string(rune('0'+i)),
			"timestamp": "1785600000",
			"type":      "text",
			"text":      map[string]any{"body": text},
		})
	}
	return h.Publish(t, "messages", map[string]any{"messages": items})
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	return h.SayRaw(t, map[string]any{"type": "hologram", "hologram": map[string]any{"depth": 3}})
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.Publish(t, "hologram_updates", map[string]any{"depth": 3})
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	h.Misbehave(t, f, map[drivertest.Fault]world.Faults{
		drivertest.Down:        {Code: 131016},
		drivertest.Refused:     {Code: 131009},
		drivertest.NoSuchPhone: {Code: 131026},
	})
}

func TestNew_VersionIsTheVendorsForm(t *testing.T) {
	for version, want := range map[string]bool{
		"":           true,
		"v25.0":      true,
		"v26.0":      true,
		"25.0":       false,
		"v25":        false,
		"v25.0/evil": false,
		"../v25.0":   false,
	} {
		_, err := whatsapp.New(whatsapp.Config{
			Version:       version,
			PhoneNumberID: "1",
			BusinessID:    "2",
			AppSecret:     "a",
			VerifyToken:   "v",
			AccessToken:   "t",
		})
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
