package hooks

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pult/domain"

	"github.com/labstack/echo/v4"
)

// reached serves a probe's answers at an address of this machine.
func reached(t *testing.T, p *Probe, handler http.Handler) {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	p.public = originOf(t, s.URL)
}

func TestProbe_TellsWhatAnswers(t *testing.T) {
	p := newProbe(domain.Origin{})
	e := echo.New()
	e.GET("/probe/:nonce", p.Answer)
	reached(t, p, e)
	if _, got, _ := p.Ask(t.Context()); got != "probe.only_here" {
		t.Errorf("our own answer on loopback: got %q", got)
	}
	if len(p.answers) != 0 {
		t.Errorf("%d nonces are left", len(p.answers))
	}
	for name, handler := range map[string]http.HandlerFunc{
		"another page": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(strings.Repeat("x", 1<<20))) },
		"not found":    http.NotFound,
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		},
	} {
		reached(t, p, handler)
		if tone, key, _ := p.Ask(t.Context()); key != "probe.other" || tone != "red" {
			t.Errorf("%s: got %q", name, key)
		}
	}
	p.public = originOf(t, "http://127.0.0.1:1")
	if _, got, _ := p.Ask(t.Context()); got != "probe.refused" {
		t.Errorf("nobody there: got %q", got)
	}
	s := httptest.NewTLSServer(e)
	t.Cleanup(s.Close)
	p.public = originOf(t, s.URL)
	if _, got, _ := p.Ask(t.Context()); got != "probe.tls" {
		t.Errorf("a certificate nobody vouches for: got %q", got)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest("GET", "/probe/guess", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a guessed nonce: got %d, want 404", w.Code)
	}
}
