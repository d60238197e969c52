package engagelab_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/engagelab"
	"pult/providers/simulator/world"
)

const (
	number     = "+420910123456"
	businessID = "104"
	devKey     = "desk-key-0001"
	devSecret  = "desk-secret-0001"
	username   = "desk"
	callback   = "tajne-slovo"
)

var start = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func config(base string) engagelab.Config {
	return engagelab.Config{
		BaseURL: base, Number: number, BusinessID: businessID, DevKey: devKey, DevSecret: devSecret, Now: func() time.Time { return start },
	}
}

func signedConfig(base string) engagelab.Config {
	cfg := config(base)
	cfg.CallbackUsername, cfg.CallbackSecret = username, callback
	return cfg
}

func newDriver(t testing.TB, cfg engagelab.Config) *engagelab.Driver {
	t.Helper()
	d, err := engagelab.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return d
}

func TestDriver(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Harness { return newHarness(t) })
}

// follow sends a message under faults and gives the reports on it.
func (h *harness) follow(t *testing.T, f world.Faults, m carrier.Outgoing) (states []domain.MessageState, last *domain.Failure) {
	t.Helper()
	if err := h.Sim.World.SetFaults(numberID, f); err != nil {
		t.Fatal(err)
	}
	hooks := h.CollectDuring(func() {
		if _, err := h.driver.Send(context.Background(), m); err != nil {
			t.Fatalf("send: %v", err)
		}
		h.Clock.Advance(time.Second)
	})
	for _, w := range hooks {
		b, err := h.driver.Parse(w)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range b.Statuses {
			if s.Ours != m.ID.String() {
				t.Errorf("got our id %q, want %q", s.Ours, m.ID)
			}
			states, last = append(states, s.State), s.Failure
		}
	}
	return states, last
}

func TestCallbacks_HowAMessageEnds(t *testing.T) {
	nobody := newText()
	nobody.To.Value = "+420999999999"
	for name, c := range map[string]struct {
		faults world.Faults
		m      carrier.Outgoing
		states string
		key    string
	}{
		"delivered":     {world.Faults{}, newText(), "[sent delivered]", ""},
		"window closed": {world.Faults{WindowClosed: true}, newText(), "[failed]", "provider.whatsapp.131047"},
		"nobody there":  {world.Faults{}, nobody, "[failed]", "provider.whatsapp.131026"},
		"undelivered":   {world.Faults{Undelivered: true}, newText(), "[sent undelivered]", "provider.whatsapp.131026"},
		"not confirmed": {world.Faults{TimedOut: true}, newText(), "[sent timed_out]", "provider.engagelab.timed_out"},
	} {
		t.Run(name, func(t *testing.T) {
			states, failure := newHarness(t).follow(t, c.faults, c.m)
			key := ""
			if failure != nil {
				key = failure.Key
			}
			if got := fmt.Sprint(states); got != c.states || key != c.key {
				t.Errorf("got %s with %q, want %s with %q", got, key, c.states, c.key)
			}
		})
	}
}

func TestReply_QuotesOurMessage(t *testing.T) {
	h := newHarness(t)
	r, err := h.driver.Send(context.Background(), newText())
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.driver.Parse(h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "Ano", ReplyTo: r.VendorID})[0])
	if err != nil || len(b.Messages) != 1 || b.Messages[0].ReplyTo != r.VendorID {
		t.Errorf("got %+v, %v; want a reply to %s", b.Messages, err, r.VendorID)
	}
}

func TestTest(t *testing.T) {
	h := newHarness(t)
	if a, err := h.driver.Test(context.Background()); err != nil || a.Number != number {
		t.Errorf("got %+v, %v; want %s", a, err, number)
	}
	cfg := config(h.Server.URL)
	cfg.DevSecret = "the-secret-of-another-key"
	_, err := newDriver(t, cfg).Test(context.Background())
	if e := asError(t, err); e.Class != carrier.Unauthorised || e.Key != "provider.engagelab.2002" {
		t.Errorf("mismatched pair: got %v with %q", e, e.Key)
	}
}

func TestTemplates_OnlyDescribableOnesAreSendable(t *testing.T) {
	list, err := newHarness(t).driver.Templates(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]domain.TemplateStatus{}
	for _, tpl := range list {
		got[tpl.Name+" "+tpl.Language] = tpl.Status
	}
	want := map[string]domain.TemplateStatus{
		"delivery_on_the_way cs": domain.TemplateApproved, "visit_reminder cs": domain.TemplatePaused,
		"spring_voucher cs": domain.TemplatePending, "payment_overdue fr": domain.TemplateRejected,
	}
	for name, status := range want {
		if got[name] != status {
			t.Errorf("%s: got %q, want %q", name, got[name], status)
		}
	}
}

func TestNew_NamesEveryFault(t *testing.T) {
	_, err := engagelab.New(engagelab.Config{BaseURL: "ftp://x", CallbackUsername: "desk"})
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatalf("got %v, want an Invalid error", err)
	}
	for _, field := range []string{"base_url", "number", "business_id", "dev_key", "dev_secret", "callback_secret"} {
		if e.Fields[field] == "" {
			t.Errorf("got no fault for %s", field)
		}
	}
}

func TestNew_StraySpacesAreDropped(t *testing.T) {
	h := newHarness(t)
	cfg := config(" " + h.Server.URL + "\n")
	cfg.DevKey, cfg.DevSecret = " "+devKey, devSecret+"\t"
	if _, err := newDriver(t, cfg).Test(context.Background()); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestCapabilities_NoFilesWithoutLinks(t *testing.T) {
	d := newDriver(t, config(""))
	m := newText()
	m.Kind, m.Media = domain.KindImage, &carrier.OutgoingMedia{MIME: "image/png", Size: 1}
	if files := d.Capabilities().Files; len(files) != 0 {
		t.Errorf("got %v, want none", files)
	}
	_, err := d.Send(context.Background(), m)
	if e := asError(t, err); e.Class != carrier.InvalidValue || !strings.HasSuffix(e.Key, "no_link") {
		t.Errorf("got %v with %q", e, e.Key)
	}
}
