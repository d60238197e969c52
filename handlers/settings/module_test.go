package settings_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pult/internal/webtest"
)

const isOff = "The Chats module is switched off"

// turned is an installed server whose administrator has switched the module off.
func turned(t *testing.T) *webtest.Server {
	t.Helper()
	s := webtest.NewInstalled(t)
	s.Play([]webtest.Scene{{
		Name:   "off",
		Who:    "admin",
		Method: "POST",
		Path:   "/settings/chats",
		Form:   url.Values{},
		Status: 303,
		To:     "/settings/chats",
	}})
	return s
}

func TestModule_OffSaysSoAndLeadsToTheSwitch(t *testing.T) {
	s := turned(t)
	s.Play([]webtest.Scene{
		{
			Name:   "administrator",
			Who:    "admin",
			Method: "GET",
			Path:   "/chats",
			Status: 403,
			Has:    []string{isOff, `href="/settings/chats"`},
			HasNot: []string{`href="/chats"`},
		},
		{
			Name:   "operator",
			Who:    "agent",
			Method: "GET",
			Path:   "/chats",
			Status: 403,
			Has:    []string{isOff, "ask an administrator"},
			HasNot: []string{`href="/settings/chats"`},
		},
		{Name: "search", Who: "agent", Method: "GET", Path: "/search?q=a", Status: 403, Has: []string{isOff}},
		{
			Name:   "an open page is told in a toast",
			Who:    "agent",
			Method: "GET",
			Path:   "/chats",
			HTMX:   true,
			Status: 403,
			Has:    []string{isOff, `hx-target="#toasts"`},
			HasNot: []string{"<html"},
		},
		{Name: "nothing is changed", Who: "agent", Method: "POST", Path: "/calls", Form: url.Values{}, Status: 403, Has: []string{isOff}},
		{Name: "start of an administrator", Who: "admin", Method: "GET", Path: "/", Status: 303, To: "/settings/chats"},
		{Name: "start of an operator", Who: "agent", Method: "GET", Path: "/", Status: 303, To: "/operators"},
		{
			Name:   "rail elsewhere",
			Who:    "agent",
			Method: "GET",
			Path:   "/operators",
			Status: 200,
			Has:    []string{`id="rail-chats"></span>`},
			HasNot: []string{`href="/chats"`, `href="/search"`},
		},
		{
			Name:   "palette",
			Who:    "agent",
			Method: "GET",
			Path:   "/palette",
			HTMX:   true,
			Status: 200,
			Has:    []string{`href="/operators"`},
			HasNot: []string{`href="/chats"`, `href="/search"`},
		},
		{Name: "settings", Who: "admin", Method: "GET", Path: "/settings/channels", Status: 200},
	})
}

func TestModule_OffClosesEveryRouteOfTheModule(t *testing.T) {
	s := turned(t)
	for _, r := range s.Web.Routes() {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
		if !slices.Contains([]string{"chats", "search", "messages", "contacts", "files", "calls", "suggest"}, first) {
			continue
		}
		w := s.Do(s.Request("admin", r.Method, webtest.FillPath(r.Path), nil))
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), isOff) {
			t.Errorf("%s %s while off: got %d, want 403 with the reason", r.Method, r.Path, w.Code)
		}
	}
}

func TestModule_OnShowsTheEntryAtOnce(t *testing.T) {
	s := turned(t)
	s.Play([]webtest.Scene{
		{
			Name:   "while off no steps",
			Who:    "admin",
			Method: "GET",
			Path:   "/settings/chats",
			Status: 200,
			Has:    []string{`id="module-on"`},
			HasNot: []string{"module-step", " checked"},
		},
		{Name: "on", Who: "admin", Method: "POST", Path: "/settings/chats", Form: url.Values{"on": {"1"}}, HTMX: true, Status: 200,
			Has: []string{`hx-target="#rail-chats"`, `href="/chats"`, " checked", "0 of 3", `href="/settings/channels"`}},
		{Name: "the table", Who: "agent", Method: "GET", Path: "/chats", Status: 200},
		{Name: "start", Who: "agent", Method: "GET", Path: "/", Status: 303, To: "/chats"},
	})
}

func TestModule_SwitchIsTheAdministrators(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, who := range []string{"agent", "supervisor"} {
		s.Play([]webtest.Scene{
			{Name: who + " looks", Who: who, Method: "GET", Path: "/settings/chats", Status: 403},
			{Name: who + " switches", Who: who, Method: "POST", Path: "/settings/chats", Form: url.Values{}, Status: 403},
			{Name: who + " still works", Who: who, Method: "GET", Path: "/chats", Status: 200},
		})
	}
}
