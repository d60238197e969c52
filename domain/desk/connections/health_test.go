package connections_test

import (
	"context"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
	"pult/internal/desktest"
)

func TestHealth_WaitsThenConnected(t *testing.T) {
	d := desktest.New(t)
	if got := d.HealthOf(d.Channel).State; got != connections.HealthWaits {
		t.Errorf("before anything came: got %s, want %s", got, connections.HealthWaits)
	}
	d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	if got := d.HealthOf(d.Channel); got.State != connections.HealthGood || got.LastEvent.IsZero() {
		t.Errorf("after a message: got %s, last event %v", got.State, got.LastEvent)
	}
}

func TestHealth_RefusedCredentialsAlertAdministratorsUntilTheyWork(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	d.Answer(d.Eva, c.ID, "one")
	h := d.HealthOf(d.Channel)
	if h.State != connections.HealthFailing || h.Words != "provider.unauthorised" || !h.Since.Equal(d.Clock.Now()) || h.Errors != 1 {
		t.Errorf("got %+v, want failing since now with the sentence", h)
	}
	alerts, err := d.Connections.ListAlerts(t.Context(), d.Eva)
	if err != nil || len(alerts) != 1 || alerts[0].Channel != d.Channel.ID {
		t.Errorf("administrator: got %+v, %v, want the channel", alerts, err)
	}
	if alerts, err = d.Connections.ListAlerts(t.Context(), d.Jana); err != nil || len(alerts) != 0 {
		t.Errorf("operator: got %+v, %v, want nothing", alerts, err)
	}
	d.Vendor.Answer(nil)
	d.Answer(d.Eva, c.ID, "two")
	d.Clock.Move(10 * time.Second) // both wait until one of them is tried
	d.Settle()
	if got := d.HealthOf(d.Channel); got.State != connections.HealthGood || got.Calls < 2 {
		t.Errorf("once it works: got %+v", got)
	}
}

// Refusals of single messages, and a call or two without an answer, are no reason to call an administrator.
func TestHealth_SingleFailuresAreNotAFailingChannel(t *testing.T) {
	d := desktest.New(t)
	c := d.Say(d.Channel, desktest.Customer("Anna", "+420601234567"), "hello")
	for _, e := range []*carrier.Error{
		{Class: carrier.Uncertain, Key: "provider.uncertain"}, {Class: carrier.Uncertain, Key: "provider.uncertain"},
		{Class: carrier.Unreachable, Code: "131026", Key: "provider.unreachable"}, {Class: carrier.Uncertain, Key: "provider.uncertain"},
	} {
		d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) { return carrier.Receipt{}, e })
		d.Answer(d.Eva, c.ID, "x")
		if got := d.HealthOf(d.Channel).State; got != connections.HealthGood {
			t.Errorf("after %s: got %s, want %s", e.Class, got, connections.HealthGood)
		}
	}
}

// inspected is a vendor that says when the credentials end.
type inspected struct {
	*desktest.Vendor
	found carrier.Condition
}

func (v *inspected) Inspect(context.Context) (carrier.Condition, error) { return v.found, nil }

func TestAlerts_EndOfCredentialsIsAnAlertBeforeItComes(t *testing.T) {
	d := desktest.New(t)
	vendor := &inspected{Vendor: d.Vendor, found: carrier.Condition{State: carrier.ConditionGood}}
	d.Drivers = map[string]func(domain.Channel) (carrier.Driver, error){
		"inspected": func(domain.Channel) (carrier.Driver, error) { return vendor, nil },
	}
	if _, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key: "ends", Kind: domain.WhatsApp, Driver: "inspected", Name: "ends", Enabled: true, Account: "900",
	}); err != nil {
		t.Fatal(err)
	}
	count := func(who *domain.Operator) int {
		t.Helper()
		d.Clock.Move(connections.CheckEvery)
		d.Settle()
		alerts, err := d.Connections.ListAlerts(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		return len(alerts)
	}
	vendor.found.Expires = d.Clock.Now().AddDate(0, 2, 0)
	if n := count(d.Eva); n != 0 {
		t.Errorf("two months before: %d alerts, want none", n)
	}
	vendor.found.State, vendor.found.Words = carrier.ConditionWarning, "provider.whatsapp.health.expires"
	vendor.found.Expires = d.Clock.Now().AddDate(0, 0, 13)
	if n := count(d.Eva); n != 1 {
		t.Errorf("13 days before: %d alerts, want one", n)
	}
	if n := count(d.Jana); n != 0 {
		t.Errorf("an operator gets %d alerts, want none", n)
	}
	vendor.found = carrier.Condition{State: carrier.ConditionGood}
	if n := count(d.Eva); n != 0 {
		t.Errorf("with a new token: %d alerts, want none", n)
	}
}

func TestAlerts_ProxyThatNobodyNamedIsToldForAnHour(t *testing.T) {
	d := desktest.New(t)
	d.Connections.NoteUnnamedProxy("127.0.0.1")
	alerts, err := d.Connections.ListAlerts(t.Context(), d.Eva)
	if err != nil || len(alerts) != 1 || alerts[0].Proxy != "127.0.0.1" {
		t.Errorf("administrator: got %+v, %v, want the proxy", alerts, err)
	}
	if alerts, err = d.Connections.ListAlerts(t.Context(), d.Jana); err != nil || len(alerts) != 0 {
		t.Errorf("operator: got %+v, %v, want nothing", alerts, err)
	}
	d.Clock.Move(time.Hour + time.Second)
	if alerts, err = d.Connections.ListAlerts(t.Context(), d.Eva); err != nil || len(alerts) != 0 {
		t.Errorf("an hour after its last request: got %+v, %v, want nothing", alerts, err)
	}
}
