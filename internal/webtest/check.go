package webtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Contains checks what a text must hold and what it must not.
func Contains(t *testing.T, body string, has, hasNot []string) {
	t.Helper()
	for _, want := range has {
		if !strings.Contains(body, want) {
			t.Errorf("does not contain %q", want)
		}
	}
	for _, bad := range hasNot {
		if strings.Contains(body, bad) {
			t.Errorf("contains %q", bad)
		}
	}
}

// WantStatus checks the status of an answer and gives its body.
func WantStatus(t *testing.T, w *httptest.ResponseRecorder, want int) string {
	t.Helper()
	if w.Code != want {
		t.Fatalf("got status %d, want %d: %.400s", w.Code, want, w.Body.String())
	}
	return w.Body.String()
}

// wantedHeaders are the headers of every answer, whatever it is.
var wantedHeaders = []string{
	"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
	"Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cache-Control",
}

// CheckHeaders checks that an answer has the headers that every answer has, and tells nothing of the program.
func CheckHeaders(t *testing.T, what string, h http.Header) {
	t.Helper()
	for _, name := range wantedHeaders {
		if h.Get(name) == "" {
			t.Errorf("%s: no %s", what, name)
		}
	}
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") ||
		strings.Contains(csp, "unsafe-") {
		t.Errorf("%s: the policy is %q", what, csp)
	}
	for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if h.Get(name) != "" {
			t.Errorf("%s: tells %s: %s", what, name, h.Get(name))
		}
	}
}
