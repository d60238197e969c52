package account_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/webtest"
)

func TestSignin_Scenes(t *testing.T) {
	s := webtest.NewInstalled(t)
	s.Play([]webtest.Scene{
		{
			Name:   "the page",
			Method: "GET",
			Path:   "/signin",
			Status: 200,
			Has:    []string{`action="/signin?lang=en"`, `autocomplete="current-password"`},
			HasNot: []string{"admin@example.org"},
		},
		{Name: "the page in Czech", Method: "GET", Path: "/signin?lang=cs", Status: 200, Has: []string{`<html lang="cs"`, "Přihlásit se"}},
		{Name: "signed in already", Who: "agent", Method: "GET", Path: "/signin?next=/operators", Status: 303, To: "/operators"},
		{
			Name:   "right",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"agent@example.org"}, "password": {webtest.Password}},
			Status: 303,
			To:     "/chats",
		},
		{
			Name:   "right, onwards",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"agent@example.org"}, "password": {webtest.Password}, "next": {"/search?q=x"}},
			Status: 303,
			To:     "/search?q=x",
		},
		{
			Name:   "wrong",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"agent@example.org"}, "password": {"wrong password"}},
			Status: 422,
			Has:    []string{"do not belong together", `value="agent@example.org"`},
			HasNot: []string{"wrong password"},
		},
		{
			Name:   "unknown",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"nobody@example.org"}, "password": {webtest.Password}},
			Status: 422,
			Has:    []string{"do not belong together"},
		},
		{Name: "no session", Method: "GET", Path: "/operators?x=1", Status: 303, To: "/signin?next=%2Foperators%3Fx%3D1"},
		{Name: "no session, htmx", Method: "GET", Path: "/operators", HTMX: true, Status: 401},
		{Name: "no session, change", Method: "POST", Path: "/operators", Form: url.Values{}, Status: 303, To: "/signin"},
		{Name: "home", Method: "GET", Path: "/", Status: 303, To: "/signin"},
		{Name: "home, signed in", Who: "agent", Method: "GET", Path: "/", Status: 303, To: "/chats"},
		{Name: "no set-up twice", Method: "GET", Path: "/setup", Status: 303, To: "/signin"},
	})
}

func TestSignin_CookieIsOnlyForUs(t *testing.T) {
	s := webtest.NewInstalled(t)
	w := s.Do(s.Request("", "POST", "/signin", url.Values{"email": {"agent@example.org"}, "password": {webtest.Password}}))
	for _, c := range w.Result().Cookies() {
		if c.Name == s.Cookies["admin"].Name {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || len(c.Value) < 40 {
				t.Errorf("the session cookie is %v", c)
			}
			return
		}
	}
	t.Errorf("no session cookie in %v", w.Header())
}

func TestSignin_LeadsNowhereElse(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, next := range []string{
		"//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example/", "javascript:alert(1)", "/\t/evil.example",
		"/%09/evil.example", "/%5cevil.example", "/%2f/evil.example", "/%0d%0aSet-Cookie:x=1", "/\r\nX: y", "evil", "", " /chats", "///evil.example", "/signin?next=/signin",
	} {
		w := s.Do(s.Request("", "POST", "/signin", url.Values{
			"email":    {"agent@example.org"},
			"password": {webtest.Password},
			"next":     {next},
		}))
		if got := w.Header().Get("Location"); got != "/chats" {
			t.Errorf("next %q led to %q, want /chats", next, got)
		}
	}
}

