package graph_test

import (
	"encoding/json"
	"fmt"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/graph"
	"pult/providers/simulator/world"
)

const number, account, token = "100000000000001", "200000000000001", "demo-access-token"

// bench is a simulator, its clock and a desk that keeps the webhooks it gets.
type bench struct {
	t     *testing.T
	sim   *simulator.Simulator
	clock *world.ManualClock
	anna  world.Customer

	mu     sync.Mutex
	hooks  []string
	refuse int // how many webhooks are answered 500
}

func newBench(t *testing.T) *bench {
	w := &bench{t: t, clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))}
	desk := httptest.NewServer(http.HandlerFunc(w.desk))
	t.Cleanup(desk.Close)
	w.sim = simulator.New(simulator.Options{Clock: w.clock, Numbers: []world.Number{{
		ID: number, Account: account, Phone: "+420601000111", Name: "Servis kol", AppSecret: "demo-app-secret",
		AccessToken: token, Hook: desk.URL,
	}}})
	t.Cleanup(w.sim.Stop)
	if err := w.sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w.anna, _ = w.sim.World.CreateCustomer("Anna", "+420601234567", false)
	return w
}

func (w *bench) desk(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse > 0 {
		w.refuse--
		rw.WriteHeader(http.StatusInternalServerError)
		return
	}
	if r.Header.Get("X-Hub-Signature-256") != graph.Sign("demo-app-secret", body) {
		w.t.Error("webhook is not signed")
	}
	w.hooks = append(w.hooks, string(body))
}

func (w *bench) webhooks() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hooks
}

