package twilio_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/providers"
	"pult/providers/simulator"
	"pult/providers/twilio"
)

// Who takes part in the calls of these tests.
const (
	ourPhone   = "+420777111222"
	theirPhone = "+420601234567"
	voiceLine  = "voice-line"
)

// line is a driver, a simulated vendor, and in place of a desk the calls as the driver's news make them.
type line struct {
	t      *testing.T
	sim    *simulator.Simulator
	clock  *simulator.ManualClock
	driver *twilio.Voice
	id     domain.ID // of the call we make

	mu     sync.Mutex
	calls  map[string]*domain.Call // by our id or the vendor's
	legs   map[string]string       // the vendor's id of an end → the call's
	hooks  []providers.Webhook
	ring   []string
	hold   bool
	taken  []domain.Attachment
	people []providers.Person
}

func newLine(t *testing.T, change func(*twilio.VoiceConfig)) *line {
	t.Helper()
	l := &line{t: t, clock: simulator.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)), calls: map[string]*domain.Call{}, legs: map[string]string{}, ring: []string{ourPhone}}
	l.id = new(domain.IDs).New(l.clock.Now())
	desk := httptest.NewServer(http.HandlerFunc(l.desk))
	t.Cleanup(desk.Close)
	hook := desk.URL + "/hooks/shop"
	l.sim = simulator.New(simulator.Options{Clock: l.clock, Numbers: []simulator.Number{
		{ID: voiceLine, Vendor: simulator.TwilioVoice, Account: account, Phone: number, Name: "Servis kol", AppSecret: authToken, Hook: hook},
	}})
	t.Cleanup(l.sim.Stop)
	vendor := httptest.NewServer(l.sim.Handler())
	t.Cleanup(vendor.Close)
	l.sim.ServedAt(vendor.URL)
	cfg := twilio.VoiceConfig{BaseURL: vendor.URL, AccountSID: account, AuthToken: authToken, Number: number, Hook: hook,
		Say: func(lang domain.Language, key string) string { return string(lang) + " " + key }}
	if change != nil {
		change(&cfg)
	}
	var err error
	if l.driver, err = twilio.NewVoice(cfg); err != nil {
		t.Fatalf("NewVoice: %v", err)
	}
	return l
}

// desk answers the vendor as the real one does: the news are taken in, then it is said what comes next.
func (l *line) desk(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	hook := providers.Webhook{URL: "http://" + r.Host + r.URL.RequestURI(), Header: r.Header, Query: r.URL.Query(), Body: body, ReceivedAt: l.clock.Now()}
	if err := l.driver.Verify(hook); err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	l.mu.Lock()
	l.hooks = append(l.hooks, hook)
	ours, vendorID := l.driver.CallOf(hook)
	now := providers.CallNow{Ring: l.ring}
	if c := l.calls[ours+vendorID]; c != nil {
		now = providers.CallNow{Held: c.Held, Room: c.Room, Answered: !c.AnsweredAt.IsZero()}
	}
	mime, answer := l.driver.Conduct(hook, now)
	l.mu.Unlock()
	l.hear(hook)
	w.Header().Set("Content-Type", mime)
	_, _ = io.WriteString(w, answer)
}

func (l *line) hear(hook providers.Webhook) {
	b, err := l.driver.Parse(hook)
	if err != nil || len(b.Unknown) > 0 {
		l.t.Errorf("Parse: %v, %v", err, b.Unknown)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, in := range b.Calls {
		id := in.Ours + in.VendorID
		if l.calls[id] == nil {
			l.calls[id] = &domain.Call{State: domain.CallRinging, StartedAt: in.Report.At}
			l.people = append(l.people, in.Person)
		}
		l.calls[id].Hear(in.Incoming, in.Report)
		if in.Recording != nil {
			l.taken = append(l.taken, *in.Recording)
		}
	}
}

// begin makes a call and lets the operator's telephone ring.
func (l *line) begin() {
	l.t.Helper()
	l.calls[l.id.String()] = &domain.Call{State: domain.CallDialling, StartedAt: l.clock.Now()}
	if _, err := l.driver.Call(l.t.Context(), l.outgoing()); err != nil {
		l.t.Fatalf("Call: %v", err)
	}
	l.clock.Advance(time.Second)
}

func (l *line) outgoing() providers.OutgoingCall {
	return providers.OutgoingCall{ID: l.id, Agent: ourPhone, To: domain.Identity{Kind: domain.PhoneIdentity, Value: theirPhone}, Language: domain.French}
}

// at is the live call of a telephone.
func (l *line) at(phone string) simulator.Call {
	l.t.Helper()
	c, ok := l.sim.CallAt(phone)
	if !ok {
		l.t.Fatalf("no call at %s", phone)
	}
	return c
}

func (l *line) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// pickUp answers a telephone as a person does: it is picked up, and the key is pressed.
func (l *line) pickUp(phone string) {
	l.t.Helper()
	l.must(l.sim.Answer(l.at(phone).ID))
	if c := l.at(phone); c.Asked {
		l.must(l.sim.Press(c.ID, "1"))
	}
}

// only is the one call there is.
func (l *line) only() domain.Call {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.calls) != 1 {
		l.t.Fatalf("got %d calls, want 1", len(l.calls))
	}
	for _, c := range l.calls {
		return *c
	}
	return domain.Call{}
}

