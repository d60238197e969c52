package messenger_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/graph"
	"pult/providers/simulator/messenger"
	"pult/providers/simulator/world"
)

const (
	fbPage, fbApp, fbSecret, fbToken = "300000000000001", "400000000000001", "demo-app-secret", "demo-page-token"
)

// A number of WhatsApp beside it.
const number, account, token = "100000000000001", "200000000000001", "demo-access-token"

// facebook is a page, one customer and a desk that keeps the webhooks it gets.
type facebook struct {
	t     *testing.T
	sim   *simulator.Simulator
	clock *world.ManualClock
	anna  world.Customer

	mu    sync.Mutex
	hooks []string
}

func newFacebook(t *testing.T) *facebook {
	f := &facebook{t: t, clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))}
	desk := httptest.NewServer(http.HandlerFunc(f.desk))
	t.Cleanup(desk.Close)
	f.sim = simulator.New(simulator.Options{Clock: f.clock, Numbers: []world.Number{
		{
			ID: fbPage, Vendor: simulator.Messenger, Account: fbApp, Name: "Servis kol", AppSecret: fbSecret,
			AccessToken: fbToken, Hook: desk.URL,
		},
		{ID: number, Account: account, Phone: "+420601000111", Name: "WhatsApp", AppSecret: "x", AccessToken: token},
	}})
	t.Cleanup(f.sim.Stop)
	if err := f.sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	f.anna, _ = f.sim.World.CreateCustomer("Anna Malá", "", true)
	return f
}

func (f *facebook) desk(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Header.Get("X-Hub-Signature-256") != graph.Sign(fbSecret, body) {
		f.t.Error("webhook is not signed")
	}
	f.hooks = append(f.hooks, string(body))
}

func (f *facebook) lastWebhook() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.hooks) == 0 {
		return ""
	}
	return f.hooks[len(f.hooks)-1]
}

func (f *facebook) say(text string) world.Message {
	f.t.Helper()
	m, err := f.sim.World.Say(f.anna.ID, fbPage, world.Message{Kind: domain.KindText, Text: text})
	if err != nil {
		f.t.Fatal(err)
	}
	return m
}

