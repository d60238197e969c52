package channels_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/internal/desktest"
)

var evasSession, foreignSession = []byte("session of Eva's browser"), []byte("another session")

func newLoginForm() channels.Form {
	return channels.Form{Driver: desktest.SocialDriver, Values: map[string]string{"app": "42", "app_secret": canary}}
}

// startLogin starts a sign-in and gives it with the state that goes to the vendor.
func startLogin(t *testing.T, d *desktest.Desk) (domain.ID, string) {
	t.Helper()
	id, address, err := d.Channels.StartLogin(t.Context(), d.Eva, evasSession, domain.ID{}, newLoginForm(), "http://desk/callback")
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	return id, stateOf(t, address)
}

func stateOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("state") == "" {
		t.Fatalf("got address %q, %v, want one with a state", address, err)
	}
	return u.Query().Get("state")
}

func newLoginResult(missing ...string) carrier.LoginResult {
	return carrier.LoginResult{Missing: missing, Accounts: []carrier.LoginAccount{
		{
			ID:    "901",
			Name:  "Servis kol",
			Token: "page-token-of-servis",
		}, {
			ID:      "902",
			Name:    "Kavárna",
			Token:   "page-token-of-cafe",
			Missing: []string{"MESSAGING"},
		},
	}}
}

func finishLogin(t *testing.T, d *desktest.Desk, r carrier.LoginResult) domain.ID {
	t.Helper()
	d.Social.Grants(r)
	_, state := startLogin(t, d)
	id, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{State: state, Code: "good"})
	if err != nil {
		t.Fatalf("finish: %v", err)
	}
	return id
}

func TestLogin_ChosenAccountBecomesAChannel(t *testing.T) {
	d := desktest.New(t)
	before := countChannels(t, d)
	id := finishLogin(t, d, newLoginResult("business"))
	l, err := d.Channels.ReadLogin(t.Context(), d.Eva, evasSession, id)
	if err != nil || l.Outcome != domain.LoginDone || len(l.Accounts) != 2 || l.Short || len(l.Missing) != 1 ||
		l.Missing[0].Name != "business" {
		t.Fatalf("got %+v, %v", l, err)
	}
	if countChannels(t, d) != before {
		t.Fatal("a channel exists before an account was chosen")
	}
	c, err := d.Channels.ConnectLogin(t.Context(), d.Eva, evasSession, id, "901")
	if err != nil || c.Name != "Servis kol" || c.Account != "901" || c.Secrets["token"].Reveal() != "page-token-of-servis" ||
		c.Secrets["app_secret"].Reveal() != canary {
		t.Fatalf("got %+v, %v", c, err)
	}
	if d.Social.Subscribed() != 1 {
		t.Errorf("got %d subscriptions, want 1", d.Social.Subscribed())
	}
	if again, err := d.Channels.ConnectLogin(t.Context(), d.Eva, evasSession, id, "901"); err != nil || again.ID != c.ID || d.Social.Subscribed() != 1 {
		t.Errorf("a second time: got %s, %v and %d subscriptions; want the channel there is", again.ID, err, d.Social.Subscribed())
	}
	if _, err := d.Channels.ConnectLogin(t.Context(), d.Jana, evasSession, id, "901"); err == nil {
		t.Error("somebody else was given the channel")
	}
}

func TestLogin_StateCountsOnce(t *testing.T) {
	d := desktest.New(t)
	_, state := startLogin(t, d)
	for i, want := range []string{"", "channels.login.stale"} {
		_, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{State: state, Code: "good"})
		if got := desktest.KeyOf(err); got != want {
			t.Errorf("time %d: got %v, want %q", i+1, err, want)
		}
	}
	if codes := d.Social.Codes(); len(codes) != 1 {
		t.Errorf("got %d codes traded in, want 1", len(codes))
	}
}