func (l *line) is(want domain.CallState) domain.Call {
	l.t.Helper()
	c := l.only()
	if c.State != want {
		l.t.Fatalf("got %s, want %s (%+v)", c.State, want, c)
	}
	return c
}

func (l *line) ref(incoming bool) providers.CallRef {
	c := l.only()
	return providers.CallRef{ID: l.id, Incoming: incoming, Ours: c.Leg(domain.OurSide), Theirs: c.Leg(domain.TheirSide), Room: c.Room}
}

func TestVoice_CallRingsUsThenThem(t *testing.T) {
	l := newLine(t, nil)
	l.begin()
	l.is(domain.CallDialling)
	if heard := l.at(ourPhone); heard.From != number {
		t.Errorf("our telephone shows %s, want the business number", heard.From)
	}
	if _, rings := l.sim.CallAt(theirPhone); rings {
		t.Fatal("the customer's telephone rings before ours was answered")
	}
	l.pickUp(ourPhone)
	l.is(domain.CallRinging)
	if c := l.at(theirPhone); c.From != number {
		t.Errorf("the customer sees %s, want the business number", c.From)
	}
	l.clock.Advance(4 * time.Second)
	l.pickUp(theirPhone)
	l.is(domain.CallAnswered)
	if c := l.at(ourPhone); c.With != theirPhone || !slices.Contains(c.Heard, "fr voice.press_to_call") {
		t.Errorf("got %+v, want both connected and the operator asked in French", c)
	}
	l.clock.Advance(83 * time.Second)
	l.must(l.sim.HangUp(l.at(theirPhone).ID))
	if c := l.is(domain.CallEnded); c.Duration != 83*time.Second || !c.Settled {
		t.Errorf("got %v, want the 83 seconds they spoke", c.Duration)
	}
	if _, live := l.sim.CallAt(ourPhone); live {
		t.Error("our telephone is still connected")
	}
}

func TestVoice_AnsweringMachineOfOursNeverRingsTheCustomer(t *testing.T) {
	l := newLine(t, nil)
	l.begin()
	l.must(l.sim.Answer(l.at(ourPhone).ID)) // and no key
	l.clock.Advance(time.Minute)
	l.is(domain.CallFailed)
	if len(l.sim.Calls()) != 1 {
		t.Errorf("got %d calls, want the customer's telephone left alone", len(l.sim.Calls()))
	}
}

func TestVoice_OutcomesOfACallWeMake(t *testing.T) {
	for name, tc := range map[string]struct {
		do   func(l *line)
		want domain.CallState
	}{
		"they are busy":     {func(l *line) { l.pickUp(ourPhone); l.must(l.sim.Decline(l.at(theirPhone).ID)) }, domain.CallBusy},
		"they do not pick":  {func(l *line) { l.pickUp(ourPhone); l.clock.Advance(time.Minute) }, domain.CallNoAnswer},
		"we give up":        {func(l *line) { l.pickUp(ourPhone); l.must(l.sim.HangUp(l.at(ourPhone).ID)) }, domain.CallNoAnswer},
		"we do not pick":    {func(l *line) { l.clock.Advance(time.Minute) }, domain.CallFailed},
		"the desk hangs up": {func(l *line) { l.must(l.driver.Hangup(l.t.Context(), providers.CallRef{Ours: l.at(ourPhone).ID})) }, domain.CallFailed},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLine(t, nil)
			l.begin()
			tc.do(l)
			l.is(tc.want)
			if _, live := l.sim.CallAt(ourPhone); live {
				t.Error("our telephone is still connected")
			}
		})
	}
}

