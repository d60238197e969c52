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

	"pult/providers/simulator/twilio"
	"pult/providers/simulator/world"
)

const callerPhone, staffPhone = "+420601234567", "+420777000111"

// exchange is a number that is called, and a desk that answers every address with the program it was given for it.
type exchange struct {
	t      *testing.T
	world  *world.World
	clock  *world.ManualClock
	server *httptest.Server

	mu       sync.Mutex
	programs map[string]string
	told     []string // path, then the status or the digits
}

func newExchange(t *testing.T, programs map[string]string) *exchange {
	e := &exchange{t: t, programs: programs, clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))}
	desk := httptest.NewServer(http.HandlerFunc(e.answer))
	t.Cleanup(desk.Close)
	e.world = world.New(world.Options{Clock: e.clock})
	t.Cleanup(e.world.Stop)
	vendor := twilio.New(e.world)
	e.server = httptest.NewServer(vendor.Handler())
	t.Cleanup(e.server.Close)
	e.world.ServedAt(e.server.URL)
	for path, program := range programs {
		programs[path] = strings.ReplaceAll(program, "$desk", desk.URL)
	}
	e.world.AddNumber(world.Number{
		ID: "line", Account: twilioAccount, Phone: twilioPhone, AppSecret: twilioToken, Hook: desk.URL + "/in",
	}, vendor.Voice)
	return e
}

func (e *exchange) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	if r.Header.Get("X-Twilio-Signature") != twilio.Sign(twilioToken, "http://"+r.Host+r.URL.RequestURI(), form) {
		e.t.Error("a form is not signed")
	}
	word := form.Get("CallStatus")
	for _, name := range []string{"Digits", "DialCallStatus", "RecordingSid"} {
		if form.Has(name) {
			word = name + " " + form.Get(name)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, r.URL.Path+" "+word)
	_, _ = io.WriteString(w, e.programs[r.URL.Path])
}

func (e *exchange) wantTold(want ...string) {
	e.t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if !slices.Equal(e.told, want) {
		e.t.Errorf("the desk was told\n%q, want\n%q", e.told, want)
	}
	e.told = nil
}

func (e *exchange) dial() world.Call {
	e.t.Helper()
	c, err := e.world.Telephones.CallBusiness(callerPhone, "line", false)
	if err != nil {
		e.t.Fatal(err)
	}
	return c
}

func (e *exchange) at(phone string) world.Call {
	e.t.Helper()
	c, ok := e.world.Telephones.CallAt(phone)
	if !ok {
		e.t.Fatalf("no call at %s", phone)
	}
	return c
}

func (e *exchange) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

// post calls the API as the desk does and gives its answer.
func (e *exchange) post(path string, fields ...string) map[string]any {
	e.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	address := e.server.URL + "/2010-04-01/Accounts/" + twilioAccount + path
	r, _ := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(twilioAccount, twilioToken)
	res, err := http.DefaultClient.Do(r)
	e.must(err)
	defer res.Body.Close()
	var out map[string]any
	_ = json.NewDecoder(res.Body).Decode(&out)
	return out
}

func TestVoice_ProgramIsDoneInOrder(t *testing.T) {
	e := newExchange(t, map[string]string{
		"/in":  `<Response><Say>Hello</Say><Gather action="$desk/key" timeout="5"><Say>Press a key</Say></Gather></Response>`,
		"/key": `<Response><Say>Thank you</Say><Hangup/></Response>`,
	})
	c := e.dial()
	if !e.at(callerPhone).Asked {
		t.Error("no key is asked for")
	}
	e.must(e.world.Telephones.Press(c.ID, "7"))
	e.wantTold("/in ringing", "/key Digits 7")
	all := e.world.Telephones.Calls()
	if heard := all[0].Heard; !slices.Equal(heard, []string{"Hello", "Press a key", "Thank you"}) || !all[0].HasEnded() {
		t.Errorf("got %+v", all[0])
	}
}

func TestVoice_WithoutAKeyTheProgramGoesOn(t *testing.T) {
	e := newExchange(t, map[string]string{
		"/in": `<Response><Gather action="$desk/key" timeout="5"/><Say>Nobody pressed</Say></Response>`,
	})
	e.dial()
	e.clock.Advance(5 * time.Second)
	if c := e.world.Telephones.Calls()[0]; !slices.Equal(c.Heard, []string{"Nobody pressed"}) || c.Asked {
		t.Errorf("got %+v", c)
	}
}

func TestVoice_RingsOthersAndConnectsTheOneWhoAnswers(t *testing.T) {
	e := newExchange(t, map[string]string{
		"/in": `<Response><Dial action="$desk/after"><Number>` + staffPhone + `</Number><Number>+420777000222</Number></Dial></Response>`,
	})
	e.dial()
	e.must(e.world.Telephones.Answer(e.at(staffPhone).ID))
	if c := e.at(callerPhone); c.With != staffPhone || e.at(staffPhone).With != callerPhone {
		t.Errorf("got %+v", c)
	}
	if _, rings := e.world.Telephones.CallAt("+420777000222"); rings {
		t.Error("the other one still rings")
	}
	e.clock.Advance(time.Minute)
	e.must(e.world.Telephones.HangUp(e.at(staffPhone).ID))
	e.wantTold("/in ringing", "/after DialCallStatus completed")
}