func TestLogin_ForeignAnswersAreRefusedAndUseNothingUp(t *testing.T) {
	d := desktest.New(t)
	id, state := startLogin(t, d)
	karel := *d.Karel
	karel.Role = domain.RoleAdministrator
	for name, try := range map[string]func() error{
		"another browser": func() error {
			_, err := d.Channels.FinishLogin(t.Context(), d.Eva, foreignSession, channels.LoginReturn{State: state, Code: "x"})
			return err
		},
		"another operator": func() error {
			_, err := d.Channels.FinishLogin(t.Context(), &karel, evasSession, channels.LoginReturn{State: state, Code: "x"})
			return err
		},
		"a guessed state": func() error {
			_, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{
				State: id.String() + ".guess",
				Code:  "x",
			})
			return err
		},
		"no state": func() error {
			_, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{Code: "x"})
			return err
		},
		"looking from another browser": func() error {
			_, err := d.Channels.ReadLogin(t.Context(), d.Eva, foreignSession, id)
			return err
		},
		"choosing from another browser": func() error {
			_, err := d.Channels.ConnectLogin(t.Context(), d.Eva, foreignSession, id, "901")
			return err
		},
	} {
		if err := try(); desktest.KeyOf(err) != "channels.login.stale" {
			t.Errorf("%s: got %v, want that it is over", name, err)
		}
	}
	if _, err := d.Channels.FinishLogin(t.Context(), d.Jana, evasSession, channels.LoginReturn{
		State: state,
		Code:  "x",
	}); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("an agent: got %v, want Forbidden", err)
	}
	if _, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{State: state, Code: "good"}); err != nil {
		t.Errorf("the rightful one afterwards: got %v", err)
	}
}

func TestLogin_ExpiresAfterTenMinutes(t *testing.T) {
	d := desktest.New(t)
	_, state := startLogin(t, d)
	d.Clock.Move(10 * time.Minute)
	if _, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{
		State: state,
		Code:  "good",
	}); desktest.KeyOf(err) != "channels.login.stale" {
		t.Errorf("got %v, want that it is over", err)
	}
}

func TestLogin_CancelledAndFailedMakeNothing_AndCanBeTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		back channels.LoginReturn
		want domain.LoginOutcome
	}{
		"cancelled": {channels.LoginReturn{Error: "access_denied"}, domain.LoginCancelled},
		"refused":   {channels.LoginReturn{Error: "invalid_scope"}, domain.LoginFailed},
		"bad code":  {channels.LoginReturn{Code: "bad"}, domain.LoginFailed},
	} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New(t)
			before := countChannels(t, d)
			id, state := startLogin(t, d)
			c.back.State = state
			if _, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, c.back); err != nil {
				t.Fatal(err)
			}
			l, err := d.Channels.ReadLogin(t.Context(), d.Eva, evasSession, id)
			if err != nil || l.Outcome != c.want || (c.want == domain.LoginFailed) != (l.Failure != nil) {
				t.Errorf("got %+v, %v, want %s", l, err, c.want)
			}
			address, err := d.Channels.RestartLogin(t.Context(), d.Eva, evasSession, id)
			if err != nil {
				t.Fatal(err)
			}
			d.Social.Grants(newLoginResult())
			if _, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{
				State: stateOf(t, address),
				Code:  "good",
			}); err != nil {
				t.Fatal(err)
			}
			if l, _ := d.Channels.ReadLogin(t.Context(), d.Eva, evasSession, id); l.Outcome != domain.LoginDone {
				t.Errorf("again: got %s, want done", l.Outcome)
			}
			if countChannels(t, d) != before {
				t.Error("a channel was made")
			}
		})
	}
}

func TestLogin_NothingIsConnectedThatCannotWork(t *testing.T) {
	for name, c := range map[string]struct {
		result  carrier.LoginResult
		account string
		refuse  error
		test    error
	}{
		"a needed permission is missing": {result: newLoginResult("write"), account: "901"},
		"not the person's to connect":    {result: newLoginResult(), account: "902"},
		"not in the list":                {result: newLoginResult(), account: "777"},
		"the vendor will not call": {
			result:  newLoginResult(),
			account: "901",
			refuse:  &carrier.Error{Class: carrier.Unauthorised, Key: "provider.unauthorised"},
		},
		"the token does not work": {
			result:  newLoginResult(),
			account: "901",
			test:    &carrier.Error{Class: carrier.Unauthorised, Key: "provider.unauthorised"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := desktest.New(t)
			before := countChannels(t, d)
			d.Social.RefuseSubscriptions(c.refuse)
			if c.test != nil {
				d.Social.TestWith(func() (carrier.Account, error) { return carrier.Account{}, c.test })
			}
			id := finishLogin(t, d, c.result)
			if _, err := d.Channels.ConnectLogin(t.Context(), d.Eva, evasSession, id, c.account); domain.KindOf(err) != domain.Invalid {
				t.Errorf("got %v, want Invalid", err)
			}
			if got := countChannels(t, d); got != before {
				t.Errorf("got %d channels, want %d", got, before)
			}
		})
	}
}