func TestVoice_OrderAndRepeatsOfReportsDoNotMatter(t *testing.T) {
	for _, f := range []simulator.Faults{{ReorderStatuses: true}, {Duplicate: true}, {ReorderStatuses: true, Duplicate: true}} {
		l := newLine(t, nil)
		l.must(l.sim.SetFaults(voiceLine, f))
		l.begin()
		l.pickUp(ourPhone)
		l.pickUp(theirPhone)
		l.clock.Advance(30 * time.Second)
		l.must(l.sim.HangUp(l.at(ourPhone).ID))
		if c := l.is(domain.CallEnded); c.Duration != 30*time.Second || c.AnsweredAt.IsZero() {
			t.Errorf("%+v: got %+v, want 30 seconds", f, c)
		}
	}
}

func TestVoice_HoldOfACallWeMade(t *testing.T) {
	l := newLine(t, nil)
	l.begin()
	l.pickUp(ourPhone)
	l.pickUp(theirPhone)
	for range 2 { // the second time both are in a conference already
		l.holds(false, true)
		if us, them := l.at(ourPhone), l.at(theirPhone); us.With != "" || them.With != "" || !strings.HasSuffix(them.Heard[len(them.Heard)-1], "voice.hold") {
			t.Fatalf("on hold: got %+v and %+v, want the customer to hear that they wait", us, them)
		}
		l.is(domain.CallAnswered)
		l.holds(false, false)
		if us, them := l.at(ourPhone), l.at(theirPhone); us.With != theirPhone || them.With != ourPhone {
			t.Fatalf("resumed: got %+v and %+v, want both connected", us, them)
		}
	}
	l.must(l.sim.HangUp(l.at(ourPhone).ID))
	l.is(domain.CallEnded)
	if _, live := l.sim.CallAt(theirPhone); live {
		t.Error("the customer is still connected, to nobody")
	}
}

// holds puts the customer on hold or brings them back, as the desk does it: the wish is known before the vendor is called.
func (l *line) holds(incoming, on bool) {
	l.t.Helper()
	ref := l.ref(incoming)
	l.mu.Lock()
	for _, c := range l.calls {
		c.Held, c.Room = on, true
	}
	l.mu.Unlock()
	l.must(l.driver.Hold(l.t.Context(), ref, on))
}

func TestVoice_CallThatComesInIsTakenByWhoPresses(t *testing.T) {
	l := newLine(t, nil)
	l.ring = []string{"+420777000001", ourPhone}
	_, err := l.sim.CallBusiness(theirPhone, voiceLine, false)
	l.must(err)
	c := l.is(domain.CallRinging)
	if got := l.people[0].Identities[0]; got.Value != theirPhone || got.Kind != domain.PhoneIdentity {
		t.Errorf("got %+v, want the caller's number", got)
	}
	l.must(l.sim.Answer(l.at("+420777000001").ID)) // an answering machine
	l.is(domain.CallRinging)
	l.pickUp(ourPhone)
	if c = l.is(domain.CallAnswered); c.Agent != ourPhone {
		t.Errorf("answered by %s, want %s", c.Agent, ourPhone)
	}
	if _, live := l.sim.CallAt("+420777000001"); live {
		t.Error("the other telephone is still busy")
	}
	l.clock.Advance(12 * time.Second)
	for range 2 {
		l.holds(true, true)
		if them := l.at(theirPhone); them.With != "" || !strings.HasPrefix(them.Heard[len(them.Heard)-1], "cs voice.hold") {
			t.Fatalf("on hold: got %+v", them)
		}
		l.holds(true, false)
		if them := l.at(theirPhone); them.With != ourPhone {
			t.Fatalf("resumed: got %+v, want them connected", them)
		}
	}
	l.must(l.sim.HangUp(l.at(ourPhone).ID))
	l.is(domain.CallEnded)
}

func TestVoice_MissedCalls(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*twilio.VoiceConfig)
		ring   []string
		do     func(l *line)
	}{
		"nobody is there":     {nil, nil, func(*line) {}},
		"nobody answers":      {nil, []string{ourPhone}, func(l *line) { l.clock.Advance(time.Minute) }},
		"the caller gives up": {nil, []string{ourPhone}, func(l *line) { l.must(l.sim.HangUp(l.at(theirPhone).ID)) }},
		"it is declined":      {nil, []string{ourPhone}, func(l *line) { l.must(l.sim.Decline(l.at(ourPhone).ID)) }},
		"forwarded elsewhere": {func(c *twilio.VoiceConfig) { c.ForwardTo = "+420 777 000 009" }, []string{ourPhone}, func(l *line) { l.must(l.sim.Decline(l.at("+420777000009").ID)) }},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLine(t, tc.change)
			l.ring = tc.ring
			_, err := l.sim.CallBusiness(theirPhone, voiceLine, false)
			l.must(err)
			tc.do(l)
			l.is(domain.CallMissed)
			calls := l.sim.Calls()
			if heard := calls[0].Heard; name != "the caller gives up" && !slices.Contains(heard, "cs voice.nobody") {
				t.Errorf("the caller heard %q, want to be told", heard)
			}
		})
	}
}

