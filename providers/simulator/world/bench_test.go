package world_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator/world"
)

// plain is the dialect of a vendor that tells everything in a line of words.
type plain struct{}

func (plain) Traits() world.Traits {
	return world.Traits{Kind: domain.SMS, Carrier: "Plain", Switches: world.RequestSwitches}
}

func (plain) NewMessageID(s *world.State, _ *world.Message) string { return "id" + s.NewID() }

func (plain) WriteMessage(_ *world.State, _ world.Number, c *world.Customer, m *world.Message) world.Webhook {
	words := "said " + c.Name + ": " + m.Text + m.Emoji
	if m.Echo {
		words = "echo: " + m.Text
	}
	if m.File != nil {
		words += " file " + m.File.Name
	}
	return world.Webhook{Body: []byte(words)}
}

func (plain) WriteEdit(_ *world.State, _ world.Number, _ *world.Customer, m *world.Message) world.Webhook {
	return world.Webhook{Body: []byte("edited: " + m.Text)}
}

// WriteRemoval has no word for it.
func (plain) WriteRemoval(*world.State, world.Number, *world.Customer, *world.Message) world.Webhook {
	return world.Webhook{}
}

func (plain) WriteRaw(
	_ *world.State, _ world.Number, _ *world.Customer, fields map[string]any,
) (hook world.Webhook, id string) {
	body, _ := json.Marshal(fields)
	return world.Webhook{Body: body}, "raw"
}

func (plain) WriteNews(_ *world.State, _ world.Number, field string, _ map[string]any) world.Webhook {
	return world.Webhook{Body: []byte("news " + field)}
}

func (plain) WriteStatus(
	_ *world.State, n world.Number, _ *world.Message, state domain.MessageState, _ int,
) world.Webhook {
	return world.Webhook{Address: n.Hook + "/status", Body: []byte(state)}
}

func (plain) SignWebhook(r *http.Request, n world.Number, _ []byte) {
	r.Header.Set("Signed-By", n.AppSecret)
}

// number is the business of the bench.
const number = "100"

// bench is a world with one number and one customer, and a desk that keeps what it is told.
type bench struct {
	t     *testing.T
	world *world.World
	clock *world.ManualClock
	desk  *httptest.Server
	anna  world.Customer

	mu     sync.Mutex
	told   []string // path and body
	refuse int      // how many webhooks are answered 500
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, clock: world.NewManualClock(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC))}
	b.desk = httptest.NewServer(http.HandlerFunc(b.takeIn))
	t.Cleanup(b.desk.Close)
	b.world = world.New(world.Options{Clock: b.clock})
	t.Cleanup(b.world.Stop)
	b.world.AddNumber(world.Number{ID: number, Phone: "+420601000111", AppSecret: "secret", Hook: b.desk.URL}, plain{})
	return b
}

// withAnna adds the customer.
func (b *bench) withAnna() *bench {
	b.t.Helper()
	var err error
	if b.anna, err = b.world.CreateCustomer("Anna", "+420601234567", false); err != nil {
		b.t.Fatal(err)
	}
	return b
}

func (b *bench) takeIn(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse > 0 {
		b.refuse--
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if r.Header.Get("Signed-By") != "secret" {
		b.t.Error("a webhook is not signed")
	}
	b.told = append(b.told, strings.TrimPrefix(r.URL.Path, "/")+string(body))
}

// takeWebhooks gives what the desk was told since the last call.
func (b *bench) takeWebhooks() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.told = nil }()
	return b.told
}

func (b *bench) wantHeard(want ...string) {
	b.t.Helper()
	if got := b.takeWebhooks(); !slices.Equal(got, want) {
		b.t.Errorf("the desk was told %q, want %q", got, want)
	}
}

func (b *bench) say(m world.Message) world.Message {
	b.t.Helper()
	out, err := b.world.Say(b.anna.ID, number, m)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// send stores a message of the desk, as a vendor's server does.
func (b *bench) send(text string) (id string) {
	m := &world.Message{
		Number: number, Customer: b.anna.ID, Kind: domain.KindText, Text: text, State: domain.StateSending,
	}
	b.world.Do(func(s *world.State) {
		s.Store(m)
		id = m.ID
	})
	return id
}

func text(words string) world.Message { return world.Message{Kind: domain.KindText, Text: words} }

func wantUnknown(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, world.ErrUnknown) {
		t.Errorf("%s: got %v, want ErrUnknown", what, err)
	}
}
