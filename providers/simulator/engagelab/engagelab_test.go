package engagelab_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
)

const number, account = "100000000000001", "200000000000001"

// lab is a simulator with one number of EngageLab and a desk that keeps what it is told.
type lab struct {
	t     *testing.T
	sim   *simulator.Simulator
	clock *world.ManualClock
	anna  world.Customer

	mu      sync.Mutex
	words   []string // message_status, event of a response or of a notification, in order
	headers []string
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t, clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))}
	desk := httptest.NewServer(http.HandlerFunc(l.desk))
	t.Cleanup(desk.Close)
	l.sim = simulator.New(simulator.Options{Clock: l.clock, Numbers: []world.Number{{
		ID: number, Account: account, Phone: "+420603000444", Vendor: simulator.EngageLab, AppSecret: "desk:secret",
		AccessToken: "key:secret", Hook: desk.URL,
	}}})
	t.Cleanup(l.sim.Stop)
	if err := l.sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	l.anna, _ = l.sim.World.CreateCustomer("Anna", "+420601234567", false)
	return l
}

func (l *lab) desk(_ http.ResponseWriter, r *http.Request) {
	var in struct {
		Rows []struct {
			Status struct {
				Word string `json:"message_status"`
			}
			Response, Notification struct{ Event string }
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.headers = append(l.headers, r.Header.Get("X-Callback-Id"))
	for _, row := range in.Rows {
		l.words = append(l.words, row.Status.Word+row.Response.Event+row.Notification.Event)
	}
}

// takeReports gives what the desk was told since the last call.
func (l *lab) takeReports() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() { l.words = nil }()
	return strings.Join(l.words, " ")
}

func (l *lab) say(replyTo string) {
	l.t.Helper()
	if _, err := l.sim.World.Say(l.anna.ID, number, world.Message{Kind: domain.KindText, Text: "hello", ReplyTo: replyTo}); err != nil {
		l.t.Fatal(err)
	}
}

// send posts a send and gives the vendor's id or code, and the HTTP status.
func (l *lab) send(key, body string) (id string, code, status int) {
	l.t.Helper()
	req, err := http.NewRequest(http.MethodPost, l.sim.URL()+"/v1/messages", strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	if user, secret, ok := strings.Cut(key, ":"); ok {
		req.SetBasicAuth(user, secret)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct {
		MessageID string `json:"message_id"`
		Code      int    `json:"code"`
	}
	raw, _ := io.ReadAll(res.Body)
	_ = json.Unmarshal(raw, &out)
	return out.MessageID, out.Code, res.StatusCode
}

const labText = `{"from":"+420603000444","to":["+420601234567"],"body":{"type":"text","text":{"body":"Dobrý den"}},"custom_args":{"desk_message":"m1"}}`

func TestEngageLab_EveryEvent(t *testing.T) {
	l := newLab(t)
	l.say("")
	var id string
	for _, c := range []struct {
		faults world.Faults
		want   string
	}{
		{world.Faults{}, "sent delivered"},
		{world.Faults{FailCode: 131049}, "sent_failed"},
		{world.Faults{WindowClosed: true}, "sent_failed"},
		{world.Faults{Undelivered: true}, "sent delivered_failed"},
		{world.Faults{TimedOut: true}, "sent delivered_timeout"},
		{world.Faults{StatusFirst: true}, "sent delivered"},
		{world.Faults{ReorderStatuses: true}, "read delivered sent"},
		{world.Faults{NoStatuses: true}, ""},
		{world.Faults{Duplicate: true}, "sent sent delivered delivered"},
	} {
		_ = l.sim.World.SetFaults(number, c.faults)
		l.takeReports()
		id, _, _ = l.send("key:secret", labText)
		l.clock.Advance(time.Second)
		if got := l.takeReports(); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.faults, got, c.want)
		}
	}
	_ = l.sim.World.SetFaults(number, world.Faults{})
	l.say("")
	l.say(id)
	if got := l.takeReports(); got != "received reply" {
		t.Errorf("got %q, want received reply", got)
	}
}

func TestEngageLab_Signed(t *testing.T) {
	l := newLab(t)
	l.say("")
	if h := l.headers[0]; !strings.HasPrefix(h, fmt.Sprintf("timestamp=%d;nonce=", l.clock.Now().Unix())) ||
		!strings.Contains(h, ";username=desk;signature=") {
		t.Errorf("got %q", h)
	}
}

func TestEngageLab_NeverTold(t *testing.T) {
	l := newLab(t)
	if _, err := l.sim.World.Echo(number, l.anna.ID, "from the phone"); err != nil || l.takeReports() != "" {
		t.Errorf("got %v and a callback for what staff wrote on the telephone, want none", err)
	}
}

func TestEngageLab_Refusals(t *testing.T) {
	l := newLab(t)
	l.say("")
	template := func(name string) string {
		return fmt.Sprintf(
			`{"to":["+420601234567"],"body":{"type":"template","template":{"name":%q,"language":"en","components":[]}}}`,
			name,
		)
	}
	for _, c := range []struct {
		key, body    string
		code, status int
	}{
		{"key:secret", labText, 0, 200},
		{"key:secret", strings.Replace(labText, "+420601234567", "+420999999999", 1), 0, 200}, // told by callback
		{"", labText, 2001, 401},
		{"key:other", labText, 2002, 401},
		{"key:secret", strings.Replace(labText, "+420603000444", "+420777777777", 1), 2004, 403},
		{"key:secret", "{", 3001, 400},
		{"key:secret", `{"to":[]}`, 3002, 400},
		{"key:secret", strings.Replace(labText, "Dobrý den", strings.Repeat("x", 4097), 1), 3002, 400},
		{"key:secret", strings.Replace(labText, `"type":"text"`, `"type":"location"`, 1), 3002, 400},
		{"key:secret", template("no_such_template"), 4001, 400},
		{"key:secret", template("payment_received"), 3003, 400},
	} {
		if _, code, status := l.send(c.key, c.body); code != c.code || status != c.status {
			t.Errorf("%s %.120s: got %d with HTTP %d, want %d with %d", c.key, c.body, code, status, c.code, c.status)
		}
	}
	l.takeReports()
	l.clock.Advance(time.Second)
	if got := l.takeReports(); !strings.Contains(got, "target_invalid") {
		t.Errorf("got %q, want target_invalid for the number nobody has", got)
	}
}