func (w *bench) say(text string) world.Message {
	w.t.Helper()
	m, err := w.sim.World.Say(w.anna.ID, number, world.Message{Kind: domain.KindText, Text: text})
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// send posts a send and gives the vendor's id or code.
func (w *bench) send(body string) (id string, code int) {
	w.t.Helper()
	var out struct {
		Messages []struct{ ID string }
		Error    struct{ Code int }
	}
	raw := w.call("POST", "/v25.0/"+number+"/messages", token, body)
	_ = json.Unmarshal([]byte(raw), &out)
	if len(out.Messages) > 0 {
		id = out.Messages[0].ID
	}
	return id, out.Error.Code
}

func (w *bench) call(method, path, bearer, body string) string {
	w.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = w.sim.URL() + path
	}
	req, err := http.NewRequest(method, path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	return string(raw)
}

const textToAnna = `{"messaging_product":"whatsapp","to":"+420601234567","type":"text","text":{"body":"Dobrý den"}}`

func TestSay_EscapedLikeTheVendor(t *testing.T) {
	w := newBench(t)
	if m := w.say("Žofie 😀 a/b"); !m.Acknowledged {
		t.Error("got a message the desk did not acknowledge")
	}
	if got := w.webhooks()[0]; !strings.Contains(got, `\u017dofie \ud83d\ude00 a\/b`) || strings.ContainsAny(got, "Ž") {
		t.Errorf("got %s", got)
	}
}

func TestSay_RefusedWebhook_Repeated(t *testing.T) {
	w := newBench(t)
	w.refuse = 2
	m := w.say("one")
	for range 3 {
		w.clock.Advance(10 * time.Second)
	}
	if now, _ := w.sim.World.Message(m.ID); m.Acknowledged || !now.Acknowledged || len(w.webhooks()) != 1 {
		t.Errorf("got acknowledged %v then %v after %d webhooks", m.Acknowledged, now.Acknowledged, len(w.webhooks()))
	}
}

func TestSend_Refusals(t *testing.T) {
	template := func(name, components string) string {
		return fmt.Sprintf(
			`{"messaging_product":"whatsapp","to":"+420601234567","type":"template","template":{"name":%q,"language":{"code":"en"},"components":[%s]}}`,
			name,
			components,
		)
	}
	w := newBench(t)
	if _, code := w.send(textToAnna); code != 131047 {
		t.Errorf("before she wrote: got %d, want 131047", code)
	}
	w.say("hello")
	for body, want := range map[string]int{
		textToAnna: 0,
		strings.Replace(textToAnna, "+420601234567", "+420999999999", 1):       131026,
		strings.Replace(textToAnna, "Dobrý den", strings.Repeat("x", 4097), 1): 100,
		template("no_such_template", ""):                                       132001,
		template("payment_received", ""):                                       132000,
		template("payment_received", `{"type":"body","parameters":[{"type":"text","text":"Jane"},{"type":"text","text":"€ 5"}]}`): 0,
		`{"messaging_product":"whatsapp","to":"+420601234567","type":"image","image":{"id":"1"}}`:                                 131009,
		`{`: 100,
	} {
		if _, code := w.send(body); code != want {
			t.Errorf("%.150s: got %d, want %d", body, code, want)
		}
	}
	if raw := w.call("POST", "/v25.0/"+number+"/messages", "wrong", textToAnna); !strings.Contains(raw, "190") {
		t.Errorf("wrong token: got %s", raw)
	}
	w.clock.Advance(25 * time.Hour)
	if _, code := w.send(textToAnna); code != 131047 {
		t.Errorf("a day later: got %d, want 131047", code)
	}
}

func states(w *bench, id string) string {
	m, _ := w.sim.World.Message(id)
	return fmt.Sprint(m.State, m.Statuses)
}

func TestStatuses_Follow(t *testing.T) {
	w := newBench(t)
	w.say("hello")
	id, _ := w.send(textToAnna)
	w.clock.Advance(time.Second)
	if got := states(w, id); got != "delivered[sent delivered]" {
		t.Errorf("got %s", got)
	}
	if err := w.sim.World.Read(number, w.anna.ID); err != nil || states(w, id) != "read[sent delivered read]" {
		t.Errorf("got %s, %v", states(w, id), err)
	}
}

func TestFaults_Statuses(t *testing.T) {
	for want, f := range map[string]world.Faults{
		"read[read delivered sent]": {ReorderStatuses: true},
		"sending[]":                 {NoStatuses: true},
		"failed[failed]":            {WindowClosed: true, WindowByStatus: true},
		"delivered[sent delivered]": {StatusFirst: true},
	} {
		w := newBench(t)
		w.say("hello")
		_ = w.sim.World.SetFaults(number, f)
		id, _ := w.send(textToAnna)
		if f.StatusFirst && states(w, id) != "sent[sent]" {
			t.Errorf("status first: got %s", states(w, id))
		}
		w.clock.Advance(time.Second)
		if got := states(w, id); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestFaults_HiddenPhoneAndDuplicates(t *testing.T) {
	w := newBench(t)
	_ = w.sim.World.SetFaults(number, world.Faults{HidePhone: true, Duplicate: true})
	w.say("hello")
	hooks := w.webhooks()
	if len(hooks) != 2 || hooks[0] != hooks[1] || strings.Contains(hooks[0], "420601234567") || !strings.Contains(hooks[0], w.anna.UserID) {
		t.Errorf("got %q", hooks)
	}
}

func TestMedia_AddressLivesFiveMinutes(t *testing.T) {
	w := newBench(t)
	photo := world.SamplePhoto()
	m, err := w.sim.World.Say(w.anna.ID, number, world.Message{Kind: domain.KindImage, File: &photo})
	if err != nil {
		t.Fatal(err)
	}
	var info struct{ URL string }
	_ = json.Unmarshal([]byte(w.call("GET", "/v25.0/"+m.File.ID, token, "")), &info)
	if got := w.call("GET", info.URL, token, ""); got != string(photo.Data) {
		t.Errorf("got %d bytes, want %d", len(got), len(photo.Data))
	}
	if got := w.call("GET", info.URL, "", ""); !strings.Contains(got, "190") {
		t.Errorf("without token: got %.60q", got)
	}
	w.clock.Advance(6 * time.Minute)
	if got := w.call("GET", info.URL, token, ""); !strings.Contains(got, "expired") {
		t.Errorf("later: got %.60q", got)
	}
}

func TestReadAndTyping_Observed(t *testing.T) {
	w := newBench(t)
	m := w.say("hello")
	changes, stop := w.sim.World.Watch()
	defer stop()
	w.call("POST", "/v25.0/"+number+"/messages", token,
		fmt.Sprintf(`{"messaging_product":"whatsapp","status":"read","message_id":%q,"typing_indicator":{"type":"text"}}`, m.ID))
	<-changes
	if now, _ := w.sim.World.Message(m.ID); !now.ReadByDesk || !w.sim.World.IsTyping(number, w.anna.ID) {
		t.Errorf("got read %v typing %v", now.ReadByDesk, w.sim.World.IsTyping(number, w.anna.ID))
	}
	w.clock.Advance(26 * time.Second)
	if w.sim.World.IsTyping(number, w.anna.ID) {
		t.Error("still typing after 26 seconds")
	}
}

func TestEchoEditRevokeReaction_InTheLog(t *testing.T) {
	w := newBench(t)
	m := w.say("helo")
	if _, err := w.sim.World.Echo(number, w.anna.ID, "from the phone"); err != nil {
		t.Fatal(err)
	}
	_, _ = w.sim.World.Say(w.anna.ID, number, world.Message{Kind: domain.KindReaction, Target: m.ID, Emoji: "👍"})
	if err := w.sim.World.Edit(m.ID, "hello"); err != nil {
		t.Fatal(err)
	}
	if err := w.sim.World.Revoke(m.ID); err != nil {
		t.Fatal(err)
	}
	thread := w.sim.World.Thread(number, w.anna.ID)
	if len(thread) != 2 || thread[0].Text != "hello" || !thread[0].Deleted || thread[0].ByCustomer != "👍" || !thread[1].Echo {
		t.Errorf("got %+v", thread)
	}
	if got := len(w.webhooks()); got != 5 {
		t.Errorf("got %d webhooks, want 5", got)
	}
}