func TestSignin_GuessingIsSlowedDown(t *testing.T) {
	s := webtest.NewInstalled(t)
	var last int
	for range 10 {
		w := s.Do(s.Request("", "POST", "/signin", url.Values{"email": {"agent@example.org"}, "password": {"wrong password"}}))
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
	s := webtest.NewInstalled(t)
	w := s.Do(s.Request("agent", "POST", "/signout", url.Values{}))
	if w.Code != http.StatusSeeOther || w.Header().Get("Clear-Site-Data") == "" {
		t.Errorf("got %d %v, want 303 and Clear-Site-Data", w.Code, w.Header())
	}
	s.Play([]webtest.Scene{{
		Name:   "the old cookie",
		Who:    "agent",
		Method: "GET",
		Path:   "/profile",
		Status: 303,
		To:     "/signin?next=%2Fprofile",
	}})
}

func TestSetup_Journey(t *testing.T) {
	s := webtest.NewEmpty(t)
	form := url.Values{
		"company":  {"Dvůr"},
		"language": {"cs"},
		"name":     {"Martin"},
		"email":    {"m@example.org"},
		"password": {webtest.Password},
	}
	s.Play([]webtest.Scene{
		{Name: "everything leads there", Method: "GET", Path: "/profile", Status: 303, To: "/setup"},
		{Name: "home too", Method: "GET", Path: "/", Status: 303, To: "/setup"},
		{Name: "sign-in too", Method: "GET", Path: "/signin", Status: 303, To: "/setup"},
		{Name: "no token, no form", Method: "GET", Path: "/setup", Status: 403, HasNot: []string{"<form"}},
		{Name: "no token, no set-up", Method: "POST", Path: "/setup", Form: form, Status: 403},
	})
	w := s.Do(s.Request("", "GET", "/setup?token="+s.Auth.SetUpToken(), nil))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/setup" || len(w.Result().Cookies()) != 1 {
		t.Fatalf("the token's address: got %d %v, want a way to /setup and a cookie", w.Code, w.Header())
	}
	s.Cookies["owner"] = w.Result().Cookies()[0]
	s.Play([]webtest.Scene{
		{
			Name:   "the form",
			Who:    "owner",
			Method: "GET",
			Path:   "/setup",
			Status: 200,
			Has:    []string{`name="company"`, `name="password"`},
			HasNot: []string{s.Auth.SetUpToken()},
		},
		{
			Name:   "faults",
			Who:    "owner",
			Method: "POST",
			Path:   "/setup",
			Form:   url.Values{"company": {"Dvůr & Syn"}, "language": {"cs"}},
			Status: 422,
			Has:    []string{"Dvůr &amp; Syn", `id="error-password"`, `id="error-name"`, `id="error-email"`},
		},
		{Name: "made", Who: "owner", Method: "POST", Path: "/setup", Form: form, Status: 303, To: "/chats"},
		{Name: "not twice", Who: "owner", Method: "POST", Path: "/setup", Form: form, Status: 409},
	})
}

// Whatever else a form carries, the first operator is what the set-up makes of them, and an edited one what the form's
// own fields say.
func TestForms_TakeNoFieldsTheyDoNotShow(t *testing.T) {
	s := webtest.NewInstalled(t)
	form := url.Values{
		"name":          {"Laure Petit"},
		"language":      {"fr"},
		"role":          {"administrator"},
		"Role":          {"administrator"},
		"email":         {"x@example.org"},
		"active":        {""},
		"password_hash": {"x"},
	}
	s.Play([]webtest.Scene{{
		Name:   "own profile",
		Who:    "agent",
		Method: "POST",
		Path:   "/profile",
		Form:   form,
		Status: 303,
		To:     "/profile?saved=1",
	}})
	o := storedOperator(s, "agent")
	if o.Role != domain.RoleOperator || o.Email != "agent@example.org" || !o.Active || o.Language != domain.French {
		t.Errorf("got %+v", o)
	}
}

func storedOperator(s *webtest.Server, who string) (o domain.Operator) {
	s.T.Helper()
	err := s.Store.View(context.Background(), func(tx *store.Tx) (err error) {
		o, err = tx.Operator(s.People[who].ID)
		return err
	})
	if err != nil {
		s.T.Fatal(err)
	}
	return o
}

