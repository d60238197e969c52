package twilio_test

import (
	"errors"
	"io"
	"net/http"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/drivertest/standin"
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

// harness is a driver and a simulated vendor, with a desk that takes webhooks in and serves what the driver published.
type harness struct {
	*standin.Vendor
	kind   domain.ChannelKind
	driver *twilio.Driver
	files  standin.Files
}

func newHarness(t *testing.T, kind domain.ChannelKind) *harness {
	h := &harness{kind: kind}
	var numbers []world.Number
	for _, vendor := range []string{simulator.TwilioWhatsApp, simulator.TwilioSMS} {
		numbers = append(numbers, world.Number{
			ID: vendor, Vendor: vendor, Account: account, Phone: number, Name: "Servis kol", AppSecret: authToken,
		})
	}
	h.Vendor = standin.New(t, standin.Options{
		Number: h.number(), Numbers: numbers, Phone: "+420601234567",
		Desk: http.HandlerFunc(h.serveDesk), Path: "/hooks/shop",
	})
	h.driver = newDriver(t, twilio.Config{
		BaseURL: h.Server.URL, AccountSID: account, AuthToken: authToken, Number: number, Kind: kind,
		StatusCallback: h.DeskURL + "/hooks/shop", Publish: h.files.PublishAt(h.DeskURL), HTTPClient: h.Client(),
	})
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

// number is the business's by its id in the simulator.
func (h *harness) number() string {
	if h.kind == domain.SMS {
		return simulator.TwilioSMS
	}
	return simulator.TwilioWhatsApp
}

func newDriver(t testing.TB, cfg twilio.Config) *twilio.Driver {
	t.Helper()
	d, err := twilio.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return d
}

// serveDesk keeps webhooks as the desk's address takes them in, with the address the vendor signs, and serves what was
// published.
func (h *harness) serveDesk(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		h.files.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	h.Keep(carrier.Webhook{
		URL: "http://" + r.Host + r.URL.RequestURI(), Header: r.Header, Query: r.URL.Query(), Body: body, ReceivedAt: h.Clock.Now(),
	})
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Secrets() []string { return []string{authToken} }

func (h *harness) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	t.Helper()
	if s.Kind == domain.KindContacts || (s.Kind == domain.KindLocation && h.kind == domain.SMS) {
		t.Skip("the vendor has no fields for contact cards, and for places in WhatsApp only")
	}
	return h.Vendor.Say(t, s)
}

func (h *harness) Batch(t testing.TB, _ ...string) carrier.Webhook {
	t.Skip("the vendor tells one message in each webhook")
	return carrier.Webhook{}
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	return h.SayRaw(t, map[string]any{"MessageType": "hologram", "HologramDepth": "3"})
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.Publish(t, "HOLOGRAM", map[string]any{"Depth": "3"})
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	if f == drivertest.Closed && h.kind == domain.SMS {
		t.Skip("an SMS can be sent at any time")
	}
	h.Misbehave(t, f, map[drivertest.Fault]world.Faults{
		drivertest.Down:        {Code: 21611},
		drivertest.Refused:     {Code: 21617},
		drivertest.NoSuchPhone: {Code: 21211},
	})
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
