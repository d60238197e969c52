package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

func TestSignin_Scenes(t *testing.T) {
	s := installed(t)
	s.play([]scene{
		{name: "the page", method: "GET", path: "/signin", status: 200, has: []string{`action="/signin?lang=en"`, `autocomplete="current-password"`}, hasNot: []string{"admin@example.org"}},
		{name: "the page in Czech", method: "GET", path: "/signin?lang=cs", status: 200, has: []string{`<html lang="cs"`, "Přihlásit se"}},
		{name: "signed in already", who: "agent", method: "GET", path: "/signin?next=/operators", status: 303, to: "/operators"},
		{name: "right", method: "POST", path: "/signin", form: url.Values{"email": {"agent@example.org"}, "password": {password}}, status: 303, to: "/chats"},
		{name: "right, onwards", method: "POST", path: "/signin", form: url.Values{"email": {"agent@example.org"}, "password": {password}, "next": {"/search?q=x"}}, status: 303, to: "/search?q=x"},
		{name: "wrong", method: "POST", path: "/signin", form: url.Values{"email": {"agent@example.org"}, "password": {"wrong password"}}, status: 422, has: []string{"do not belong together", `value="agent@example.org"`}, hasNot: []string{"wrong password"}},
		{name: "unknown", method: "POST", path: "/signin", form: url.Values{"email": {"nobody@example.org"}, "password": {password}}, status: 422, has: []string{"do not belong together"}},
		{name: "no session", method: "GET", path: "/operators?x=1", status: 303, to: "/signin?next=%2Foperators%3Fx%3D1"},
		{name: "no session, htmx", method: "GET", path: "/operators", htmx: true, status: 204, to: "/signin"},
		{name: "no session, change", method: "POST", path: "/operators", form: url.Values{}, status: 303, to: "/signin"},
		{name: "home", method: "GET", path: "/", status: 303, to: "/signin"},
		{name: "home, signed in", who: "agent", method: "GET", path: "/", status: 303, to: "/chats"},
		{name: "no set-up twice", method: "GET", path: "/setup", status: 303, to: "/signin"},
	})
}

func TestSignin_CookieIsOnlyForUs(t *testing.T) {
	s := installed(t)
	w := s.do(s.request("", "POST", "/signin", url.Values{"email": {"agent@example.org"}, "password": {password}}))
	for _, c := range w.Result().Cookies() {
		if c.Name == s.cookies["admin"].Name {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || len(c.Value) < 40 {
				t.Errorf("the session cookie is %v", c)
			}
			return
		}
	}
	t.Errorf("no session cookie in %v", w.Header())
}

func TestSignin_LeadsNowhereElse(t *testing.T) {
	s := installed(t)
	for _, next := range []string{
		"//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example/", "javascript:alert(1)", "/\t/evil.example",
		"/%09/evil.example", "/%5cevil.example", "/%2f/evil.example", "/%0d%0aSet-Cookie:x=1", "/\r\nX: y", "evil", "", " /chats", "///evil.example", "/signin?next=/signin",
	} {
		w := s.do(s.request("", "POST", "/signin", url.Values{"email": {"agent@example.org"}, "password": {password}, "next": {next}}))
		if got := w.Header().Get("Location"); got != "/chats" {
			t.Errorf("next %q led to %q, want /chats", next, got)
		}
	}
}

func TestSignin_GuessingIsSlowedDown(t *testing.T) {
	s := installed(t)
	var last int
	for range 10 {
		w := s.do(s.request("", "POST", "/signin", url.Values{"email": {"agent@example.org"}, "password": {"wrong password"}}))
		if last = w.Code; last == http.StatusTooManyRequests {
			if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Too many attempts") {
				t.Errorf("the refusal does not say how long to wait: %v %s", w.Header(), w.Body)
			}
			return
		}
	}
	t.Errorf("ten wrong passwords end with %d, want 429", last)
}

func TestSignout_EndsTheSession(t *testing.T) {
	s := installed(t)
	w := s.do(s.request("agent", "POST", "/signout", url.Values{}))
	if w.Code != http.StatusSeeOther || w.Header().Get("Clear-Site-Data") == "" {
		t.Errorf("got %d %v, want 303 and Clear-Site-Data", w.Code, w.Header())
	}
	s.play([]scene{{name: "the old cookie", who: "agent", method: "GET", path: "/profile", status: 303, to: "/signin?next=%2Fprofile"}})
}

