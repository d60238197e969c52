package handlers_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
	"pult/handlers"
	"pult/views"
)

const (
	deskHost   = "127.0.0.1:7858"
	publicHost = "127.0.0.1:7859"
	password   = "correct horse battery"
)

var testNow = time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)

// server is the handlers on a small real desk in memory, whose clock stands still. There are three operators, one of
// each role, whose sessions are in cookies.
type server struct {
	t       *testing.T
	handler *handlers.Server
	auth    *auth.Auth
	store   *store.Store
	cookies map[string]*http.Cookie // by "admin", "supervisor", "agent"
	people  map[string]*domain.Operator
}

// empty is a server that nobody has set up.
func empty(t *testing.T) *server {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	now := func() time.Time { return testNow }
	s, err := store.Open(context.Background(), engine, store.Options{Now: now, SealKey: make([]byte, store.SealKeyLength)})
	if err != nil {
		t.Fatal(err)
	}
	v, err := views.New(views.Options{Location: time.UTC, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	log, hub := slog.New(slog.DiscardHandler), realtime.NewHub()
	a := auth.New(s, auth.Options{Now: now, Idle: 12 * time.Hour, Absolute: 7 * 24 * time.Hour})
	d := desk.New(desk.Options{Store: s, Hub: hub, Open: noVendor, Now: now, Location: time.UTC, Log: log, Limits: desk.Limits{Attachment: 1 << 20}})
	h := handlers.New(handlers.Options{
		Desk: d, Auth: a, Hub: hub, Views: v, DeskHosts: []string{deskHost}, PublicHosts: []string{publicHost},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, WebhookBodyLimit: 4 << 20, AttachmentLimit: 1 << 20,
		Clock: now, Location: time.UTC, Logger: log,
	})
	return &server{t: t, handler: h, auth: a, store: s, cookies: map[string]*http.Cookie{}, people: map[string]*domain.Operator{}}
}

func noVendor(domain.Channel) (carrier.Driver, error) {
	return nil, errors.New("no vendor in this test")
}

// installed is a server with one operator of each role, signed in.
func installed(t *testing.T) *server {
	t.Helper()
	s := empty(t)
	form := auth.SetUpForm{Company: "Dvůr", Language: domain.English, Name: "Martin Kučera", Email: "admin@example.org", Password: password}
	token, admin, err := s.auth.SetUp(context.Background(), s.auth.SetUpToken(), form, "test")
	if err != nil {
		t.Fatal(err)
	}
	s.remember("admin", token, admin)
	s.hire("supervisor", domain.RoleSupervisor, "Alena Nováková")
	s.hire("agent", domain.RoleOperator, "Laure Petit")
	return s
}

func (s *server) hire(who string, role domain.Role, name string) {
	s.t.Helper()
	hash, err := auth.Hash(password)
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.store.Update(context.Background(), func(tx *store.Tx) error {
		return tx.PutOperator(&domain.Operator{ID: tx.NewID(), Name: name, Email: who + "@example.org", Role: role, Language: domain.English, PasswordHash: hash, Active: true})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	token, o, err := s.auth.SignIn(context.Background(), who+"@example.org", password, "192.0.2.200", "test")
	if err != nil {
		s.t.Fatal(err)
	}
	s.remember(who, token, o)
}

func (s *server) remember(who, token string, o *domain.Operator) {
	s.t.Helper()
	w, err := s.auth.Workspace(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	s.people[who] = o
	s.cookies[who] = &http.Cookie{Name: "pult_" + w.InstallID[:8], Value: token}
}

// request makes one for the desk's host as a browser on its own page would.
func (s *server) request(who, method, path string, form url.Values) *http.Request {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	r.URL.Host, r.URL.Scheme, r.Host = "", "", deskHost
	r.RemoteAddr = "198.51.100.7:1234"
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c := s.cookies[who]; c != nil {
		r.AddCookie(c)
	}
	return r
}

func (s *server) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.Desk().ServeHTTP(w, r)
	return w
}

// scene is one request and what its answer must and must not hold.
type scene struct {
	name   string
	who    string // "", admin, supervisor, agent
	method string
	path   string
	form   url.Values
	htmx   bool
	status int
	to     string   // Location or HX-Redirect
	has    []string // must be in the body
	hasNot []string // must not
}

func (s *server) play(scenes []scene) {
	s.t.Helper()
	for _, c := range scenes {
		s.t.Run(c.name, func(t *testing.T) {
			t.Helper()
			r := s.request(c.who, c.method, c.path, c.form)
			if c.htmx {
				r.Header.Set("HX-Request", "true")
			}
			w := s.do(r)
			if w.Code != c.status {
				t.Errorf("%s %s: got %d, want %d: %s", c.method, c.path, w.Code, c.status, w.Body)
			}
			if to := w.Header().Get("Location") + w.Header().Get("HX-Redirect"); to != c.to {
				t.Errorf("%s %s: led to %q, want %q", c.method, c.path, to, c.to)
			}
			for _, want := range c.has {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("%s %s: the answer lacks %q:\n%s", c.method, c.path, want, w.Body)
				}
			}
			for _, bad := range c.hasNot {
				if strings.Contains(w.Body.String(), bad) {
					t.Errorf("%s %s: the answer holds %q", c.method, c.path, bad)
				}
			}
		})
	}
}