func TestProfile_Scenes(t *testing.T) {
	s := webtest.NewInstalled(t)
	s.Play([]webtest.Scene{
		{
			Name:   "the page",
			Who:    "agent",
			Method: "GET",
			Path:   "/profile",
			Status: 200,
			Has:    []string{`value="Laure Petit"`, `name="enter_sends" value="on" checked`},
		},
		{
			Name:   "a fault keeps what was typed",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile",
			Form:   url.Values{"name": {""}, "language": {"en"}, "theme": {"dark"}},
			Status: 422,
			Has:    []string{`id="error-name"`, `value="dark" checked`},
			HasNot: []string{`name="enter_sends" value="on" checked`},
		},
		{
			Name:   "unknown theme",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile",
			Form:   url.Values{"name": {"Laure"}, "language": {"en"}, "theme": {"pink"}},
			Status: 422,
		},
		{
			Name:   "wrong old password",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile/password",
			Form:   url.Values{"old": {"no"}, "password": {"another password"}},
			Status: 422,
			Has:    []string{`id="error-old"`},
		},
		{
			Name:   "short new password",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile/password",
			Form:   url.Values{"old": {webtest.Password}, "password": {"short"}},
			Status: 422,
			Has:    []string{`id="error-password"`},
		},
		{
			Name:   "new password",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile/password",
			Form:   url.Values{"old": {webtest.Password}, "password": {"another password"}},
			Status: 303,
			To:     "/profile?saved=1",
		},
		{Name: "still signed in", Who: "agent", Method: "GET", Path: "/profile?saved=1", Status: 200, Has: []string{"Saved"}},
		{
			Name:   "presence",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile/presence",
			Form:   url.Values{"presence": {"away"}},
			HTMX:   true,
			Status: 200,
			Has:    []string{`<div id="me">`, `value="away"><span class="presence" data-state="away">`},
			HasNot: []string{"<html"},
		},
		{
			Name:   "presence without script",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile/presence",
			Form:   url.Values{"presence": {"online"}},
			Status: 303,
			To:     "/chats",
		},
		{
			Name:   "no such presence",
			Who:    "agent",
			Method: "POST",
			Path:   "/profile/presence",
			Form:   url.Values{"presence": {"dancing"}},
			HTMX:   true,
			Status: 422,
			Has:    []string{"<hx-partial"},
		},
	})
}

