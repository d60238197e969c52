package channels_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/internal/desktest"
)

const canary = "canary-secret-7f3a-WXYZ"

func newChannelForm() channels.Form {
	return channels.Form{Driver: "test", Name: " Prodej ", Values: map[string]string{
		"account": " 300000000000001 ", "number": "+420777888999", "test_token": canary, "verify": "random",
	}}
}

func connectChannel(t *testing.T, d *desktest.Desk) domain.Channel {
	t.Helper()
	c, err := d.Channels.Connect(t.Context(), d.Eva, newChannelForm())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func countChannels(t *testing.T, d *desktest.Desk) int {
	t.Helper()
	list, err := d.Channels.List(t.Context(), d.Eva)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestConnectChannel_IsStoredTrimmedAndTakesWebhooks(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	if c.Name != "Prodej" || c.Account != "300000000000001" || !c.Enabled || len(c.Key) < 26 || c.Secrets["token"].Reveal() != canary {
		t.Errorf("got %+v with key %q", c, c.Key)
	}
	d.Say(c, desktest.Anna, "Dobrý den")
}

func TestConnectChannel_TakesTheVendorsNumberWhenNoneWasTyped(t *testing.T) {
	d := desktest.New(t)
	d.Vendor.TestWith(func() (carrier.Account, error) { return carrier.Account{Number: "+420601222333"}, nil })
	f := newChannelForm()
	f.Values["number"] = ""
	c, err := d.Channels.Connect(t.Context(), d.Eva, f)
	if err != nil || c.Number != "+420601222333" {
		t.Errorf("got %q, %v, want the vendor's number", c.Number, err)
	}
	_, err = d.Channels.Connect(t.Context(), d.Eva, newChannelForm())
	if got := desktest.FaultsOf(err)["number"]; got != "error.field.number_differs" {
		t.Errorf("another number than the vendor's: got %v", err)
	}
}

func TestConnectChannel_FailedTestSavesNothing(t *testing.T) {
	d := desktest.New(t)
	before := countChannels(t, d)
	for name, c := range map[string]struct {
		err   *carrier.Error
		field string
		key   string
	}{
		"at a field": {&carrier.Error{Class: carrier.Unauthorised, Code: "token"}, "test_token", "error.form"},
		"keys":       {&carrier.Error{Class: carrier.Unauthorised}, "", "channels.test.unauthorised"},
		"no answer":  {&carrier.Error{Class: carrier.Uncertain}, "", "channels.test.unreachable"},
		"busy":       {&carrier.Error{Class: carrier.RateLimited}, "", "channels.test.busy"},
		"else":       {&carrier.Error{Class: carrier.Permanent, Code: "7", Detail: "no"}, "", "channels.test.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			d.Vendor.TestWith(func() (carrier.Account, error) { return carrier.Account{}, c.err })
			_, err := d.Channels.Connect(t.Context(), d.Eva, newChannelForm())
			var e *domain.Error
			if !errors.As(err, &e) || e.Kind != domain.Invalid || e.Key != c.key || c.field != "" && e.Fields[c.field] == "" {
				t.Errorf("got %+v, want %s at %q", err, c.key, c.field)
			}
		})
	}
	if after := countChannels(t, d); after != before {
		t.Errorf("there are %d channels, want %d as before", after, before)
	}
}

func TestConnectChannel_NamesEveryFaultAtOnce(t *testing.T) {
	d := desktest.New(t)
	_, err := d.Channels.Connect(t.Context(), d.Eva, channels.Form{Driver: "test", Values: map[string]string{
		"account": "12 34", "number": "777888999", "test_url": "http://10.0.0.1/",
	}})
	want := map[string]string{
		"name": "error.field.name", "account": "error.field.digits", "number": "error.field.number", "test_token": "error.field.required",
		"verify": "error.field.required", "test_url": "error.field.url",
	}
	if got := desktest.FaultsOf(err); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := d.Channels.Connect(t.Context(), d.Eva, channels.Form{Driver: "none"}); desktest.FaultsOf(err)["driver"] == "" {
		t.Errorf("unknown driver: got %v", err)
	}
}

func TestConnectChannel_SameAccountIsAConflictAtItsField(t *testing.T) {
	d := desktest.New(t)
	connectChannel(t, d)
	_, err := d.Channels.Connect(t.Context(), d.Eva, newChannelForm())
	if domain.KindOf(err) != domain.Conflict || desktest.FaultsOf(err)["account"] != "error.channel_taken" {
		t.Errorf("got %v with %v, want a conflict at the account", err, desktest.FaultsOf(err))
	}
}

func TestConnectChannel_UnknownOperatorsAreRefused(t *testing.T) {
	d := desktest.New(t)
	f := newChannelForm()
	f.Operators = []domain.ID{{1, 2, 3}}
	if _, err := d.Channels.Connect(t.Context(), d.Eva, f); desktest.FaultsOf(err)["operators"] == "" {
		t.Errorf("got %v", err)
	}
}

func TestChannelSettings_HoldNoCredential(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	s, err := d.Channels.Read(t.Context(), d.Eva, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(s.Channel)
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprintf("%+v %s %v %v", s, text, s.Values, s.Channel.Secrets); strings.Contains(all, canary) {
		t.Errorf("the credential is in %s", all)
	}
	if s.Tails["test_token"] != "WXYZ" || s.Values["verify"] != "random" {
		t.Errorf("got tails %v, values %v", s.Tails, s.Values)
	}
}

func TestUpdateChannel_EmptyCredentialKeepsTheStoredOne(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	f := newChannelForm()
	f.Name, f.Operators, f.Values["test_token"] = "Servis", []domain.ID{d.Petr.ID}, ""
	tested := false
	d.Vendor.TestWith(func() (carrier.Account, error) { tested = true; return carrier.Account{}, nil })
	if err := d.Channels.Update(t.Context(), d.Eva, c.ID, f); err != nil {
		t.Fatal(err)
	}
	s, err := d.Channels.Read(t.Context(), d.Eva, c.ID)
	if err != nil || s.Channel.Name != "Servis" || s.Tails["test_token"] != "WXYZ" || len(s.Channel.Operators) != 1 {
		t.Errorf("got %+v, %v", s, err)
	}
	if tested {
		t.Error("the vendor was asked although only the name changed")
	}
	f.Values["test_token"] = "another-credential-1234"
	if err := d.Channels.Update(t.Context(), d.Eva, c.ID, f); err != nil || !tested {
		t.Errorf("new credential: tested %v, %v", tested, err)
	}
}

func TestUpdateChannel_FailedTestChangesNothing(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	d.Vendor.TestWith(func() (carrier.Account, error) {
		return carrier.Account{}, &carrier.Error{Class: carrier.Unauthorised}
	})
	f := newChannelForm()
	f.Name, f.Values["test_token"] = "Servis", "wrong-credential-9999"
	if err := d.Channels.Update(t.Context(), d.Eva, c.ID, f); domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v", err)
	}
	if s, err := d.Channels.Read(t.Context(), d.Eva, c.ID); err != nil || s.Channel.Name != "Prodej" || s.Tails["test_token"] != "WXYZ" {
		t.Errorf("got %+v, %v, want what was before", s, err)
	}
}

// Whoever may change the server's address could otherwise have a stored credential sent to a server of their own.
func TestUpdateChannel_AnotherServerWantsTheCredentialAgain(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	f := newChannelForm()
	f.Values["test_url"], f.Values["test_token"] = "https://other.example", ""
	if err := d.Channels.Update(t.Context(), d.Eva, c.ID, f); desktest.FaultsOf(err)["test_token"] != "error.field.secret_again" {
		t.Errorf("got %v", err)
	}
	f.Values["test_token"] = canary
	if err := d.Channels.Update(t.Context(), d.Eva, c.ID, f); err != nil {
		t.Errorf("with the credential: %v", err)
	}
}

func TestSetChannelEnabled_OffTakesNoWebhooks(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	for _, on := range []bool{false, true} {
		if err := d.Channels.SetEnabled(t.Context(), d.Eva, c.ID, on); err != nil {
			t.Fatal(err)
		}
		if got := d.Inbound.Accept(t.Context(), c.Key, desktest.Webhook(carrier.Batch{})) == nil; got != on {
			t.Errorf("enabled %v: takes webhooks %v", on, got)
		}
	}
}

func TestRemoveChannel_KeepsHistoryAndFreesTheAccount(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	talk := d.Say(c, desktest.Anna, "Dobrý den")
	if err := d.Channels.Remove(t.Context(), d.Eva, c.ID, "something"); desktest.FaultsOf(err)["confirm"] == "" {
		t.Errorf("without the name: got %v", err)
	}
	if err := d.Channels.Remove(t.Context(), d.Eva, c.ID, " prodej "); err != nil {
		t.Fatal(err)
	}
	if err := d.Inbound.CheckAddress(t.Context(), c.Key); domain.KindOf(err) != domain.NotFound {
		t.Errorf("its address answers: %v", err)
	}
	if _, err := d.Chats.Read(t.Context(), d.Jana, talk.ID); err != nil {
		t.Errorf("its conversation cannot be read: %v", err)
	}
	if _, err := d.Outbound.Reply(t.Context(), d.Jana, d.NewReply(talk.ID, "Dobrý den")); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("an answer by it: got %v, want a refusal", err)
	}
	if _, err := d.Channels.Read(t.Context(), d.Eva, c.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("its settings: %v", err)
	}
	again := connectChannel(t, d)
	if again.Key == c.Key || again.ID == c.ID {
		t.Error("the new channel is the old one")
	}
	for _, x := range listChannels(t, d) {
		if x.ID == c.ID {
			t.Error("it is offered as a channel")
		}
	}
}