func TestSetup_Journey(t *testing.T) {
	s := empty(t)
	form := url.Values{"company": {"Dvůr"}, "language": {"cs"}, "name": {"Martin"}, "email": {"m@example.org"}, "password": {password}}
	s.play([]scene{
		{name: "everything leads there", method: "GET", path: "/profile", status: 303, to: "/setup"},
		{name: "home too", method: "GET", path: "/", status: 303, to: "/setup"},
		{name: "sign-in too", method: "GET", path: "/signin", status: 303, to: "/setup"},
		{name: "no token, no form", method: "GET", path: "/setup", status: 403, hasNot: []string{"<form"}},
		{name: "no token, no set-up", method: "POST", path: "/setup", form: form, status: 403},
	})
	w := s.do(s.request("", "GET", "/setup?token="+s.auth.SetUpToken(), nil))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/setup" || len(w.Result().Cookies()) != 1 {
		t.Fatalf("the token's address: got %d %v, want a way to /setup and a cookie", w.Code, w.Header())
	}
	s.cookies["owner"] = w.Result().Cookies()[0]
	s.play([]scene{
		{name: "the form", who: "owner", method: "GET", path: "/setup", status: 200, has: []string{`name="company"`, `name="password"`}, hasNot: []string{s.auth.SetUpToken()}},
		{name: "faults", who: "owner", method: "POST", path: "/setup", form: url.Values{"company": {"Dvůr & Syn"}, "language": {"cs"}}, status: 422, has: []string{"Dvůr &amp; Syn", `id="error-password"`, `id="error-name"`, `id="error-email"`}},
		{name: "made", who: "owner", method: "POST", path: "/setup", form: form, status: 303, to: "/chats"},
		{name: "not twice", who: "owner", method: "POST", path: "/setup", form: form, status: 409},
	})
}

// Whatever else a form carries, the first operator is what the set-up makes of them, and an edited one what the form's
// own fields say.
func TestForms_TakeNoFieldsTheyDoNotShow(t *testing.T) {
	s := installed(t)
	form := url.Values{"name": {"Laure Petit"}, "language": {"fr"}, "role": {"administrator"}, "Role": {"administrator"}, "email": {"x@example.org"}, "active": {""}, "password_hash": {"x"}}
	s.play([]scene{{name: "own profile", who: "agent", method: "POST", path: "/profile", form: form, status: 303, to: "/profile?saved=1"}})
	o := s.operator("agent")
	if o.Role != domain.RoleOperator || o.Email != "agent@example.org" || !o.Active || o.Language != domain.French {
		t.Errorf("got %+v", o)
	}
}

