package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// openPaths may be asked for without a session. A new route that is not here has to turn strangers away.
var openPaths = []string{"/", "/signin", "/signout", "/setup", "/static/*", "/hooks/:key", "/f/:token", "/probe/:nonce", "/healthz", "/readyz"}

// publicPaths are all that the public listener answers.
var publicPaths = []string{"/hooks/:key", "/f/:token", "/probe/:nonce", "/healthz", "/readyz"}

// widgetPaths are those of the chat on a shop's page, which strangers may reach.
var widgetPaths = []string{
	"/widget.js", "/static/:hash/widget/:name", "/chat/:key", "/chat/:key/colours.css", "/chat/:key/messages", "/chat/:key/messages/:id/files/:n",
	"/chat/:key/files", "/chat/:key/live", "/chat/:key/read", "/chat/:key/typing", "/chat/:key/identify",
}

func init() {
	openPaths, publicPaths = append(openPaths, widgetPaths...), append(publicPaths, widgetPaths...)
}

// concrete fills in the path of a route.
func concrete(pattern string) string {
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

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// wanted are the headers of every answer, whatever it is.
var wanted = []string{
	"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
	"Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cache-Control",
}

func checkHeaders(t *testing.T, what string, h http.Header) {
	t.Helper()
	for _, name := range wanted {
		if h.Get(name) == "" {
			t.Errorf("%s: no %s", what, name)
		}
	}
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe-") {
		t.Errorf("%s: the policy is %q", what, csp)
	}
	for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if h.Get(name) != "" {
			t.Errorf("%s: tells %s: %s", what, name, h.Get(name))
		}
	}
}

func TestRoutes_StrangersAreTurnedAwayEverywhere(t *testing.T) {
	s := installed(t)
	for _, r := range s.handler.Routes() {
		what := r.Method + " " + r.Path
		w := s.do(s.request("", r.Method, concrete(r.Path), nil))
		checkHeaders(t, what, w.Header())
		if slices.Contains(openPaths, r.Path) {
			continue
		}
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/signin") {
			t.Errorf("%s without a session: got %d to %q, want the sign-in", what, w.Code, to)
		}
		htmx := s.request("", r.Method, concrete(r.Path), nil)
		htmx.Header.Set("HX-Request", "true")
		if w := s.do(htmx); w.Header().Get("HX-Redirect") != "/signin" {
			t.Errorf("%s without a session, htmx: got %d %v, want HX-Redirect", what, w.Code, w.Header())
		}
	}
}

func TestRoutes_OtherSitesChangeNothing(t *testing.T) {
	s := installed(t)
	for _, r := range s.handler.Routes() {
		if !unsafe(r.Method) || r.Path == "/hooks/:key" {
			continue
		}
		for name, hostile := range map[string]func(http.Header){
			"cross-site":        func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
			"same-site":         func(h http.Header) { h.Set("Sec-Fetch-Site", "same-site") },
			"another port":      func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "http://127.0.0.1:9999") },
			"a sandboxed frame": func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "null") },
		} {
			req := s.request("admin", r.Method, concrete(r.Path), url.Values{})
			hostile(req.Header)
			w := s.do(req)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s %s from %s: got %d, want 403", r.Method, r.Path, name, w.Code)
			}
			checkHeaders(t, r.Method+" "+r.Path, w.Header())
		}
	}
}

func TestRoutes_PublicListenerAnswersOnlyStrangersRoutes(t *testing.T) {
	s := installed(t)
	for _, r := range s.handler.Routes() {
		req := s.request("admin", r.Method, concrete(r.Path), nil)
		req.Host = publicHost
		w := httptest.NewRecorder()
		s.handler.Public().ServeHTTP(w, req)
		checkHeaders(t, "public "+r.Path, w.Header())
		if slices.Contains(publicPaths, r.Path) {
			continue
		}
		if w.Code != http.StatusNotFound {
			t.Errorf("public %s %s: got %d, want 404", r.Method, r.Path, w.Code)
		}
	}
}

