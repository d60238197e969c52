package webtest

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

// Password is everybody's.
const Password = "correct horse battery"

// testNow is where the clock stands.
var testNow = time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)

// Server is the handlers on a small real desk in memory, whose clock stands still. There are three operators, one of
// each role, whose sessions are in cookies.
type Server struct {
	T       *testing.T
	Web     *handlers.Server
	Auth    *auth.Auth
	Store   *store.Store
	Cookies map[string]*http.Cookie // by "admin", "supervisor", "agent"
	People  map[string]*domain.Operator
}

// NewEmpty is a server that nobody has set up.
func NewEmpty(t *testing.T) *Server {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	now := func() time.Time { return testNow }
	s, err := store.Open(context.Background(), engine, store.Options{
		Now:     now,
		SealKey: make([]byte, store.SealKeyLength),
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := views.New(views.Options{Zone: time.UTC, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	log, hub := slog.New(slog.DiscardHandler), realtime.NewHub()
	a := auth.New(s, auth.Options{Now: now, Idle: 12 * time.Hour, Absolute: 7 * 24 * time.Hour})
	d := desk.New(desk.Options{
		Store:           s,
		Hub:             hub,
		Open:            noVendor,
		Now:             now,
		Location:        time.UTC,
		Log:             log,
		AttachmentLimit: 1 << 20,
	})
	h := handlers.New(handlers.Options{
		Desk: d, Auth: a, Hub: hub, Views: v, DeskHosts: []string{DeskHost}, PublicHosts: []string{PublicHost},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, WebhookBodyLimit: 4 << 20,
		Now: now, Zone: time.UTC, Log: log,
	})
	return &Server{
		T:       t,
		Web:     h,
		Auth:    a,
		Store:   s,
		Cookies: map[string]*http.Cookie{},
		People:  map[string]*domain.Operator{},
	}
}

func noVendor(domain.Channel) (carrier.Driver, error) {
	return nil, errors.New("no vendor in this test")
}

// NewInstalled is a server with one operator of each role, signed in.
func NewInstalled(t *testing.T) *Server {
	t.Helper()
	s := NewEmpty(t)
	form := auth.SetUpForm{
		Company:  "Dvůr",
		Language: domain.English,
		Name:     "Martin Kučera",
		Email:    "admin@example.org",
		Password: Password,
	}
	token, admin, err := s.Auth.SetUp(context.Background(), s.Auth.SetUpToken(), form, "test")
	if err != nil {
		t.Fatal(err)
	}
	s.Remember("admin", token, admin)
	s.hire("supervisor", domain.RoleSupervisor, "Alena Nováková")
	s.hire("agent", domain.RoleOperator, "Laure Petit")
	return s
}

func (s *Server) hire(who string, role domain.Role, name string) {
	s.T.Helper()
	hash, err := auth.Hash(Password)
	if err != nil {
		s.T.Fatal(err)
	}
	err = s.Store.Update(context.Background(), func(tx *store.Tx) error {
		return tx.PutOperator(&domain.Operator{
			ID:           tx.NewID(),
			Name:         name,
			Email:        who + "@example.org",
			Role:         role,
			Language:     domain.English,
			PasswordHash: hash,
			Active:       true,
		})
	})
	if err != nil {
		s.T.Fatal(err)
	}
	token, o, err := s.Auth.SignIn(context.Background(), who+"@example.org", Password, "192.0.2.200", "test")
	if err != nil {
		s.T.Fatal(err)
	}
	s.Remember(who, token, o)
}

// Remember keeps somebody's session for later requests.
func (s *Server) Remember(who, token string, o *domain.Operator) {
	s.T.Helper()
	w, err := s.Auth.Workspace(context.Background())
	if err != nil {
		s.T.Fatal(err)
	}
	s.People[who] = o
	s.Cookies[who] = &http.Cookie{Name: "pult_" + w.InstallID[:8], Value: token}
}

// Request makes a request for the desk's host as a browser on its own page would.
func (s *Server) Request(who, method, path string, form url.Values) *http.Request {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	r.URL.Host, r.URL.Scheme, r.Host = "", "", DeskHost
	r.RemoteAddr = "198.51.100.7:1234"
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c := s.Cookies[who]; c != nil {
		r.AddCookie(c)
	}
	return r
}

// Do asks the desk's own listener.
func (s *Server) Do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Web.Desk().ServeHTTP(w, r)
	return w
}

// Scene is one request and what its answer must and must not hold.
type Scene struct {
	Name   string
	Who    string // "", admin, supervisor, agent
	Method string
	Path   string
	Form   url.Values
	HTMX   bool
	Status int
	To     string   // Location or HX-Redirect
	Has    []string // must be in the body
	HasNot []string // must not
}

// Play asks for scenes one after the other.
func (s *Server) Play(scenes []Scene) {
	s.T.Helper()
	for _, c := range scenes {
		s.T.Run(c.Name, func(t *testing.T) {
			t.Helper()
			r := s.Request(c.Who, c.Method, c.Path, c.Form)
			if c.HTMX {
				r.Header.Set("HX-Request", "true")
			}
			w := s.Do(r)
			if w.Code != c.Status {
				t.Errorf("%s %s: got %d, want %d: %s", c.Method, c.Path, w.Code, c.Status, w.Body)
			}
			if to := w.Header().Get("Location") + w.Header().Get("HX-Redirect"); to != c.To {
				t.Errorf("%s %s: led to %q, want %q", c.Method, c.Path, to, c.To)
			}
			for _, want := range c.Has {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("%s %s: the answer lacks %q:\n%s", c.Method, c.Path, want, w.Body)
				}
			}
			for _, bad := range c.HasNot {
				if strings.Contains(w.Body.String(), bad) {
					t.Errorf("%s %s: the answer holds %q", c.Method, c.Path, bad)
				}
			}
		})
	}
}

// FillPath fills in the path of a route.
func FillPath(pattern string) string {
	var parts []string
	for part := range strings.SplitSeq(pattern, "/") {
		switch {
		case strings.HasPrefix(part, ":"):
			part = "00000000000000000000000001"
		case part == "*":
			part = "x"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/")
}

// Park stores a channel and a webhook of it that could not be understood.
func (s *Server) Park(body string) (id domain.ID) {
	s.T.Helper()
	err := s.Store.Update(context.Background(), func(tx *store.Tx) error {
		ch := &domain.Channel{
			ID:      tx.NewID(),
			Key:     "shop",
			Kind:    domain.WhatsApp,
			Driver:  "none",
			Name:    "WhatsApp Prodej",
			Enabled: true,
		}
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
		s.T.Fatal(err)
	}
	return id
}
