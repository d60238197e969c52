package handlers_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pult/domain/carrier"
	"pult/internal/desktest"
)

const isOff = "The Chats module is switched off"

// turned is an installed server whose administrator has switched the module off.
func turned(t *testing.T) *server {
	t.Helper()
	s := installed(t)
	s.play([]scene{{name: "off", who: "admin", method: "POST", path: "/settings/chats", form: url.Values{}, status: 303, to: "/settings/chats"}})
	return s
}

func TestModule_OffSaysSoAndLeadsToTheSwitch(t *testing.T) {
	s := turned(t)
	s.play([]scene{
		{name: "administrator", who: "admin", method: "GET", path: "/chats", status: 403, has: []string{isOff, `href="/settings/chats"`}, hasNot: []string{`href="/chats"`}},
		{name: "operator", who: "agent", method: "GET", path: "/chats", status: 403, has: []string{isOff, "ask an administrator"}, hasNot: []string{`href="/settings/chats"`}},
		{name: "search", who: "agent", method: "GET", path: "/search?q=a", status: 403, has: []string{isOff}},
		{name: "an open page is told in a toast", who: "agent", method: "GET", path: "/chats", htmx: true, status: 403, has: []string{isOff, `hx-target="#toasts"`}, hasNot: []string{"<html"}},
		{name: "nothing is changed", who: "agent", method: "POST", path: "/calls", form: url.Values{}, status: 403, has: []string{isOff}},
		{name: "start of an administrator", who: "admin", method: "GET", path: "/", status: 303, to: "/settings/chats"},
		{name: "start of an operator", who: "agent", method: "GET", path: "/", status: 303, to: "/operators"},
		{name: "rail elsewhere", who: "agent", method: "GET", path: "/operators", status: 200, has: []string{`id="rail-chats"></span>`}, hasNot: []string{`href="/chats"`, `href="/search"`}},
		{name: "palette", who: "agent", method: "GET", path: "/palette", htmx: true, status: 200, has: []string{`href="/operators"`}, hasNot: []string{`href="/chats"`, `href="/search"`}},
		{name: "settings", who: "admin", method: "GET", path: "/settings/channels", status: 200},
	})
}

func TestModule_OffClosesEveryRouteOfTheModule(t *testing.T) {
	s := turned(t)
	for _, r := range s.handler.Routes() {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
		if !slices.Contains([]string{"chats", "search", "messages", "contacts", "files", "calls", "suggest"}, first) {
			continue
		}
		w := s.do(s.request("admin", r.Method, concrete(r.Path), nil))
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), isOff) {
			t.Errorf("%s %s while off: got %d, want 403 with the reason", r.Method, r.Path, w.Code)
		}
	}
}

func TestModule_OnShowsTheEntryAtOnce(t *testing.T) {
	s := turned(t)
	s.play([]scene{
		{name: "while off no steps", who: "admin", method: "GET", path: "/settings/chats", status: 200, has: []string{`id="module-on"`}, hasNot: []string{"module-step", " checked"}},
		{name: "on", who: "admin", method: "POST", path: "/settings/chats", form: url.Values{"on": {"1"}}, htmx: true, status: 200,
			has: []string{`hx-target="#rail-chats"`, `href="/chats"`, " checked", "0 of 3", `href="/settings/channels"`}},
		{name: "the table", who: "agent", method: "GET", path: "/chats", status: 200},
		{name: "start", who: "agent", method: "GET", path: "/", status: 303, to: "/chats"},
	})
}

func TestModule_SwitchIsTheAdministrators(t *testing.T) {
	s := installed(t)
	for _, who := range []string{"agent", "supervisor"} {
		s.play([]scene{
			{name: who + " looks", who: who, method: "GET", path: "/settings/chats", status: 403},
			{name: who + " switches", who: who, method: "POST", path: "/settings/chats", form: url.Values{}, status: 403},
			{name: who + " still works", who: who, method: "GET", path: "/chats", status: 200},
		})
	}
}

func TestModule_OffTakesWebhooksAndVisitorsIn(t *testing.T) {
	s := newShopDesk(t, nil)
	if err := s.SwitchChats(t.Context(), s.Eva, false); err != nil {
		t.Fatal(err)
	}
	from := desktest.Customer("Anna", "+420601234567")
	hook := desktest.Webhook(carrier.Batch{Messages: []carrier.InboundMessage{s.Text(s.Channel, from, "Dobrý den")}})
	r := httptest.NewRequest("POST", "/hooks/"+s.Channel.Key, bytes.NewReader(hook.Body))
	r.URL.Host, r.URL.Scheme, r.Host, r.RemoteAddr, r.Header = "", "", publicHost, "198.51.100.7:1", hook.Header
	if w := s.do(r); w.Code != http.StatusOK {
		t.Errorf("webhook while off: got %d %s, want 200", w.Code, w.Body)
	}
	s.Settle()
	if got := len(s.Thread(s.With(s.Channel, from).ID)); got != 1 {
		t.Errorf("got %d messages, want the one that came while off", got)
	}
	if w := s.say(anna, s.NewID().String(), "Hello"); w.Code != http.StatusAccepted {
		t.Errorf("a visitor while off: got %d %s", w.Code, w.Body)
	}
}
