package account_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

// recorded is a desk whose log is kept.
type recorded struct {
	*webtest.Desk
	auth    *auth.Auth
	log     bytes.Buffer
	cookies map[*domain.Operator]*http.Cookie
	secrets []string // that must not be in the log
}

func newRecorded(t *testing.T) *recorded {
	t.Helper()
	small := desktest.New(t)
	r := &recorded{cookies: map[*domain.Operator]*http.Cookie{}}
	log := slog.New(slog.NewTextHandler(&r.log, nil))
	options := webtest.PrepareOptions(t, small)
	options.Log = log
	options.Auth = auth.New(small.Store, auth.Options{Now: small.Clock.Now, Idle: 8 * time.Hour, Absolute: 24 * time.Hour, Log: log})
	r.auth, r.Desk = options.Auth, webtest.Serve(small, options)
	hash, err := auth.Hash(webtest.Password)
	if err != nil {
		t.Fatal(err)
	}
	r.Update(func(tx *store.Tx) error {
		for _, who := range []*domain.Operator{r.Eva, r.Jana} {
			o, err := tx.Operator(who.ID)
			if err != nil {
				return err
			}
			o.PasswordHash = hash
			if err := tx.PutOperator(&o); err != nil {
				return err
			}
		}
		return nil
	})
	return r
}

// send sends a form as somebody, or as nobody, and keeps the session that comes of it. Everything typed into a password
// is a secret, and so are sessions.
func (r *recorded) send(who *domain.Operator, path string, form url.Values) int {
	r.T.Helper()
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c := r.cookies[who]; c != nil {
		request.AddCookie(c)
	}
	w := httptest.NewRecorder()
	r.Server.Desk().ServeHTTP(w, request)
	for _, c := range w.Result().Cookies() {
		if strings.HasPrefix(c.Name, "pult_0") {
			r.cookies[who] = c
			r.secrets = append(r.secrets, c.Value)
		}
	}
	r.secrets = append(r.secrets, form.Get("password"), form.Get("old"), form.Get("email"))
	return w.Code
}

var eventLine = regexp.MustCompile(`msg=security event=(\S+)(.*)`)

// take gives the events that were recorded since the last time, with what is said of them.
func (r *recorded) take() (events, lines []string) {
	for _, m := range eventLine.FindAllStringSubmatch(r.log.String(), -1) {
		events, lines = append(events, m[1]), append(lines, m[2])
	}
	for _, secret := range r.secrets {
		if secret != "" && strings.Contains(r.log.String(), secret) {
			r.T.Errorf("the log holds %q:\n%s", secret, r.log.String())
		}
	}
	r.log.Reset()
	return events, lines
}