func listChannels(t *testing.T, d *desktest.Desk) []*domain.Channel {
	t.Helper()
	list, err := d.Connections.ListChannels(t.Context(), d.Eva)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestLastEvent_IsStoredOnceAMinute(t *testing.T) {
	d := desktest.New(t)
	c := connectChannel(t, d)
	seen := func() (shown, stored time.Time) {
		t.Helper()
		s, err := d.Channels.Read(t.Context(), d.Eva, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return s.LastEvent, s.Channel.LastEvent
	}
	if shown, _ := seen(); !shown.IsZero() {
		t.Errorf("before any event: %v", shown)
	}
	d.Say(c, desktest.Anna, "1")
	first := d.Clock.Now()
	d.Clock.Move(20 * time.Second)
	d.Say(c, desktest.Anna, "2")
	if shown, stored := seen(); !shown.Equal(d.Clock.Now()) || !stored.Equal(first) {
		t.Errorf("20 s later: got %v shown, %v stored, want %v, %v", shown, stored, d.Clock.Now(), first)
	}
	d.Clock.Move(time.Minute)
	d.Say(c, desktest.Anna, "3")
	if shown, stored := seen(); !shown.Equal(stored) || !stored.Equal(d.Clock.Now()) {
		t.Errorf("a minute later: got %v shown, %v stored", shown, stored)
	}
}

func TestChannelSettings_AdministratorsOnly(t *testing.T) {
	d := desktest.New(t)
	ctx, id := t.Context(), d.Channel.ID
	for _, who := range []*domain.Operator{d.Jana, d.Karel, nil} {
		for name, try := range map[string]func() error{
			"kinds":    func() error { _, err := d.Channels.ListProducts(who); return err },
			"list":     func() error { _, err := d.Channels.List(ctx, who); return err },
			"settings": func() error { _, err := d.Channels.Read(ctx, who, id); return err },
			"connect":  func() error { _, err := d.Channels.Connect(ctx, who, newChannelForm()); return err },
			"test":     func() error { _, err := d.Channels.TestSettings(ctx, who, d.Channel); return err },
			"update":   func() error { return d.Channels.Update(ctx, who, id, newChannelForm()) },
			"enable":   func() error { return d.Channels.SetEnabled(ctx, who, id, false) },
			"remove":   func() error { return d.Channels.Remove(ctx, who, id, d.Channel.Name) },
		} {
			if err := try(); domain.KindOf(err) != domain.Forbidden {
				t.Errorf("%s: got %v, want forbidden", name, err)
			}
		}
	}
}