func TestVoice_NobodyAnswers(t *testing.T) {
	for name, end := range map[string]struct {
		do   func(*exchange)
		want string
	}{
		"declined":   {func(e *exchange) { e.must(e.world.Telephones.Decline(e.at(staffPhone).ID)) }, "busy"},
		"not heard":  {func(e *exchange) { e.clock.Advance(20 * time.Second) }, "no-answer"},
		"given up":   {func(e *exchange) { e.must(e.world.Telephones.HangUp(e.at(callerPhone).ID)) }, "canceled"},
		"hung up on": {func(e *exchange) { e.must(e.world.Telephones.HangUp(e.at(staffPhone).ID)) }, "canceled"},
	} {
		e := newExchange(t, map[string]string{
			"/in": `<Response><Dial action="$desk/after" timeout="20"><Number statusCallback="$desk/leg" statusCallbackEvent="ringing completed">` +
				staffPhone + `</Number></Dial></Response>`,
		})
		e.dial()
		end.do(e)
		e.mu.Lock()
		if !slices.Contains(e.told, "/leg "+end.want) {
			t.Errorf("%s: the desk was told %q, want /leg %s", name, e.told, end.want)
		}
		e.mu.Unlock()
	}
}

func TestVoice_RecordsUntilTheCallerHangsUp(t *testing.T) {
	e := newExchange(t, map[string]string{
		"/in": `<Response><Record action="$desk/end" recordingStatusCallback="$desk/recording" maxLength="60"/></Response>`,
	})
	c := e.dial()
	if !e.at(callerPhone).Recorded {
		t.Error("nothing is recorded")
	}
	e.must(e.world.Telephones.HangUp(c.ID))
	e.wantTold("/in ringing", "/recording RecordingSid RE"+strings.TrimPrefix(c.ID, "CA"))
}

func TestVoice_TheDeskCallsAndIsToldHowItGoes(t *testing.T) {
	e := newExchange(t, map[string]string{"/picked-up": `<Response><Pause length="10"/></Response>`})
	hook := strings.TrimSuffix(e.world.Numbers()[0].Hook, "/in")
	out := e.post("/Calls.json", "From", twilioPhone, "To", staffPhone, "Url", hook+"/picked-up", "StatusCallback", hook+"/progress",
		"StatusCallbackEvent", "ringing", "StatusCallbackEvent", "answered", "StatusCallbackEvent", "completed")
	if out["status"] != "queued" || out["direction"] != "outbound-api" {
		t.Fatalf("got %v", out)
	}
	e.clock.Advance(time.Second)
	e.must(e.world.Telephones.Answer(e.at(staffPhone).ID))
	e.clock.Advance(10 * time.Second)
	e.wantTold("/progress ringing", "/progress in-progress", "/picked-up in-progress", "/progress completed")
	if c := e.world.Telephones.Calls()[0]; c.EndedAt.Sub(c.AnsweredAt) != 10*time.Second {
		t.Errorf("got %+v, want a call of ten seconds", c)
	}
}

func TestVoice_RefusesWhatTheVendorRefuses(t *testing.T) {
	e := newExchange(t, map[string]string{"/in": `<Response><Pause length="60"/></Response>`})
	c := e.dial()
	for name, got := range map[string]struct {
		answer map[string]any
		want   float64
	}{
		"not our number":   {e.post("/Calls.json", "From", "+420999", "To", staffPhone), 21212},
		"no number":        {e.post("/Calls.json", "From", twilioPhone, "To", "abc"), 21211},
		"no such call":     {e.post("/Calls/CA0.json", "Status", "completed"), 20404},
		"no instructions":  {e.post("/Calls/" + c.ID + ".json"), 21218},
		"a call that ends": {e.post("/Calls/"+c.ID+".json", "Status", "completed"), 0},
		"a call that is over": {func() map[string]any {
			e.post("/Calls/"+c.ID+".json", "Status", "completed")
			return e.post("/Calls/"+c.ID+".json", "Status", "completed")
		}(), 21220},
	} {
		if code, _ := got.answer["code"].(float64); code != got.want {
			t.Errorf("%s: got %v, want %v", name, got.answer, got.want)
		}
	}
}

func TestVoice_ADeskThatAnswersNonsenseLosesTheCall(t *testing.T) {
	e := newExchange(t, map[string]string{"/in": `not markup`})
	e.dial()
	if c := e.world.Telephones.Calls()[0]; !c.HasEnded() || len(c.Heard) != 1 || !strings.Contains(c.Heard[0], "application error") {
		t.Errorf("got %+v", c)
	}
}
