// Package standin is what the harnesses of simulated vendors have in common: the vendor that stands in for the real
// one, with a business and one customer of it.
//
//	standin.go  the vendor, what the customer does and gets, and how the vendor misbehaves
//	files.go    files that a driver publishes for its vendor to fetch
package standin

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
)

// Start is the present when a case begins.
var Start = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// Options say which business the customer writes to.
type Options struct {
	Number  string         // of the business that the customer writes to, by its id in the simulator
	Numbers []world.Number // all that the vendor knows; their webhooks go to Desk
	Desk    http.Handler   // takes webhooks in; nil = the vendor's own Hooks
	Path    string         // of the webhook's address
	Phone   string         // the customer's telephone; "" = known by an id of the vendor's only
}

// Vendor is a vendor of the simulator with one customer, and a webhook address that keeps what it gets. Harnesses embed
// it and add what differs: the driver, how the customer is addressed, what the vendor cannot do.
type Vendor struct {
	drivertest.Hooks
	drivertest.Watch
	Sim      *simulator.Simulator
	Clock    *world.ManualClock
	Customer world.Customer
	Server   *httptest.Server // the vendor's
	DeskURL  string           // where the vendor reaches the desk

	number    string
	transport *http.Transport
}

// New starts a vendor; the test's end stops it.
func New(t testing.TB, o Options) *Vendor {
	t.Helper()
	v := &Vendor{Clock: world.NewManualClock(Start), number: o.Number, transport: &http.Transport{}}
	if o.Desk == nil {
		o.Desk = &v.Hooks
	}
	desk := httptest.NewServer(o.Desk)
	t.Cleanup(desk.Close)
	v.DeskURL = desk.URL
	for i := range o.Numbers {
		o.Numbers[i].Hook = desk.URL + o.Path
	}
	v.Sim = simulator.New(simulator.Options{Clock: v.Clock, PageSize: 3, Numbers: o.Numbers})
	t.Cleanup(v.Sim.Stop)
	v.Server = httptest.NewServer(v.Wrap(v.Sim.Handler()))
	t.Cleanup(v.Server.Close)
	t.Cleanup(v.transport.CloseIdleConnections)
	v.Sim.World.ServedAt(v.Server.URL)
	var err error
	if v.Customer, err = v.Sim.World.CreateCustomer("Žofie Dvořáková", o.Phone, o.Phone == ""); err != nil {
		t.Fatalf("create customer: %v", err)
	}
	return v
}

// Client is the HTTP client for the driver: its connections end with the test.
func (v *Vendor) Client() *http.Client { return &http.Client{Transport: v.transport} }

// Recipient is the customer by their telephone.
func (v *Vendor) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.PhoneIdentity, Value: v.Customer.Phone}
}

// Say lets the customer say something and gives the webhooks of it.
func (v *Vendor) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	t.Helper()
	m := world.Message{
		Kind:     s.Kind,
		Text:     s.Text,
		Location: s.Location,
		Cards:    s.Cards,
		ReplyTo:  s.ReplyTo,
		Target:   s.Target,
		Emoji:    s.Emoji,
	}
	if s.Data != nil {
		m.File = &world.File{Name: s.Name, MIME: s.MIME, Data: s.Data}
	}
	return v.CollectDuring(func() {
		if _, err := v.Sim.World.Say(v.Customer.ID, v.number, m); err != nil {
			t.Fatalf("say: %v", err)
		}
	})
}

// SayRaw lets the customer say something in the vendor's own form.
func (v *Vendor) SayRaw(t testing.TB, item map[string]any) carrier.Webhook {
	t.Helper()
	return v.CollectDuring(func() {
		if _, err := v.Sim.World.SayRaw(v.Customer.ID, v.number, item); err != nil {
			t.Fatalf("say: %v", err)
		}
	})[0]
}

// Publish gives the webhook of an event in the vendor's own form.
func (v *Vendor) Publish(t testing.TB, event string, value map[string]any) carrier.Webhook {
	t.Helper()
	return v.CollectDuring(func() {
		if err := v.Sim.World.Publish(v.number, event, value); err != nil {
			t.Fatalf("publish: %v", err)
		}
	})[0]
}

// Received is what the customer got.
func (v *Vendor) Received(t testing.TB, vendorID string) drivertest.Message {
	t.Helper()
	m, ok := v.Sim.World.Message(vendorID)
	if !ok {
		t.Fatalf("the vendor knows no message %s", vendorID)
	}
	s := drivertest.Message{
		ID:       m.ID,
		Kind:     m.Kind,
		Text:     m.Text,
		Location: m.Location,
		Cards:    m.Cards,
		ReplyTo:  m.ReplyTo,
		Target:   m.Target,
		Emoji:    m.Emoji,
	}
	if m.File != nil {
		s.Name, s.MIME, s.Data = m.File.Name, m.File.MIME, m.File.Data
	}
	return s
}

// Count is how many messages the customer got.
func (v *Vendor) Count(testing.TB) int {
	n := 0
	for _, m := range v.Sim.World.Thread(v.number, v.Customer.ID) {
		if !m.FromCustomer {
			n++
		}
	}
	return n
}

// Follow lets the customer read everything a second later.
func (v *Vendor) Follow(t testing.TB, _ string) []carrier.Webhook {
	t.Helper()
	return v.CollectDuring(func() {
		v.Clock.Advance(time.Second)
		if err := v.Sim.World.Read(v.number, v.Customer.ID); err != nil {
			t.Fatalf("read: %v", err)
		}
	})
}

// Misbehave makes the vendor misbehave in every number. codes are the vendor's own for the faults that it tells by one.
func (v *Vendor) Misbehave(t testing.TB, f drivertest.Fault, codes map[drivertest.Fault]world.Faults) {
	t.Helper()
	faults, told := codes[f]
	if !told {
		faults = usualFaults[f]
	}
	if f == drivertest.Gone {
		v.Server.Close()
		v.transport.CloseIdleConnections()
	}
	for _, n := range v.Sim.World.Numbers() {
		if err := v.Sim.World.SetFaults(n.ID, faults); err != nil {
			t.Fatalf("set faults: %v", err)
		}
	}
}

// usualFaults are those that the simulator tells in the words of each vendor.
var usualFaults = map[drivertest.Fault]world.Faults{
	drivertest.Limited: {RateLimited: true, RetryAfter: 30 * time.Second},
	drivertest.Expired: {TokenExpired: true},
	drivertest.Closed:  {WindowClosed: true},
	drivertest.Cut:     {CutAfter: true},
	drivertest.Silent:  {Delay: time.Hour},
}