func (f *facebook) call(method, path, bearer, body string) map[string]any {
	f.t.Helper()
	req, err := http.NewRequest(method, f.sim.URL()+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	_ = json.NewDecoder(res.Body).Decode(&out)
	return out
}

// code is the vendor's code of a refusal, 0 when there is none.
func code(answer map[string]any) float64 {
	e, _ := answer["error"].(map[string]any)
	c, _ := e["code"].(float64)
	return c
}

func (f *facebook) send(kind, message string) map[string]any {
	return f.call(
		"POST",
		"/v25.0/"+fbPage+"/messages",
		fbToken,
		`{"recipient":{"id":"`+messenger.PSID(fbPage, f.anna.ID)+`"},`+kind+`,"message":`+message+`}`,
	)
}

func TestMessenger_PeopleAreNumbersOfThePageOnly(t *testing.T) {
	f := newFacebook(t)
	f.say("Dobrý den")
	if psid := messenger.PSID(fbPage, f.anna.ID); !strings.Contains(f.lastWebhook(), `"sender":{"id":"`+psid+`"}`) ||
		strings.Contains(f.lastWebhook(), "Anna") {
		t.Errorf("got %s, want the number %s and no name", f.lastWebhook(), psid)
	}
	if messenger.PSID(fbPage, "a") == messenger.PSID("other", "a") || messenger.PSID(fbPage, "a") == messenger.PSID(fbPage, "b") {
		t.Error("two pages or two people share a number")
	}
}

func TestMessenger_SendEchoesAndReportsByWatermark(t *testing.T) {
	f := newFacebook(t)
	f.say("Dobrý den")
	if got := f.send(`"messaging_type":"RESPONSE"`, `{"text":"Ano","metadata":"m-1"}`); got["message_id"] == nil {
		t.Fatalf("got %v", got)
	}
	f.clock.Advance(300 * time.Millisecond)
	if got := f.lastWebhook(); !strings.Contains(got, `"is_echo":true`) || !strings.Contains(got, `"metadata":"m-1"`) ||
		!strings.Contains(got, `"app_id":`+fbApp) {
		t.Errorf("got %s, want the echo", got)
	}
	f.clock.Advance(time.Second)
	if got := f.lastWebhook(); !strings.Contains(got, `"delivery":{`) || !strings.Contains(got, `"watermark":`) {
		t.Errorf("got %s, want the delivery", got)
	}
	if err := f.sim.World.Read(fbPage, f.anna.ID); err != nil || !strings.Contains(f.lastWebhook(), `"read":{"watermark":`) {
		t.Errorf("got %s, %v, want the reading", f.lastWebhook(), err)
	}
}

func TestMessenger_RefusesWhatTheVendorRefuses(t *testing.T) {
	f := newFacebook(t)
	f.say("Dobrý den")
	for body, want := range map[[2]string]float64{
		{`"messaging_type":"RESPONSE"`, `{"text":"a","attachment":{"type":"image","payload":{"attachment_id":"1"}}}`}: 100,
		{`"messaging_type":"RESPONSE"`, `{"text":"` + strings.Repeat("x", 2001) + `"}`}:                               100,
		{`"messaging_type":"RESPONSE"`, `{}`}:                                     100,
		{`"messaging_type":"MESSAGE_TAG","tag":"ACCOUNT_UPDATE"`, `{"text":"a"}`}: 100,
	} {
		if got := code(f.send(body[0], body[1])); got != want {
			t.Errorf("%s %.40s: got %v, want %v", body[0], body[1], got, want)
		}
	}
	f.clock.Advance(25 * time.Hour)
	if got := code(f.send(`"messaging_type":"RESPONSE"`, `{"text":"a"}`)); got != 10 {
		t.Errorf("after the window: got %v, want 10", got)
	}
	if got := code(f.send(`"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT"`, `{"text":"a"}`)); got != 0 {
		t.Errorf("by a person: got %v, want it taken", got)
	}
	f.clock.Advance(7 * 24 * time.Hour)
	if got := code(f.send(`"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT"`, `{"text":"a"}`)); got != 10 {
		t.Errorf("after a week: got %v, want 10", got)
	}
	if got := code(f.call("GET", "/v25.0/me", "wrong", "")); got != 190 {
		t.Errorf("a wrong token: got %v, want 190", got)
	}
}

func TestMessenger_CustomersCanDoEverythingTheVendorTells(t *testing.T) {
	f := newFacebook(t)
	first := f.say("Dobrý den")
	for want, act := range map[string]func() error{
		`"type":"image"`: func() error {
			file := world.SamplePhoto()
			_, err := f.sim.World.Say(f.anna.ID, fbPage, world.Message{Kind: domain.KindImage, File: &file})
			return err
		},
		`audioclip-`: func() error {
			file := world.SampleVoice()
			_, err := f.sim.World.Say(f.anna.ID, fbPage, world.Message{Kind: domain.KindVoice, File: &file})
			return err
		},
		`"sticker_id":10000000000000001`: func() error {
			_, err := f.sim.World.Say(f.anna.ID, fbPage, world.Message{
				Kind: domain.KindSticker, File: &world.File{MIME: "image/webp", Data: []byte("x")},
			})
			return err
		},
		`"reaction":{`: func() error {
			_, err := f.sim.World.Say(f.anna.ID, fbPage, world.Message{
				Kind: domain.KindReaction, Target: first.ID, Emoji: "👍",
			})
			return err
		},
		`"postback":{`: func() error {
			_, err := messenger.Postback(f.sim.World, f.anna.ID, fbPage, "Začít", "GET_STARTED")
			return err
		},
		`"quick_reply":{"payload":"ANO"}`: func() error {
			_, err := f.sim.World.Say(f.anna.ID, fbPage, world.Message{
				Kind: domain.KindChoice, Text: "Ano", Choice: "ANO",
			})
			return err
		},
		`"referral":{`:        func() error { return messenger.ComeBy(f.sim.World, f.anna.ID, fbPage, "letak") },
		`"message_edit":{`:    func() error { return f.sim.World.Edit(first.ID, "Dobrý večer") },
		`"app_id":2639020374`: func() error { _, err := f.sim.World.Echo(fbPage, f.anna.ID, "z Facebooku"); return err },
	} {
		if err := act(); err != nil || !strings.Contains(f.lastWebhook(), want) {
			t.Errorf("got %s, %v, want %s", f.lastWebhook(), err, want)
		}
	}
}

func TestMessenger_LostSubscriptionIsSilentUntilMadeAnew(t *testing.T) {
	f := newFacebook(t)
	_ = f.sim.World.SetFaults(fbPage, world.Faults{SubscriptionLost: true})
	f.say("slyšíte?")
	if got := f.lastWebhook(); got != "" {
		t.Errorf("got %s, want nothing", got)
	}
	if got := f.call("GET", "/v25.0/"+fbPage+"/subscribed_apps", fbToken, ""); len(got["data"].([]any)) != 0 {
		t.Errorf("got %v, want no app", got)
	}
	f.call("POST", "/v25.0/"+fbPage+"/subscribed_apps", fbToken, `{"subscribed_fields":"messages"}`)
	f.say("a teď?")
	if !strings.Contains(f.lastWebhook(), "a te") {
		t.Errorf("got %s, want the message", f.lastWebhook())
	}
}

// The Graph API is one for all products: a number of WhatsApp keeps its own addresses.
func TestMessenger_LeavesTheOtherProductAlone(t *testing.T) {
	f := newFacebook(t)
	if got := f.call("GET", "/v25.0/"+number, token, ""); got["verified_name"] != "WhatsApp" {
		t.Errorf("got %v", got)
	}
}

func TestMessenger_DialogAsksForPagesAndPermissions(t *testing.T) {
	f := newFacebook(t)
	query := url.Values{
		"client_id": {fbApp}, "redirect_uri": {"http://desk/callback"}, "state": {"s<1>"}, "response_type": {"code"},
		"scope": {"pages_messaging,pages_show_list"},
	}
	res, err := http.Get(f.sim.URL() + "/v25.0/dialog/oauth?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	for _, want := range []string{"Continue as", "Cancel", `value="pages_messaging" checked`, "Servis kol", `value="s&lt;1&gt;"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the dialog lacks %s: %s", want, raw)
		}
	}
}