func TestVoice_CallerLeavesAMessage(t *testing.T) {
	l := newLine(t, func(c *twilio.VoiceConfig) { c.Voicemail = true; c.Language = "fr" })
	_, err := l.sim.CallBusiness(theirPhone, voiceLine, false)
	l.must(err)
	l.must(l.sim.Decline(l.at(ourPhone).ID))
	if c := l.at(theirPhone); !c.Recorded || !slices.Contains(c.Heard, "fr voice.leave_message") {
		t.Fatalf("got %+v, want a recording", c)
	}
	l.must(l.sim.HangUp(l.at(theirPhone).ID))
	l.is(domain.CallMissed)
	if len(l.taken) != 1 {
		t.Fatalf("got %d recordings, want 1", len(l.taken))
	}
	media, err := l.driver.Fetch(t.Context(), l.taken[0].VendorID)
	l.must(err)
	defer media.Body.Close()
	if data, err := io.ReadAll(media.Body); err != nil || len(data) == 0 {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
	l.must(l.sim.SetFaults(voiceLine, simulator.Faults{ExpiredMedia: true}))
	var e *providers.Error
	if _, err = l.driver.Fetch(t.Context(), l.taken[0].VendorID); !errors.As(err, &e) || e.Class != providers.Temporary {
		t.Errorf("got %v for a recording that is not there yet, want another try", err)
	}
}

func TestVoice_WithheldNumberIsSomebodyElseEachTime(t *testing.T) {
	l := newLine(t, nil)
	l.ring = nil
	for range 2 {
		_, err := l.sim.CallBusiness(theirPhone, voiceLine, true)
		l.must(err)
	}
	if len(l.people) != 2 || l.people[0].Identities[0] == l.people[1].Identities[0] || l.people[0].Identities[0].Kind == domain.PhoneIdentity || l.people[0].Name == "" {
		t.Errorf("got %+v, want two people without a number", l.people)
	}
}

func TestVoice_UncertainCallIsFoundAndNotRepeated(t *testing.T) {
	l := newLine(t, nil)
	before := l.clock.Now()
	if _, ok, err := l.driver.FindCall(t.Context(), l.outgoing(), before); ok || err != nil {
		t.Fatalf("got %v, %v before there was a call", ok, err)
	}
	l.must(l.sim.SetFaults(voiceLine, simulator.Faults{CutAfter: true}))
	_, err := l.driver.Call(t.Context(), l.outgoing())
	var e *providers.Error
	if !errors.As(err, &e) || e.Class != providers.Uncertain {
		t.Fatalf("got %v, want an uncertain outcome", err)
	}
	l.must(l.sim.SetFaults(voiceLine, simulator.Faults{}))
	r, ok, err := l.driver.FindCall(t.Context(), l.outgoing(), before)
	if err != nil || !ok || r.Leg != l.at2(ourPhone) {
		t.Errorf("got %+v, %v, %v, want the call that was set up", r, ok, err)
	}
	if _, ok, _ := l.driver.FindCall(t.Context(), l.outgoing(), before.Add(time.Hour)); ok {
		t.Error("an older call was taken for this one")
	}
}

func (l *line) at2(phone string) string { return l.at(phone).ID }

func TestVoice_FailuresOfSettingUp(t *testing.T) {
	for name, tc := range map[string]struct {
		faults simulator.Faults
		want   providers.Class
	}{
		"too many":      {simulator.Faults{RateLimited: true}, providers.RateLimited},
		"no such phone": {simulator.Faults{Code: 21217}, providers.Unreachable},
		"country":       {simulator.Faults{Code: 21215}, providers.Unauthorised},
		"wrong token":   {simulator.Faults{TokenExpired: true}, providers.Unauthorised},
		"down":          {simulator.Faults{ServerError: true}, providers.Uncertain},
		"cut":           {simulator.Faults{CutBefore: true}, providers.Uncertain},
	} {
		l := newLine(t, nil)
		l.must(l.sim.SetFaults(voiceLine, tc.faults))
		_, err := l.driver.Call(t.Context(), l.outgoing())
		var e *providers.Error
		if !errors.As(err, &e) || e.Class != tc.want || strings.Contains(err.Error(), authToken) {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
}

func TestVoice_LookUpTellsWhatWasMissed(t *testing.T) {
	l := newLine(t, nil)
	l.must(l.sim.SetFaults(voiceLine, simulator.Faults{NoStatuses: true}))
	l.begin()
	l.pickUp(ourPhone)
	l.pickUp(theirPhone)
	l.clock.Advance(20 * time.Second)
	ref := providers.CallRef{ID: l.id, Ours: l.at(ourPhone).ID}
	l.must(l.sim.HangUp(l.at(theirPhone).ID))
	list, err := l.driver.LookUp(t.Context(), ref)
	l.must(err)
	c := domain.Call{State: domain.CallDialling}
	for _, in := range list {
		c.Hear(false, in.Report)
	}
	if c.State != domain.CallEnded || c.Duration != 20*time.Second || c.Leg(domain.TheirSide) == "" {
		t.Errorf("got %+v, want an ended call of 20 seconds", c)
	}
}

func TestVoice_HangingUpWhatIsOverIsNoFailure(t *testing.T) {
	l := newLine(t, nil)
	l.begin()
	id := l.at(ourPhone).ID
	l.must(l.sim.HangUp(id))
	l.must(l.driver.Hangup(t.Context(), providers.CallRef{Ours: id, Theirs: "CA00000000000000000000000000000000"}))
}

func TestVoice_StrangersAndForgersAreRefused(t *testing.T) {
	l := newLine(t, nil)
	l.begin()
	hook := l.hooks[0]
	hook.URL = strings.Replace(hook.URL, l.id.String(), new(domain.IDs).New(time.Now()).String(), 1)
	if err := l.driver.Verify(hook); !errors.Is(err, providers.ErrSignature) {
		t.Errorf("got %v for another call's id, want a refusal", err)
	}
}

func TestVoice_WithoutAPublicAddressNobodyIsCalled(t *testing.T) {
	l := newLine(t, func(c *twilio.VoiceConfig) { c.Hook = "" })
	if l.driver.Capabilities().Calls {
		t.Error("the line says that it can call")
	}
	var e *providers.Error
	if _, err := l.driver.Call(t.Context(), l.outgoing()); !errors.As(err, &e) || e.Key != "error.call_no_address" {
		t.Errorf("got %v, want the reason", err)
	}
}

func TestNewVoice_NamesEveryFault(t *testing.T) {
	_, err := twilio.NewVoice(twilio.VoiceConfig{BaseURL: "ftp://x", Hook: "hooks", ForwardTo: "Karel", Language: "de"})
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatalf("got %v, want an Invalid error", err)
	}
	for _, field := range []string{"base_url", "account_sid", "auth_token", "number", "hook", "forward_to", "language"} {
		if e.Fields[field] == "" {
			t.Errorf("got no fault for %s", field)
		}
	}
}

// The forms as the vendor's documentation prints them.
func TestVoice_ReadsTheVendorsForms(t *testing.T) {
	l := newLine(t, nil)
	for _, tc := range []struct {
		file, query string
		want        domain.CallReport
	}{
		{"voice_incoming.form", "", domain.CallReport{Side: domain.TheirSide, Leg: "CA7b1e0a52f0c94d6db8d1a2f35c4e9012", State: domain.CallRinging, At: l.clock.Now()}},
		{"voice_leg_completed.form", "step=leg&side=theirs&call=" + l.id.String(), domain.CallReport{
			Side: domain.TheirSide, Leg: "CA3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c", State: domain.CallEnded, Duration: 83 * time.Second, At: time.Date(2026, 11, 22, 9, 15, 28, 0, time.UTC)}},
		{"voice_leg_busy.form", "step=leg&side=theirs&call=" + l.id.String(), domain.CallReport{
			Side: domain.TheirSide, Leg: "CA3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c", State: domain.CallBusy, At: time.Date(2026, 11, 22, 9, 14, 11, 0, time.UTC)}},
		{"voice_done.form", "step=done&call=" + l.id.String(), domain.CallReport{Side: domain.TheirSide, Bridge: true, State: domain.CallEnded, Duration: 83 * time.Second, At: l.clock.Now()}},
	} {
		body, err := os.ReadFile("testdata/" + tc.file)
		l.must(err)
		q, _ := url.ParseQuery(tc.query)
		b, err := l.driver.Parse(providers.Webhook{Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Query: q, Body: []byte(strings.TrimSpace(string(body))), ReceivedAt: l.clock.Now()})
		if err != nil || len(b.Calls) != 1 || b.Calls[0].Report != tc.want {
			t.Errorf("%s: got %+v, %v, want %+v", tc.file, b.Calls, err, tc.want)
		}
	}
}