func TestRoutes_UnknownPathsAre404ForEverybody(t *testing.T) {
	s := installed(t)
	for _, who := range []string{"", "admin"} {
		for _, path := range []string{"/nothing", "/chats/x/y/z/nothing", "/.env", "/signin/", "/debug/pprof/", "/hooks", "/static", "/simulator"} {
			w := s.do(s.request(who, "GET", path, nil))
			if w.Code != http.StatusNotFound {
				t.Errorf("%q asks for %s: got %d, want 404", who, path, w.Code)
			}
			checkHeaders(t, path, w.Header())
		}
	}
	if w := s.do(s.request("admin", "DELETE", "/signin", nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("DELETE /signin: got %d, want 405", w.Code)
	}
}

func TestHosts_OnlyOurOwnAreAnswered(t *testing.T) {
	s := installed(t)
	for _, host := range []string{
		"", "evil.example", "evil.example:7858", "127.0.0.1", "127.0.0.1:7859", "127.0.0.1:7858.", "127.0.0.1.:7858", "localhost:7858",
		"LOCALHOST:7858", "[::1]:7858", "0.0.0.0:7858", "127.1:7858", "2130706433:7858", "127.0.0.1:07858", "127.0.0.1:7858@evil.example",
		"evil.example#127.0.0.1:7858", "127.0.0.1:7858,evil.example", " 127.0.0.1:7858", "127.0.0.1:7858 ", "127.0.0.1%00:7858",
	} {
		r := s.request("admin", "GET", "/operators", nil)
		r.Host = host
		w := s.do(r)
		if w.Code != http.StatusMisdirectedRequest || w.Body.Len() != 0 {
			t.Errorf("host %q: got %d %q, want 421 and nothing", host, w.Code, w.Body)
		}
	}
	absolute := s.request("admin", "GET", "/operators", nil)
	absolute.URL.Scheme, absolute.URL.Host = "http", "evil.example"
	if w := s.do(absolute); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("absolute form: got %d, want 421", w.Code)
	}
	if w := s.do(s.request("admin", "GET", "/operators", nil)); w.Code != http.StatusOK {
		t.Errorf("our own host: got %d, want 200", w.Code)
	}
}

func TestHealth_TellsMachinesOnlyThat(t *testing.T) {
	s := installed(t)
	s.play([]scene{
		{name: "alive", method: "GET", path: "/healthz", status: 200, has: []string{"ok\n"}, hasNot: []string{"ult"}},
		{name: "ready", method: "GET", path: "/readyz", status: 200, has: []string{"ok\n"}},
	})
}

func TestWebhook_Statuses(t *testing.T) {
	s := installed(t)
	s.park(`{}`) // brings a channel with the key "shop" along
	send := func(path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.Host, r.RemoteAddr = publicHost, "198.51.100.7:1"
		r.Header.Set("Origin", "https://vendor.example")
		w := httptest.NewRecorder()
		s.handler.Public().ServeHTTP(w, r)
		return w
	}
	if w := send("/hooks/unknown", strings.Repeat("x", 4<<20+1)); w.Code != http.StatusNotFound {
		t.Errorf("unknown key: got %d, want 404 before the body is read", w.Code)
	}
	if w := send("/hooks/shop", strings.Repeat("x", 4<<20+1)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: got %d, want 413", w.Code)
	}
	if w := send("/hooks/shop", "{}"); w.Code == http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("a channel whose vendor cannot be reached: got %d %q, want a refusal without words", w.Code, w.Body)
	}
}

func TestErrors_PageOrToast(t *testing.T) {
	s := installed(t)
	s.play([]scene{
		{name: "page", who: "agent", method: "GET", path: "/settings/journal", status: 403, has: []string{"<!doctype html>", `href="/"`}},
		{name: "toast", who: "agent", method: "GET", path: "/settings/journal", htmx: true, status: 403, has: []string{`<hx-partial hx-target="#toasts"`}, hasNot: []string{"<html"}},
	})
}

func TestPages_ArePackedWhenTheBrowserCanUnpack(t *testing.T) {
	s := installed(t)
	for accept, want := range map[string]string{"gzip, br": "gzip", "br;q=1.0, gzip;q=0.5": "gzip", "gzip;q=0": "", "": "", "br": ""} {
		r := s.request("agent", "GET", "/operators", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := s.do(r)
		if got := w.Header().Get("Content-Encoding"); got != want || !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("Accept-Encoding %q: got %q, want %q; Vary %q", accept, got, want, w.Header().Get("Vary"))
		}
	}
}
