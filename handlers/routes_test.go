package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pult/internal/webtest"
)

// openPaths may be asked for without a session. A new route that is not here has to turn strangers away.
var openPaths = []string{
	"/",
	"/signin",
	"/signin/again",
	"/signout",
	"/setup",
	"/static/*",
	"/hooks/:key",
	"/f/:token",
	"/probe/:nonce",
	"/healthz",
	"/readyz",
}

// publicPaths are all that the public listener answers.
var publicPaths = []string{"/hooks/:key", "/f/:token", "/probe/:nonce", "/healthz", "/readyz"}

// widgetPaths are those of the chat on a shop's page, which strangers may reach.
var widgetPaths = []string{
	"/widget.js", "/static/:hash/widget/:name", "/chat/:key", "/chat/:key/colours.css", "/chat/:key/messages", "/chat/:key/messages/:id/files/:n",
	"/chat/:key/files", "/chat/:key/live", "/chat/:key/delivered", "/chat/:key/read", "/chat/:key/typing", "/chat/:key/identify",
}

func init() {
	openPaths, publicPaths = append(openPaths, widgetPaths...), append(publicPaths, widgetPaths...)
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

func TestRoutes_StrangersAreTurnedAwayEverywhere(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, r := range s.Web.Routes() {
		what := r.Method + " " + r.Path
		w := s.Do(s.Request("", r.Method, webtest.FillPath(r.Path), nil))
		webtest.CheckHeaders(t, what, w.Header())
		if slices.Contains(openPaths, r.Path) {
			continue
		}
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/signin") {
			t.Errorf("%s without a session: got %d to %q, want the sign-in", what, w.Code, to)
		}
	}
}

func TestRoutes_OtherSitesChangeNothing(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, r := range s.Web.Routes() {
		if !unsafe(r.Method) || r.Path == "/hooks/:key" {
			continue
		}
		for name, hostile := range map[string]func(http.Header){
			"cross-site":        func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
			"same-site":         func(h http.Header) { h.Set("Sec-Fetch-Site", "same-site") },
			"another port":      func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "http://127.0.0.1:9999") },
			"a sandboxed frame": func(h http.Header) { h.Del("Sec-Fetch-Site"); h.Set("Origin", "null") },
		} {
			req := s.Request("admin", r.Method, webtest.FillPath(r.Path), url.Values{})
			hostile(req.Header)
			w := s.Do(req)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s %s from %s: got %d, want 403", r.Method, r.Path, name, w.Code)
			}
			webtest.CheckHeaders(t, r.Method+" "+r.Path, w.Header())
		}
	}
}

func TestRoutes_PublicListenerAnswersOnlyStrangersRoutes(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, r := range s.Web.Routes() {
		req := s.Request("admin", r.Method, webtest.FillPath(r.Path), nil)
		req.Host = webtest.PublicHost
		w := httptest.NewRecorder()
		s.Web.Public().ServeHTTP(w, req)
		webtest.CheckHeaders(t, "public "+r.Path, w.Header())
		if slices.Contains(publicPaths, r.Path) {
			continue
		}
		if w.Code != http.StatusNotFound {
			t.Errorf("public %s %s: got %d, want 404", r.Method, r.Path, w.Code)
		}
	}
}

func TestRoutes_UnknownPathsAre404ForEverybody(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, who := range []string{"", "admin"} {
		for _, path := range []string{"/nothing", "/chats/x/y/z/nothing", "/.env", "/signin/", "/debug/pprof/", "/hooks", "/static", "/simulator"} {
			w := s.Do(s.Request(who, "GET", path, nil))
			if w.Code != http.StatusNotFound {
				t.Errorf("%q asks for %s: got %d, want 404", who, path, w.Code)
			}
			webtest.CheckHeaders(t, path, w.Header())
		}
	}
	if w := s.Do(s.Request("admin", "DELETE", "/signin", nil)); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("DELETE /signin: got %d, want 405", w.Code)
	}
}

func TestHosts_OnlyOurOwnAreAnswered(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, host := range []string{
		"", "evil.example", "evil.example:7858", "127.0.0.1", "127.0.0.1:7859", "127.0.0.1:7858.", "127.0.0.1.:7858", "localhost:7858",
		"LOCALHOST:7858", "[::1]:7858", "0.0.0.0:7858", "127.1:7858", "2130706433:7858", "127.0.0.1:07858", "127.0.0.1:7858@evil.example",
		"evil.example#127.0.0.1:7858", "127.0.0.1:7858,evil.example", " 127.0.0.1:7858", "127.0.0.1:7858 ", "127.0.0.1%00:7858",
	} {
		r := s.Request("admin", "GET", "/operators", nil)
		r.Host = host
		w := s.Do(r)
		if w.Code != http.StatusMisdirectedRequest || w.Body.Len() != 0 {
			t.Errorf("host %q: got %d %q, want 421 and nothing", host, w.Code, w.Body)
		}
	}
	absolute := s.Request("admin", "GET", "/operators", nil)
	absolute.URL.Scheme, absolute.URL.Host = "http", "evil.example"
	if w := s.Do(absolute); w.Code != http.StatusMisdirectedRequest {
		t.Errorf("absolute form: got %d, want 421", w.Code)
	}
	if w := s.Do(s.Request("admin", "GET", "/operators", nil)); w.Code != http.StatusOK {
		t.Errorf("our own host: got %d, want 200", w.Code)
	}
}

func TestErrors_PageOrToast(t *testing.T) {
	s := webtest.NewInstalled(t)
	s.Play([]webtest.Scene{
		{Name: "page", Who: "agent", Method: "GET", Path: "/settings/journal", Status: 403, Has: []string{"<!doctype html>", `href="/"`}},
		{
			Name:   "toast",
			Who:    "agent",
			Method: "GET",
			Path:   "/settings/journal",
			HTMX:   true,
			Status: 403,
			Has:    []string{`<hx-partial hx-target="#toasts"`},
			HasNot: []string{"<html"},
		},
	})
}

func TestPages_ArePackedWhenTheBrowserCanUnpack(t *testing.T) {
	s := webtest.NewInstalled(t)
	for accept, want := range map[string]string{"gzip, br": "gzip", "br;q=1.0, gzip;q=0.5": "gzip", "gzip;q=0": "", "": "", "br": ""} {
		r := s.Request("agent", "GET", "/operators", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := s.Do(r)
		if got := w.Header().Get("Content-Encoding"); got != want || !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("Accept-Encoding %q: got %q, want %q; Vary %q", accept, got, want, w.Header().Get("Vary"))
		}
	}
}

// What the list says of a route is asked at the door, before anything is read.
func TestRoutes_WhoseRoleGrantsNothingIsRefused(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, r := range s.Web.Routes() {
		managing := strings.HasPrefix(r.Path, "/settings/") || r.Path == "/operators/new" || r.Path == "/operators/:id" ||
			r.Path == "/operators" && unsafe(r.Method)
		if !managing {
			continue
		}
		w := s.Do(s.Request("agent", r.Method, webtest.FillPath(r.Path), nil))
		if w.Code != http.StatusForbidden {
			t.Errorf("%s %s as an operator: got %d, want 403", r.Method, r.Path, w.Code)
		}
		webtest.CheckHeaders(t, r.Method+" "+r.Path, w.Header())
		if w := s.Do(s.Request("admin", r.Method, webtest.FillPath(r.Path), nil)); w.Code == http.StatusForbidden {
			t.Errorf("%s %s as an administrator: got 403", r.Method, r.Path)
		}
	}
}