func TestOperators_Scenes(t *testing.T) {
	s := webtest.NewInstalled(t)
	laure := "/operators/" + s.People["agent"].ID.String()
	fine := url.Values{
		"name":     {"Karel Malý"},
		"email":    {"karel@example.org"},
		"role":     {"operator"},
		"language": {"cs"},
		"password": {"first password"},
	}
	edit := func(pairs ...string) url.Values {
		v := url.Values{"name": {"Laure Petit"}, "email": {"agent@example.org"}, "role": {"operator"}, "language": {"fr"}, "active": {"on"}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	s.Play([]webtest.Scene{
		{
			Name:   "everybody sees the table",
			Who:    "agent",
			Method: "GET",
			Path:   "/operators",
			Status: 200,
			Has:    []string{"Martin Kučera", "admin@example.org", "Administrator"},
			HasNot: []string{"/operators/new", laure, "argon2id"},
		},
		{
			Name:   "administrators may change it",
			Who:    "admin",
			Method: "GET",
			Path:   "/operators",
			Status: 200,
			Has:    []string{"/operators/new", laure},
		},
		{
			Name:   "columns",
			Who:    "agent",
			Method: "POST",
			Path:   "/operators/columns",
			Form:   url.Values{"column": {"role", "nonsense"}},
			Status: 303,
			To:     "/operators",
		},
		{
			Name:   "columns are kept",
			Who:    "agent",
			Method: "GET",
			Path:   "/operators",
			Status: 200,
			Has:    []string{"Administrator"},
			HasNot: []string{"admin@example.org"},
		},
		{Name: "operators may not add", Who: "agent", Method: "POST", Path: "/operators", Form: fine, Status: 403},
		{Name: "nor see the form", Who: "supervisor", Method: "GET", Path: "/operators/new", Status: 403},
		{Name: "nor edit", Who: "supervisor", Method: "POST", Path: laure, Form: edit("role", "administrator"), Status: 403},
		{Name: "the form", Who: "admin", Method: "GET", Path: "/operators/new", Status: 200, Has: []string{`name="password"`}},
		{
			Name:   "faults together",
			Who:    "admin",
			Method: "POST",
			Path:   "/operators",
			Form:   url.Values{"name": {"Karel"}, "email": {"x"}, "role": {"boss"}, "language": {"cs"}, "password": {"x"}},
			Status: 422,
			Has:    []string{`id="error-email"`, `id="error-role"`, `id="error-password"`, `value="Karel"`},
		},
		{
			Name:   "taken address",
			Who:    "admin",
			Method: "POST",
			Path:   "/operators",
			Form: url.Values{
				"name":     {"Karel"},
				"email":    {"AGENT@example.org"},
				"role":     {"operator"},
				"language": {"cs"},
				"password": {"first password"},
			},
			Status: 422,
			Has:    []string{"Another account has this address"},
		},
		{Name: "made", Who: "admin", Method: "POST", Path: "/operators", Form: fine, Status: 303, To: "/operators"},
		{
			Name:   "who can sign in",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"karel@example.org"}, "password": {"first password"}},
			Status: 303,
			To:     "/chats",
		},
		{
			Name:   "edit",
			Who:    "admin",
			Method: "GET",
			Path:   laure,
			Status: 200,
			Has:    []string{`value="Laure Petit"`, `name="active" value="on" checked`},
		},
		{
			Name:   "oneself cannot be switched off",
			Who:    "admin",
			Method: "GET",
			Path:   "/operators/" + s.People["admin"].ID.String(),
			Status: 200,
			Has:    []string{`type="hidden" name="active" value="on"`},
		},
		{
			Name:   "the last administrator stays",
			Who:    "admin",
			Method: "POST",
			Path:   "/operators/" + s.People["admin"].ID.String(),
			Form:   url.Values{"name": {"M"}, "email": {"admin@example.org"}, "role": {"operator"}, "language": {"cs"}, "active": {"on"}},
			Status: 409,
		},
		{Name: "nobody there", Who: "admin", Method: "GET", Path: "/operators/00000000000000000000000000", Status: 404},
		{Name: "not an id", Who: "admin", Method: "GET", Path: "/operators/..%2f..", Status: 404},
		{
			Name:   "a short new password",
			Who:    "admin",
			Method: "POST",
			Path:   laure,
			Form:   edit("password", "short"),
			Status: 422,
			Has:    []string{`id="error-password"`},
		},
		{
			Name:   "an empty one keeps the old",
			Who:    "admin",
			Method: "POST",
			Path:   laure,
			Form:   edit("password", ""),
			Status: 303,
			To:     "/operators",
		},
		{Name: "and nobody is signed out", Who: "agent", Method: "GET", Path: "/profile", Status: 200},
		{
			Name:   "a new one",
			Who:    "admin",
			Method: "POST",
			Path:   laure,
			Form:   edit("password", "second password"),
			Status: 303,
			To:     "/operators",
		},
		{Name: "ends the sessions", Who: "agent", Method: "GET", Path: "/profile", Status: 303, To: "/signin?next=%2Fprofile"},
		{
			Name:   "the old one is over",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"agent@example.org"}, "password": {webtest.Password}},
			Status: 422,
		},
		{
			Name:   "the new one works",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"agent@example.org"}, "password": {"second password"}},
			Status: 303,
			To:     "/chats",
		},
		{
			Name:   "not one's own without the old",
			Who:    "admin",
			Method: "POST",
			Path:   "/operators/" + s.People["admin"].ID.String(),
			Form: url.Values{
				"name":     {"Martin Kučera"},
				"email":    {"admin@example.org"},
				"role":     {"administrator"},
				"language": {"en"},
				"active":   {"on"},
				"password": {"second password"},
			},
			Status: 303,
			To:     "/operators",
		},
		{
			Name:   "so the old one still works",
			Method: "POST",
			Path:   "/signin",
			Form:   url.Values{"email": {"admin@example.org"}, "password": {webtest.Password}},
			Status: 303,
			To:     "/chats",
		},
		{Name: "deactivate", Who: "admin", Method: "POST", Path: laure, Form: edit("active", ""), Status: 303, To: "/operators"},
		{Name: "signed out at once", Who: "agent", Method: "GET", Path: "/profile", Status: 303, To: "/signin?next=%2Fprofile"},
	})
}
