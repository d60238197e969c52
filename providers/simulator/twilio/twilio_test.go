package twilio_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/twilio"
	"pult/providers/simulator/world"
)

const twilioAccount, twilioToken, twilioPhone = "ACdemo0000000000000000000000000001", "demo-twilio-token", "+420602000333"

// twilioWorld is a simulator with one number of each of Twilio's kinds and a desk that keeps the forms it gets.
type twilioWorld struct {
	t     *testing.T
	sim   *simulator.Simulator
	clock *world.ManualClock
	desk  *httptest.Server
	anna  world.Customer

	mu    sync.Mutex
	forms []url.Values
	paths []string
}

func newTwilioWorld(t *testing.T) *twilioWorld {
	w := &twilioWorld{t: t, clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))}
	w.desk = httptest.NewServer(http.HandlerFunc(w.hook))
	t.Cleanup(w.desk.Close)
	var numbers []world.Number
	for _, vendor := range []string{simulator.TwilioWhatsApp, simulator.TwilioSMS} {
		numbers = append(numbers, world.Number{
			ID: vendor, Vendor: vendor, Account: twilioAccount, Phone: twilioPhone, AppSecret: twilioToken,
			Hook: w.desk.URL + "/" + vendor,
		})
	}
	w.sim = simulator.New(simulator.Options{Clock: w.clock, Numbers: numbers})
	t.Cleanup(w.sim.Stop)
	if err := w.sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.anna, _ = w.sim.World.CreateCustomer("Anna", "+420601234567", false)
	return w
}

func (w *twilioWorld) hook(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	if r.Header.Get("X-Twilio-Signature") != twilio.Sign(twilioToken, "http://"+r.Host+r.URL.RequestURI(), form) {
		w.t.Error("webhook is not signed")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forms, w.paths = append(w.forms, form), append(w.paths, r.URL.RequestURI())
}

func (w *twilioWorld) say(number, text string) {
	w.t.Helper()
	if _, err := w.sim.World.Say(w.anna.ID, number, world.Message{Kind: domain.KindText, Text: text}); err != nil {
		w.t.Fatal(err)
	}
}

// send posts a message and gives its id or the code of the refusal.
func (w *twilioWorld) send(fields ...string) (sid string, code int) {
	w.t.Helper()
	form := url.Values{
		"From": {"whatsapp:" + twilioPhone}, "To": {"whatsapp:+420601234567"}, "Body": {"Dobrý den"},
		"StatusCallback": {w.desk.URL + "/status?message=7"},
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	req, _ := http.NewRequest("POST", w.sim.URL()+"/2010-04-01/Accounts/"+twilioAccount+"/Messages.json", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(twilioAccount, twilioToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct {
		SID  string
		Code int
	}
	_ = json.NewDecoder(res.Body).Decode(&out)
	return out.SID, out.Code
}

func TestTwilio_Refusals(t *testing.T) {
	w := newTwilioWorld(t)
	if _, code := w.send(); code != 63016 {
		t.Errorf("before she wrote: got %d, want 63016", code)
	}
	w.say(simulator.TwilioWhatsApp, "hello")
	const template = "HX00000000000000000000000000000001"
	for _, c := range []struct {
		want   int
		fields []string
	}{
		{0, nil},
		{63003, []string{"To", "whatsapp:+420999999999"}},
		{21910, []string{"To", "+420601234567"}},
		{21606, []string{"From", "whatsapp:+420999999999"}},
		{21617, []string{"Body", strings.Repeat("x", 1601)}},
		{21602, []string{"Body", ""}},
		{21655, []string{"ContentSid", "HXnone"}},
		{21656, []string{"ContentSid", template}},
		{63040, []string{"ContentSid", "HX00000000000000000000000000000004"}},
		{0, []string{"ContentSid", template, "ContentVariables", `{"1":"Jano","2":"10","3":"12"}`}},
		{0, []string{"From", twilioPhone, "To", "+420601234567"}},
		{21614, []string{"From", twilioPhone, "To", "+420999999999"}},
	} {
		if _, code := w.send(c.fields...); code != c.want {
			t.Errorf("%.80q: got %d, want %d", c.fields, code, c.want)
		}
	}
}

// words are the states that the desk was told at the address of the message.
func (w *twilioWorld) words() (out []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, f := range w.forms {
		if w.paths[i] == "/status?message=7" {
			out = append(out, f.Get("MessageStatus")+f.Get("ErrorCode"))
		}
	}
	return out
}

func TestTwilio_StatusesInOrderAndWithFaults(t *testing.T) {
	for _, c := range []struct {
		number string
		faults world.Faults
		want   []string
	}{
		{simulator.TwilioWhatsApp, world.Faults{}, []string{"sent", "delivered", "read"}},
		{simulator.TwilioSMS, world.Faults{}, []string{"sent", "delivered"}},
		{simulator.TwilioWhatsApp, world.Faults{ReorderStatuses: true}, []string{"read", "delivered", "sent"}},
		{simulator.TwilioWhatsApp, world.Faults{NoStatuses: true}, nil},
		{simulator.TwilioWhatsApp, world.Faults{WindowClosed: true, WindowByStatus: true}, []string{"failed63016"}},
	} {
		w := newTwilioWorld(t)
		w.say(c.number, "hello")
		_ = w.sim.World.SetFaults(c.number, c.faults)
		fields := []string{"From", twilioPhone, "To", "+420601234567"}
		if c.number == simulator.TwilioWhatsApp {
			fields = nil
		}
		if _, code := w.send(fields...); code != 0 {
			t.Fatalf("%+v: got %d", c.faults, code)
		}
		w.clock.Advance(time.Second)
		if c.faults == (world.Faults{}) {
			_ = w.sim.World.Read(c.number, w.anna.ID)
		}
		if got := w.words(); !slices.Equal(got, c.want) {
			t.Errorf("%s %+v: got %q, want %q", c.number, c.faults, got, c.want)
		}
	}
}

func TestTwilio_FormsSayWhoSpoke(t *testing.T) {
	w := newTwilioWorld(t)
	w.say(simulator.TwilioWhatsApp, "one")
	w.say(simulator.TwilioSMS, "two")
	_ = w.sim.World.SetFaults(simulator.TwilioWhatsApp, world.Faults{HidePhone: true})
	w.say(simulator.TwilioWhatsApp, "three")
	for i, want := range []string{"whatsapp:+420601234567", "+420601234567", "whatsapp:" + w.anna.UserID} {
		if got := w.forms[i].Get("From"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if w.forms[0].Get("WaId") == "" || w.forms[1].Has("WaId") || w.forms[2].Has("WaId") {
		t.Errorf("got %v", w.forms)
	}
}

func TestTwilio_WrongToken(t *testing.T) {
	w := newTwilioWorld(t)
	res, err := http.Get(w.sim.URL() + "/2010-04-01/Accounts/" + twilioAccount + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if raw, _ := io.ReadAll(res.Body); res.StatusCode != 401 || !strings.Contains(string(raw), "20003") ||
		strings.Contains(string(raw), twilioToken) {
		t.Errorf("got %d %s", res.StatusCode, raw)
	}
}
