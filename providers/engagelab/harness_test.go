package engagelab_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/drivertest/standin"
	"pult/providers/engagelab"
	"pult/providers/simulator"
	simulated "pult/providers/simulator/engagelab"
	"pult/providers/simulator/world"
)

// beyond lists cases of the suite that ask for what the vendor does not have; TestTest covers the rest of them.
var beyond = map[string]string{"Account_Tested": "the vendor tells no name of the account"}

// numberID is the business's number in the simulator.
const numberID = "380"

// harness is a driver and a simulated vendor, with an address for callbacks that takes in what the driver verifies, and
// one for files.
type harness struct {
	*standin.Vendor
	driver *engagelab.Driver
	files  standin.Files
}

func newHarness(t *testing.T) *harness {
	if why := beyond[path.Base(t.Name())]; why != "" {
		t.Skip(why)
	}
	h := &harness{}
	files := httptest.NewServer(&h.files)
	t.Cleanup(files.Close)
	h.Vendor = standin.New(t, standin.Options{
		Number: numberID, Phone: "+420601234567", Desk: http.HandlerFunc(h.takeCallback), Numbers: []world.Number{{
			ID: numberID, Account: businessID, Phone: number, Name: "Servis kol", Vendor: simulator.EngageLab,
			AppSecret: username + ":" + callback, AccessToken: devKey + ":" + devSecret,
		}},
	})
	cfg := signedConfig(h.Server.URL)
	cfg.Now, cfg.Publish, cfg.HTTPClient = h.Clock.Now, h.files.PublishAt(files.URL), h.Client()
	h.driver = newDriver(t, cfg)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Dobrý den"})
	return h
}

// takeCallback verifies what comes in before it keeps it, as the desk does.
func (h *harness) takeCallback(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	in := carrier.Webhook{Header: r.Header, Query: r.URL.Query(), Body: body}
	if err != nil || (h.driver != nil && h.driver.Verify(in) != nil) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	h.Keep(in)
}

func (h *harness) Driver() carrier.Driver { return h.driver }

func (h *harness) Secrets() []string { return []string{devKey, devSecret, callback} }

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
	return signedWebhook(h.Clock.Now(), "b", body)
}

func signedWebhook(at time.Time, nonce string, body []byte) carrier.Webhook {
	w := carrier.Webhook{Header: http.Header{}, Body: body}
	w.Header.Set("X-CALLBACK-ID", simulated.Sign(username, callback, at.Unix(), nonce))
	return w
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	return h.SayRaw(t, map[string]any{"type": "hologram", "hologram": map[string]any{"depth": 3}})
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	return h.Publish(t, "hologram", map[string]any{"depth": 3})
}

func (h *harness) Break(t testing.TB, f drivertest.Fault) {
	if f == drivertest.Closed || f == drivertest.NoSuchPhone {
		t.Skip("the vendor takes such a message and tells by callback that it failed")
	}
	h.Misbehave(t, f, map[drivertest.Fault]world.Faults{
		drivertest.Down:    {Code: 1000},
		drivertest.Refused: {Code: 3002},
	})
}
