package phone_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator/phone"
	"pult/providers/simulator/world"
)

func TestDevices_AreListedWithWhomTheyReach(t *testing.T) {
	b := newBench(t)
	b.page = phone.New(phone.Options{World: b.sim.World, Location: time.UTC, Now: func() time.Time { return now }, Devices: []phone.Device{
		{Kind: domain.Email, Sub: "shop@pult.example", URL: "/simulator/post"},
	}})
	t.Cleanup(b.page.Close)
	requireAll(
		t,
		"page",
		b.get("/simulator?lang=en"),
		"WhatsApp ·\u00a0Meta",
		"SMS",
		"WhatsApp ·\u00a0EngageLab",
		`href="/simulator/lab?lang=en"`,
		`href="/simulator/post?lang=en"`,
		"shop@pult.example",
		`href="/simulator/100?lang=en" aria-current="true"`,
	)
}

func requireNone(t *testing.T, what, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(got, part) {
			t.Errorf("%s: holds %s", what, part)
		}
	}
}

func TestThread_OffersOnlyWhatTheDialectHasWordsFor(t *testing.T) {
	b := newBench(t)
	for _, n := range []string{number, "sms"} {
		if _, err := b.sim.World.Say(b.jana.ID, n, world.Message{Kind: domain.KindText, Text: "hello"}); err != nil {
			t.Fatal(err)
		}
	}
	everything := []string{
		`id="attach"`, `value="sticker"`, "/react", "/delete", "edit=", "reply=", "/echo", "/age", `id="f-window"`,
		`id="f-receipts"`,
	}
	requireAll(t, "WhatsApp", b.get(b.here("")), everything...)
	sms := b.get("/simulator/sms/" + b.jana.ID)
	requireNone(t, "SMS", sms, everything...)
	requireAll(t, "SMS", sms, "hello", `id="text"`, `data-look="sms"`, `id="f-stop"`)
	lab := b.get("/simulator/lab/" + b.jana.ID)
	requireAll(t, "EngageLab", lab, `id="attach"`, `id="f-timed_out"`)
	requireNone(t, "EngageLab", lab, "/echo", `id="f-hidden"`, `id="f-stop"`)
}

func TestPeople_WithoutANumber_HoldNoTelephoneForTextMessages(t *testing.T) {
	b := newBench(t)
	b.customer("Hidden Person", "")
	requireAll(t, "WhatsApp", b.get("/simulator/"+number), "Hidden Person", `name="hidden"`)
	requireNone(t, "SMS", b.get("/simulator/sms"), "Hidden Person", `name="hidden"`)
	requireAll(t, "SMS", b.get("/simulator/sms"), "Jana Nová")
}

func TestAge_MakesTheThreadOlder(t *testing.T) {
	b := newBench(t)
	b.post(b.here("/say"), "text", "hello")
	if w := b.post(b.here("/age")); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `id="thread"`) {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	if got, want := b.thread()[0].At, now.Add(-25*time.Hour); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFaults_OfAnotherVendorAreNotTaken(t *testing.T) {
	b := newBench(t)
	b.post("/simulator/lab/faults", "stop", "1", "timed_out", "1", "unreachable", "1")
	if got := b.sim.World.Faults("lab"); got.Code != 0 || !got.TimedOut || got.FailCode != 131026 {
		t.Errorf("got %+v, want what EngageLab has", got)
	}
	b.post("/simulator/sms/faults", "stop", "1", "timed_out", "1", "unreachable", "1", "window", "1")
	if got := b.sim.World.Faults("sms"); got.Code != 21610 || got.TimedOut || got.FailCode != 30003 || got.WindowClosed {
		t.Errorf("got %+v, want what SMS has", got)
	}
}
