package twilio_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/drivertest"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
	"pult/providers/twilio"
)

// Who takes part in the calls of these tests.
const (
	ourPhone   = "+420777111222"
	theirPhone = "+420601234567"
	voiceLine  = "voice-line"
)

func TestDriver_Voice(t *testing.T) {
	drivertest.Calls(t, func(t *testing.T) drivertest.CallHarness { return newVoiceHarness(t, nil) })
}

// voiceHarness is a driver, a simulated vendor and a desk between them.
type voiceHarness struct {
	drivertest.Watch
	sim       *simulator.Simulator
	clock     *world.ManualClock
	driver    *twilio.Voice
	desk      *drivertest.CallDesk
	server    *httptest.Server
	transport *http.Transport
}

func newVoiceHarness(t *testing.T, change func(*twilio.VoiceConfig)) *voiceHarness {
	t.Helper()
	l := &voiceHarness{clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)), transport: &http.Transport{}}
	l.desk = drivertest.NewCallDesk(t, l.clock.Now, ourPhone)
	desk := httptest.NewServer(l.desk)
	t.Cleanup(desk.Close)
	hook := desk.URL + "/hooks/shop"
	l.sim = simulator.New(simulator.Options{Clock: l.clock, Numbers: []world.Number{
		{
			ID:        voiceLine,
			Vendor:    simulator.TwilioVoice,
			Account:   account,
			Phone:     number,
			Name:      "Servis kol",
			AppSecret: authToken,
			Hook:      hook,
		},
	}})
	t.Cleanup(l.sim.Stop)
	l.server = httptest.NewServer(l.Wrap(l.sim.Handler()))
	t.Cleanup(l.server.Close)
	t.Cleanup(l.transport.CloseIdleConnections)
	l.sim.World.ServedAt(l.server.URL)
	cfg := twilio.VoiceConfig{
		BaseURL:    l.server.URL,
		AccountSID: account,
		AuthToken:  authToken,
		Number:     number,
		Hook:       hook,
		HTTPClient: &http.Client{Transport: l.transport},
		Say:        func(lang domain.Language, key string) string { return string(lang) + " " + key },
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if l.driver, err = twilio.NewVoice(cfg); err != nil {
		t.Fatalf("NewVoice: %v", err)
	}
	l.desk.Connect(l.driver)
	return l
}

func (l *voiceHarness) Driver() drivertest.CallDriver { return l.driver }

func (l *voiceHarness) Desk() *drivertest.CallDesk { return l.desk }

func (l *voiceHarness) Secrets() []string { return []string{authToken} }

func (l *voiceHarness) Number() string { return number }

func (l *voiceHarness) Agent() string { return ourPhone }

func (l *voiceHarness) Customer() string { return theirPhone }

func (l *voiceHarness) Incoming(t testing.TB) {
	t.Helper()
	_, err := l.sim.World.Telephones.CallBusiness(theirPhone, voiceLine, false)
	requireNoError(t, err)
}

func (l *voiceHarness) PickUp(t testing.TB, phone string) {
	t.Helper()
	requireNoError(t, l.sim.World.Telephones.Answer(l.liveCall(t, phone).ID))
}

func (l *voiceHarness) Press(t testing.TB, phone string) {
	t.Helper()
	requireNoError(t, l.sim.World.Telephones.Press(l.liveCall(t, phone).ID, "1"))
}

func (l *voiceHarness) Decline(t testing.TB, phone string) {
	t.Helper()
	requireNoError(t, l.sim.World.Telephones.Decline(l.liveCall(t, phone).ID))
}

func (l *voiceHarness) HangUp(t testing.TB, phone string) {
	t.Helper()
	requireNoError(t, l.sim.World.Telephones.HangUp(l.liveCall(t, phone).ID))
}

func (l *voiceHarness) Pass(d time.Duration) { l.clock.Advance(d) }

func (l *voiceHarness) At(phone string) (drivertest.Telephone, bool) {
	c, ok := l.sim.World.Telephones.CallAt(phone)
	return drivertest.Telephone{Shows: c.From, Asked: c.Asked, With: c.With}, ok
}

func (l *voiceHarness) Count() int { return len(l.sim.World.Telephones.Calls()) }

func (l *voiceHarness) Break(t testing.TB, f drivertest.Fault) {
	t.Helper()
	if f == drivertest.Gone {
		l.server.Close()
		l.transport.CloseIdleConnections()
	}
	requireNoError(t, l.sim.World.SetFaults(voiceLine, map[drivertest.Fault]world.Faults{
		drivertest.Failing:     {ServerError: true},
		drivertest.Refused:     {Code: 20001},
		drivertest.Limited:     {RateLimited: true, RetryAfter: 30 * time.Second},
		drivertest.Expired:     {TokenExpired: true},
		drivertest.Cut:         {CutAfter: true},
		drivertest.Silent:      {Delay: time.Hour},
		drivertest.NoSuchPhone: {Code: 21217},
		drivertest.Twice:       {Duplicate: true},
		drivertest.Disordered:  {ReorderStatuses: true},
		drivertest.Untold:      {NoStatuses: true},
	}[f]))
}

// liveCall is the live call of a telephone.
func (l *voiceHarness) liveCall(t testing.TB, phone string) world.Call {
	t.Helper()
	c, ok := l.sim.World.Telephones.CallAt(phone)
	if !ok {
		t.Fatalf("no call at %s", phone)
	}
	return c
}

// answer answers our telephone as a person does.
func (l *voiceHarness) answer(t testing.TB) {
	t.Helper()
	l.PickUp(t, ourPhone)
	l.Press(t, ourPhone)
}

func requireNoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