func (s *server) operator(who string) (o domain.Operator) {
	s.t.Helper()
	err := s.store.View(context.Background(), func(tx *store.Tx) (err error) {
		o, err = tx.Operator(s.people[who].ID)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

func TestProfile_Scenes(t *testing.T) {
	s := installed(t)
	s.play([]scene{
		{name: "the page", who: "agent", method: "GET", path: "/profile", status: 200, has: []string{`value="Laure Petit"`, `name="enter_sends" value="on" checked`}},
		{name: "a fault keeps what was typed", who: "agent", method: "POST", path: "/profile", form: url.Values{"name": {""}, "language": {"en"}, "theme": {"dark"}}, status: 422, has: []string{`id="error-name"`, `value="dark" checked`}, hasNot: []string{`name="enter_sends" value="on" checked`}},
		{name: "unknown theme", who: "agent", method: "POST", path: "/profile", form: url.Values{"name": {"Laure"}, "language": {"en"}, "theme": {"pink"}}, status: 422},
		{name: "wrong old password", who: "agent", method: "POST", path: "/profile/password", form: url.Values{"old": {"no"}, "password": {"another password"}}, status: 422, has: []string{`id="error-old"`}},
		{name: "short new password", who: "agent", method: "POST", path: "/profile/password", form: url.Values{"old": {password}, "password": {"short"}}, status: 422, has: []string{`id="error-password"`}},
		{name: "new password", who: "agent", method: "POST", path: "/profile/password", form: url.Values{"old": {password}, "password": {"another password"}}, status: 303, to: "/profile?saved=1"},
		{name: "still signed in", who: "agent", method: "GET", path: "/profile?saved=1", status: 200, has: []string{"Saved"}},
		{name: "presence", who: "agent", method: "POST", path: "/profile/presence", form: url.Values{"presence": {"away"}}, htmx: true, status: 200, has: []string{`<div id="me">`, `value="away"><span class="presence" data-state="away">`}, hasNot: []string{"<html"}},
		{name: "presence without script", who: "agent", method: "POST", path: "/profile/presence", form: url.Values{"presence": {"online"}}, status: 303, to: "/chats"},
		{name: "no such presence", who: "agent", method: "POST", path: "/profile/presence", form: url.Values{"presence": {"dancing"}}, htmx: true, status: 422, has: []string{"<hx-partial"}},
	})
}

func TestOperators_Scenes(t *testing.T) {
	s := installed(t)
	laure := "/operators/" + s.people["agent"].ID.String()
	fine := url.Values{"name": {"Karel Malý"}, "email": {"karel@example.org"}, "role": {"operator"}, "language": {"cs"}, "password": {"first password"}}
	edit := func(pairs ...string) url.Values {
		v := url.Values{"name": {"Laure Petit"}, "email": {"agent@example.org"}, "role": {"operator"}, "language": {"fr"}, "active": {"on"}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	s.play([]scene{
		{name: "everybody sees the table", who: "agent", method: "GET", path: "/operators", status: 200, has: []string{"Martin Kučera", "admin@example.org", "Administrator"}, hasNot: []string{"/operators/new", laure, "argon2id"}},
		{name: "administrators may change it", who: "admin", method: "GET", path: "/operators", status: 200, has: []string{"/operators/new", laure}},
		{name: "columns", who: "agent", method: "POST", path: "/operators/columns", form: url.Values{"column": {"role", "nonsense"}}, status: 303, to: "/operators"},
		{name: "columns are kept", who: "agent", method: "GET", path: "/operators", status: 200, has: []string{"Administrator"}, hasNot: []string{"admin@example.org"}},
		{name: "operators may not add", who: "agent", method: "POST", path: "/operators", form: fine, status: 403},
		{name: "nor see the form", who: "supervisor", method: "GET", path: "/operators/new", status: 403},
		{name: "nor edit", who: "supervisor", method: "POST", path: laure, form: edit("role", "administrator"), status: 403},
		{name: "the form", who: "admin", method: "GET", path: "/operators/new", status: 200, has: []string{`name="password"`}},
		{name: "faults together", who: "admin", method: "POST", path: "/operators", form: url.Values{"name": {"Karel"}, "email": {"x"}, "role": {"boss"}, "language": {"cs"}, "password": {"x"}}, status: 422, has: []string{`id="error-email"`, `id="error-role"`, `id="error-password"`, `value="Karel"`}},
		{name: "taken address", who: "admin", method: "POST", path: "/operators", form: url.Values{"name": {"Karel"}, "email": {"AGENT@example.org"}, "role": {"operator"}, "language": {"cs"}, "password": {"first password"}}, status: 422, has: []string{"Another account has this address"}},
		{name: "made", who: "admin", method: "POST", path: "/operators", form: fine, status: 303, to: "/operators"},
		{name: "who can sign in", method: "POST", path: "/signin", form: url.Values{"email": {"karel@example.org"}, "password": {"first password"}}, status: 303, to: "/chats"},
		{name: "edit", who: "admin", method: "GET", path: laure, status: 200, has: []string{`value="Laure Petit"`, `name="active" value="on" checked`}},
		{name: "oneself cannot be switched off", who: "admin", method: "GET", path: "/operators/" + s.people["admin"].ID.String(), status: 200, has: []string{`type="hidden" name="active" value="on"`}},
		{name: "the last administrator stays", who: "admin", method: "POST", path: "/operators/" + s.people["admin"].ID.String(), form: url.Values{"name": {"M"}, "email": {"admin@example.org"}, "role": {"operator"}, "language": {"cs"}, "active": {"on"}}, status: 409},
		{name: "nobody there", who: "admin", method: "GET", path: "/operators/00000000000000000000000000", status: 404},
		{name: "not an id", who: "admin", method: "GET", path: "/operators/..%2f..", status: 404},
		{name: "a short new password", who: "admin", method: "POST", path: laure, form: edit("password", "short"), status: 422, has: []string{`id="error-password"`}},
		{name: "an empty one keeps the old", who: "admin", method: "POST", path: laure, form: edit("password", ""), status: 303, to: "/operators"},
		{name: "and nobody is signed out", who: "agent", method: "GET", path: "/profile", status: 200},
		{name: "a new one", who: "admin", method: "POST", path: laure, form: edit("password", "second password"), status: 303, to: "/operators"},
		{name: "ends the sessions", who: "agent", method: "GET", path: "/profile", status: 303, to: "/signin?next=%2Fprofile"},
		{name: "the old one is over", method: "POST", path: "/signin", form: url.Values{"email": {"agent@example.org"}, "password": {password}}, status: 422},
		{name: "the new one works", method: "POST", path: "/signin", form: url.Values{"email": {"agent@example.org"}, "password": {"second password"}}, status: 303, to: "/chats"},
		{name: "not one's own without the old", who: "admin", method: "POST", path: "/operators/" + s.people["admin"].ID.String(), form: url.Values{"name": {"Martin Kučera"}, "email": {"admin@example.org"}, "role": {"administrator"}, "language": {"en"}, "active": {"on"}, "password": {"second password"}}, status: 303, to: "/operators"},
		{name: "so the old one still works", method: "POST", path: "/signin", form: url.Values{"email": {"admin@example.org"}, "password": {password}}, status: 303, to: "/chats"},
		{name: "deactivate", who: "admin", method: "POST", path: laure, form: edit("active", ""), status: 303, to: "/operators"},
		{name: "signed out at once", who: "agent", method: "GET", path: "/profile", status: 303, to: "/signin?next=%2Fprofile"},
	})
}

func TestJournal_IsForAdministrators(t *testing.T) {
	s := installed(t)
	id := "/settings/journal/" + domain.ID{1}.String()
	s.play([]scene{
		{name: "administrator", who: "admin", method: "GET", path: "/settings/journal", status: 200, has: []string{"Every webhook was understood", "No work was given up"}},
		{name: "supervisor", who: "supervisor", method: "GET", path: "/settings/journal", status: 403},
		{name: "agent", who: "agent", method: "GET", path: "/settings/journal", status: 403},
		{name: "agent's rail", who: "agent", method: "GET", path: "/operators", status: 200, hasNot: []string{"/settings/journal"}},
		{name: "agent replays", who: "agent", method: "POST", path: id + "/replay", form: url.Values{}, status: 403},
		{name: "nothing to replay", who: "admin", method: "POST", path: id + "/replay", form: url.Values{}, status: 404},
		{name: "nothing to show", who: "admin", method: "GET", path: id, status: 404},
	})
}

func TestJournal_ShowsAndReplaysWhatWasParked(t *testing.T) {
	s := installed(t)
	e := s.park(`{"object":"whatsapp_business_account","text":"<script>alert(1)</script>"}`)
	path := "/settings/journal/" + e.String()
	s.play([]scene{
		{name: "listed", who: "admin", method: "GET", path: "/settings/journal", status: 200, has: []string{path, "field missing"}},
		{name: "looked at", who: "admin", method: "GET", path: path, status: 200, has: []string{"field missing", "whatsapp_business_account", "&lt;script&gt;", "no vendor in this test"}, hasNot: []string{"<script>alert"}},
		{name: "dropped", who: "admin", method: "POST", path: path + "/drop", form: url.Values{}, status: 303, to: "/settings/journal?done=drop"},
		{name: "gone", who: "admin", method: "GET", path: "/settings/journal?done=drop", status: 200, has: []string{"Dropped."}, hasNot: []string{path}},
	})
}

// park stores a channel and a webhook of it that could not be understood.
func (s *server) park(body string) (id domain.ID) {
	s.t.Helper()
	err := s.store.Update(context.Background(), func(tx *store.Tx) error {
		ch := &domain.Channel{ID: tx.NewID(), Key: "shop", Kind: domain.WhatsApp, Driver: "none", Name: "WhatsApp Prodej", Enabled: true}
		if err := tx.PutChannel(ch); err != nil {
			return err
		}
		id = tx.NewID()
		return tx.Park(&domain.ParkedEntry{
			JournalEntry: domain.JournalEntry{ID: id, ChannelID: ch.ID, Body: []byte(body), ReceivedAt: tx.Now},
			Reason:       "field missing", Tries: 1, ParkedAt: tx.Now,
		})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}
