package twilio_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/simulator/world"
)

func TestPoll_FindsWhatWebhooksMissed(t *testing.T) {
	for _, kind := range []domain.ChannelKind{domain.WhatsApp, domain.SMS} {
		h := newHarness(t, kind)
		h.Clock.Advance(time.Hour)
		since := h.Clock.Now()
		var want []string
		for i := range 4 { // two pages of three
			h.Clock.Advance(time.Second)
			text := fmt.Sprintf("zpráva %d", i)
			h.Say(t, drivertest.Message{Kind: domain.KindText, Text: text})
			want = append(want, text)
		}
		b, err := h.driver.Poll(context.Background(), since)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range b.Messages {
			got = append(got, m.Text)
			if m.Account != number || m.From != domain.ByCustomer || m.Kind != domain.KindText || m.At.Before(since) || len(m.Raw) == 0 ||
				m.Contact.Identities[0] != byPhone {
				t.Errorf("got %+v", m)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
	}
}

func TestPoll_SameIDAsTheWebhook(t *testing.T) {
	h := newHarness(t, domain.WhatsApp)
	since := h.Clock.Now()
	hooks := h.Say(t, drivertest.Message{Kind: domain.KindImage, MIME: "image/png", Data: []byte("png")})
	told, err := h.driver.Parse(hooks[0])
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.driver.Poll(context.Background(), since)
	if err != nil || len(b.Messages) != 2 {
		t.Fatalf("got %d messages, %v; want 2: the first and the picture", len(b.Messages), err)
	}
	m := b.Messages[1]
	if m.VendorID != told.Messages[0].VendorID || m.Kind != domain.KindImage || m.Attachments[0] != told.Messages[0].Attachments[0] {
		t.Errorf("got %+v, want as told: %+v", m, told.Messages[0])
	}
}

func TestPoll_StatesOfOurMessages(t *testing.T) {
	h := newHarness(t, domain.WhatsApp)
	if err := h.Sim.World.SetFaults(h.number(), world.Faults{FailCode: 63003}); err != nil {
		t.Fatal(err)
	}
	r, err := h.driver.Send(context.Background(), carrier.Outgoing{To: byPhone, Kind: domain.KindText, Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(time.Second)
	b, err := h.driver.Poll(context.Background(), h.Clock.Now().Add(-time.Minute))
	if err != nil || len(b.Statuses) != 1 {
		t.Fatalf("got %+v, %v; want one status", b.Statuses, err)
	}
	s := b.Statuses[0]
	if s.VendorID != r.VendorID || s.State != domain.StateFailed || s.Failure == nil || s.Failure.Code != "63003" {
		t.Errorf("got %+v", s)
	}
}

func TestPoll_NextPage_NeverLeavesTheHost(t *testing.T) {
	v := &vendor{status: 200, body: `{"messages":[],"next_page_uri":null}`}
	v.answers = map[string]*http.Response{}
	first := "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Messages.json?DateSent%3E=2026-11-21&PageSize=1000&To=%2B420910123456"
	v.answers[first] = newResponse(nil, 200, nil, `{"messages":[],"next_page_uri":"https://evil.example/2010-04-01/next?Page=1"}`)
	if _, err := v.driver(t, domain.SMS).Poll(context.Background(), takenIn); err != nil {
		t.Fatal(err)
	}
	if got := v.requests[1].URL.String(); got != "https://api.twilio.com/2010-04-01/next?Page=1" {
		t.Errorf("asked %s", got)
	}
}

func TestPoll_Refused(t *testing.T) {
	v := &vendor{status: 503, body: `{"code":20503,"message":"x","status":503}`}
	_, err := v.driver(t, domain.SMS).Poll(context.Background(), takenIn)
	if e := carrier.AsError(err); e.Class != carrier.Temporary {
		t.Errorf("got %v, want Temporary: nothing was to be sent", err)
	}
}

func TestPoll_FilesGone_MessageStays(t *testing.T) {
	h := newHarness(t, domain.WhatsApp)
	since := h.Clock.Now()
	h.Say(t, drivertest.Message{Kind: domain.KindImage, Text: "moje kolo", MIME: "image/png", Data: []byte("png")})
	server := h.Server.Config.Handler
	h.Server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/Media.json") {
			http.Error(w, `{"code":20404,"status":404}`, http.StatusNotFound)
			return
		}
		server.ServeHTTP(w, r)
	})
	b, err := h.driver.Poll(context.Background(), since)
	if err != nil || len(b.Messages) != 2 || b.Messages[1].Text != "moje kolo" {
		t.Errorf("got %+v, %v; want the message without its file", b.Messages, err)
	}
}