func TestRecord_SaysWhoCameWhoFailedAndWhatChangedButNoSecret(t *testing.T) {
	r := newRecorded(t)
	jana := "/operators/" + r.Jana.ID.String()
	right := url.Values{"email": {r.Jana.Email}, "password": {webtest.Password}}
	janas := func(change ...string) url.Values {
		f := url.Values{"name": {"Jana Nová"}, "email": {r.Jana.Email}, "role": {"operator"}, "active": {"on"}}
		for i := 0; i+1 < len(change); i += 2 {
			f.Set(change[i], change[i+1])
		}
		return f
	}
	id, eva := r.Jana.ID.String(), r.Eva.ID.String()
	for _, step := range []struct {
		name string
		do   func()
		want []string
		says []string
	}{
		{"a wrong password", func() { r.send(nil, "/signin", url.Values{"email": {r.Jana.Email}, "password": {"canary-wrong-1"}}) },
			[]string{"sign_in_failed"}, []string{"account=" + id}},
		{"a password in the field of the address", func() {
			r.send(nil, "/signin", url.Values{"email": {"canary-wrong-2"}, "password": {"canary-wrong-4"}})
		},
			[]string{"sign_in_failed"}, []string{"account=none"}},
		{"signing in", func() { r.send(r.Jana, "/signin", right) }, []string{"signed_in"}, []string{"operator=" + id}},
		{"an administrator", func() {
			r.send(r.Eva, "/signin", url.Values{"email": {r.Eva.Email}, "password": {webtest.Password}})
		}, []string{"signed_in"}, nil},
		{"what only administrators may", func() { r.send(r.Jana, "/operators", janas()) }, []string{"refused"}, []string{"by=" + id, "route=/operators"}},
		{"a wrong old password", func() {
			r.send(r.Jana, "/profile/password", url.Values{"old": {"canary-wrong-3"}, "password": {"canary quite another"}})
		}, []string{"password_change_failed"}, []string{id}},
		{"another session", func() { r.send(nil, "/signin", right) }, []string{"signed_in"}, nil},
		{"a new password", func() {
			r.send(r.Jana, "/profile/password", url.Values{"old": {webtest.Password}, "password": {"canary quite another"}})
		}, []string{"password_changed", "session_ended"}, []string{"by=" + id}},
		{"another role", func() { r.send(r.Eva, jana, janas("role", "supervisor")) }, []string{"role_changed"},
			[]string{"by=" + eva, "operator=" + id, "from=operator", "to=supervisor"}},
		{"who may use a channel", func() {
			r.send(r.Eva, "/settings/channels/"+r.Channel.ID.String()+"/operators", url.Values{"operator": {id}})
		}, []string{"channel_access_changed"}, []string{"by=" + eva, "operators=" + id}},
		{"a password for somebody who forgot theirs", func() {
			r.send(r.Eva, jana, janas("role", "supervisor", "password", "canary yet another"))
		}, []string{"password_changed", "session_ended"}, []string{"by=" + eva}},
		{"in again", func() {
			r.send(r.Jana, "/signin", url.Values{"email": {r.Jana.Email}, "password": {"canary yet another"}})
		}, []string{"signed_in"}, nil},
		{"switched off", func() { r.send(r.Eva, jana, janas("role", "supervisor", "active", "")) },
			[]string{"account_switched", "session_ended"}, []string{"active=false"}},
		{"a new account", func() {
			r.send(r.Eva, "/operators", url.Values{
				"name": {"Nadia"}, "email": {"canary@pult.example"}, "role": {"operator"}, "password": {"canary of another kind"},
			})
		}, []string{"account_made"}, []string{"role=operator"}},
		{"not used", func() {
			r.Clock.Move(9 * time.Hour)
			if _, err := r.auth.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, []string{"session_ended"}, []string{"by=time", "operator=" + eva}},
	} {
		step.do()
		events, lines := r.take()
		if !slices.Equal(events, step.want) {
			t.Errorf("%s: got %v, want %v", step.name, events, step.want)
		}
		for _, want := range step.says {
			if !strings.Contains(strings.Join(lines, "\n"), want) {
				t.Errorf("%s: got %q, want %q in it", step.name, lines, want)
			}
		}
	}
}

func TestProfile_ListsOnesSessionsAndEndsThem(t *testing.T) {
	s := webtest.NewInstalled(t)
	other, _, err := s.Auth.SignIn(t.Context(), "agent@example.org", webtest.Password, "192.0.2.7",
		"Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0")
	if err != nil {
		t.Fatal(err)
	}
	page := func() string {
		return webtest.WantStatus(t, s.Do(s.Request("agent", "GET", "/profile", nil)), http.StatusOK)
	}
	webtest.Contains(t, page(), []string{"Firefox on Windows", "Unknown browser", "This browser", `action="/profile/sessions/end-others"`}, []string{other})
	if n := strings.Count(page(), `<form method="post" action="/profile/sessions/`); n != 1 {
		t.Errorf("got %d sessions to end, want the other one", n)
	}
	end := regexp.MustCompile(`/profile/sessions/[0-9a-f]+/end`).FindString(page())
	for who, want := range map[string]int{"supervisor": http.StatusNotFound, "agent": http.StatusSeeOther} {
		if w := s.Do(s.Request(who, "POST", end, url.Values{})); who == "supervisor" && w.Code != want {
			t.Errorf("a colleague ends it: got %d, want %d", w.Code, want)
		}
	}
	if _, err := s.Auth.Who(t.Context(), other); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("the session that was ended: got %v", err)
	}
	webtest.Contains(t, page(), []string{"This browser"}, []string{"Firefox", "end-others"})

	for range 2 {
		if _, _, err := s.Auth.SignIn(t.Context(), "agent@example.org", webtest.Password, "192.0.2.7", "x"); err != nil {
			t.Fatal(err)
		}
	}
	webtest.WantStatus(t, s.Do(s.Request("agent", "POST", "/profile/sessions/end-others", url.Values{})), http.StatusSeeOther)
	list, err := s.Auth.ListSessions(t.Context(), s.People["agent"].ID, s.Cookies["agent"].Value)
	if err != nil || len(list) != 1 || !list[0].This {
		t.Errorf("got %v, %v; want this one alone", list, err)
	}
}