func TestLogin_AsksForWhatTheVendorNeedsFirst(t *testing.T) {
	d := desktest.New(t)
	f := newLoginForm()
	f.Values = nil
	_, _, err := d.Channels.StartLogin(t.Context(), d.Eva, evasSession, domain.ID{}, f, "http://desk/callback")
	if faults := desktest.FaultsOf(err); len(faults) != 2 || faults["app"] == "" || faults["app_secret"] == "" {
		t.Errorf("got faults %v, want only those of the app", faults)
	}
	f = newChannelForm()
	if _, _, err = d.Channels.StartLogin(t.Context(), d.Eva, evasSession, domain.ID{}, f, "http://desk/callback"); desktest.KeyOf(
		err,
	) != "channels.login.none" {
		t.Errorf("a kind without sign-in: got %v", err)
	}
	if _, _, err = d.Channels.StartLogin(t.Context(), d.Jana, evasSession, domain.ID{}, newLoginForm(), "x"); domain.KindOf(
		err,
	) != domain.Forbidden {
		t.Errorf("an agent: got %v, want Forbidden", err)
	}
}

func TestLogin_KnownChannelGetsANewToken(t *testing.T) {
	d := desktest.New(t)
	c, err := d.Channels.ConnectLogin(t.Context(), d.Eva, evasSession, finishLogin(t, d, newLoginResult()), "901")
	if err != nil {
		t.Fatal(err)
	}
	r := newLoginResult()
	r.Accounts[0].Token = "a newer token"
	d.Social.Grants(r)
	f := newLoginForm()
	f.Name, f.Values["app_secret"] = "Servis", "" // the stored secret stays
	_, address, err := d.Channels.StartLogin(t.Context(), d.Eva, evasSession, c.ID, f, "http://desk/callback")
	if err != nil {
		t.Fatal(err)
	}
	id, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, channels.LoginReturn{State: stateOf(t, address), Code: "good"})
	if err != nil {
		t.Fatal(err)
	}
	// while Eva is at the vendor's
	if err := d.Channels.SetOperators(t.Context(), d.Eva, c.ID, []domain.ID{d.Petr.ID}); err != nil {
		t.Fatal(err)
	}
	before := countChannels(t, d)
	again, err := d.Channels.ConnectLogin(t.Context(), d.Eva, evasSession, id, "901")
	if err != nil || again.ID != c.ID || again.Key != c.Key || again.Secrets["token"].Reveal() != "a newer token" ||
		again.Secrets["app_secret"].Reveal() != canary {
		t.Errorf("got %+v, %v", again, err)
	}
	if got := countChannels(t, d); got != before {
		t.Errorf("got %d channels, want %d", got, before)
	}
	list, err := d.Connections.ListChannels(t.Context(), d.Jana)
	if err != nil || slices.ContainsFunc(list, func(o *domain.Channel) bool { return o.ID == c.ID }) {
		t.Errorf("got %v, want the channel for Petr alone, as was said in the meantime", err)
	}
}

func TestLogin_TellsNoSecret(t *testing.T) {
	d := desktest.New(t)
	l, err := d.Channels.ReadLogin(t.Context(), d.Eva, evasSession, finishLogin(t, d, newLoginResult()))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(l.ChannelLogin)
	if err != nil || strings.Contains(string(text), canary) || strings.Contains(string(text), "page-token") {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestLogin_OneThatBeganWhileTheClockWasWrongIsOver(t *testing.T) {
	for _, by := range []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour} {
		d := desktest.New(t)
		d.Clock.Move(by)
		_, state := startLogin(t, d)
		d.Clock.Move(-by)
		back := channels.LoginReturn{State: state, Code: "good"}
		if _, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, back); desktest.KeyOf(err) != "channels.login.stale" {
			t.Errorf("by %v: got %v, want that it is over", by, err)
		}
		_, state = startLogin(t, d)
		back.State = state
		if _, err := d.Channels.FinishLogin(t.Context(), d.Eva, evasSession, back); err != nil {
			t.Errorf("by %v: a new one: %v", by, err)
		}
	}
}
