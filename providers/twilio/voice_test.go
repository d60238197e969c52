package twilio_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/simulator/world"
	"pult/providers/twilio"
)

// What is not the vendor's own is tried by the suite, see TestDriver_Voice.

var callID = new(domain.IDs).New(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))

func callToThem() carrier.OutgoingCall {
	return carrier.OutgoingCall{
		ID:       callID,
		Agent:    ourPhone,
		To:       domain.Identity{Kind: domain.PhoneIdentity, Value: theirPhone},
		Language: domain.French,
	}
}

func TestVoice_EachIsSpokenToInTheirLanguage(t *testing.T) {
	l := newVoiceHarness(t, nil)
	l.desk.Begin(t, callToThem())
	l.Pass(time.Second)
	l.answer(t)
	l.PickUp(t, theirPhone)
	if heard := l.liveCall(t, ourPhone).Heard; !slices.Contains(heard, "fr voice.press_to_call") {
		t.Errorf("the operator heard %q, want to be asked in French", heard)
	}
	l.desk.Hold(t, false, true)
	if heard := l.liveCall(t, theirPhone).Heard; !slices.Equal(heard, []string{"cs voice.hold"}) {
		t.Errorf("the customer heard %q, want to be told in Czech that they wait", heard)
	}
}

func TestVoice_CallersWhomNobodyAnswersAreTold(t *testing.T) {
	for name, tc := range map[string]struct {
		forwardTo string
		do        func(l *voiceHarness)
	}{
		"nobody is on duty":   {"", func(l *voiceHarness) {}},
		"it is declined":      {"", func(l *voiceHarness) { l.Decline(t, ourPhone) }},
		"forwarded elsewhere": {"+420 777 000 009", func(l *voiceHarness) { l.Decline(t, "+420777000009") }},
	} {
		t.Run(name, func(t *testing.T) {
			l := newVoiceHarness(t, func(c *twilio.VoiceConfig) { c.ForwardTo = tc.forwardTo })
			if name == "nobody is on duty" {
				l.desk.OnDuty()
			}
			l.Incoming(t)
			tc.do(l)
			l.desk.CheckState(t, domain.CallMissed)
			if heard := l.sim.World.Telephones.Calls()[0].Heard; !slices.Contains(heard, "cs voice.nobody") {
				t.Errorf("the caller heard %q, want to be told", heard)
			}
		})
	}
}

func TestVoice_CallerLeavesAMessage(t *testing.T) {
	l := newVoiceHarness(t, func(c *twilio.VoiceConfig) { c.Voicemail = true; c.Language = "fr" })
	l.Incoming(t)
	l.Decline(t, ourPhone)
	if c := l.liveCall(t, theirPhone); !c.Recorded || !slices.Contains(c.Heard, "fr voice.leave_message") {
		t.Fatalf("got %+v, want a recording", c)
	}
	l.HangUp(t, theirPhone)
	l.desk.CheckState(t, domain.CallMissed)
	taken := l.desk.Record().Recordings
	if len(taken) != 1 {
		t.Fatalf("got %d recordings, want 1", len(taken))
	}
	media, err := l.driver.Fetch(t.Context(), taken[0].VendorID)
	requireNoError(t, err)
	defer media.Body.Close()
	if data, err := io.ReadAll(media.Body); err != nil || len(data) == 0 {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
	requireNoError(t, l.sim.World.SetFaults(voiceLine, world.Faults{ExpiredMedia: true}))
	var e *carrier.Error
	if _, err = l.driver.Fetch(t.Context(), taken[0].VendorID); !errors.As(err, &e) || e.Class != carrier.Temporary {
		t.Errorf("got %v for a recording that is not there yet, want another try", err)
	}
}

func TestVoice_WithheldNumberIsSomebodyElseEachTime(t *testing.T) {
	l := newVoiceHarness(t, nil)
	l.desk.OnDuty()
	for range 2 {
		_, err := l.sim.World.Telephones.CallBusiness(theirPhone, voiceLine, true)
		requireNoError(t, err)
	}
	people := l.desk.Record().People
	if len(people) != 2 || people[0].Identities[0] == people[1].Identities[0] || people[0].Identities[0].Kind == domain.PhoneIdentity ||
		people[0].Name == "" {
		t.Errorf("got %+v, want two people without a number", people)
	}
}

func TestVoice_CountryThatIsNotAllowedIsForAPerson(t *testing.T) {
	l := newVoiceHarness(t, nil)
	requireNoError(t, l.sim.World.SetFaults(voiceLine, world.Faults{Code: 21215}))
	_, err := l.driver.Call(t.Context(), callToThem())
	var e *carrier.Error
	if !errors.As(err, &e) || e.Class != carrier.Unauthorised || e.Key != "provider.twilio.21215" {
		t.Errorf("got %v, want what an administrator must mend", err)
	}
}

func TestVoice_WithoutAPublicAddressNobodyIsCalled(t *testing.T) {
	l := newVoiceHarness(t, func(c *twilio.VoiceConfig) { c.Hook = "" })
	if l.driver.Capabilities().Calls {
		t.Error("the line says that it can call")
	}
	var e *carrier.Error
	if _, err := l.driver.Call(t.Context(), callToThem()); !errors.As(err, &e) || e.Key != "error.call_no_address" {
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
	l := newVoiceHarness(t, nil)
	for _, tc := range []struct {
		file, query string
		want        domain.CallReport
	}{
		{"voice_incoming.form", "", domain.CallReport{
			Side:  domain.TheirSide,
			Leg:   "CA7b1e0a52f0c94d6db8d1a2f35c4e9012",
			State: domain.CallRinging,
			At:    l.clock.Now(),
		}},
		{"voice_leg_completed.form", "step=leg&side=theirs&call=" + callID.String(), domain.CallReport{
			Side:     domain.TheirSide,
			Leg:      "CA3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c",
			State:    domain.CallEnded,
			Duration: 83 * time.Second,
			At:       time.Date(2026, 11, 22, 9, 15, 28, 0, time.UTC),
		}},
		{"voice_leg_busy.form", "step=leg&side=theirs&call=" + callID.String(), domain.CallReport{
			Side:  domain.TheirSide,
			Leg:   "CA3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c",
			State: domain.CallBusy,
			At:    time.Date(2026, 11, 22, 9, 14, 11, 0, time.UTC),
		}},
		{"voice_done.form", "step=done&call=" + callID.String(), domain.CallReport{
			Side:     domain.TheirSide,
			Bridge:   true,
			State:    domain.CallEnded,
			Duration: 83 * time.Second,
			At:       l.clock.Now(),
		}},
	} {
		body, err := os.ReadFile("testdata/" + tc.file)
		requireNoError(t, err)
		q, _ := url.ParseQuery(tc.query)
		b, err := l.driver.Parse(carrier.Webhook{
			Header:     http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
			Query:      q,
			Body:       []byte(strings.TrimSpace(string(body))),
			ReceivedAt: l.clock.Now(),
		})
		if err != nil || len(b.Calls) != 1 || b.Calls[0].Report != tc.want {
			t.Errorf("%s: got %+v, %v, want %+v", tc.file, b.Calls, err, tc.want)
		}
	}
}
