package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/internal/webtest"
)

// again asks for the session of a page anew.
func again(s *webtest.Server, reader, email, password string) (status int, said string, cookies []*http.Cookie) {
	r := s.Request("", "POST", "/signin/again?lang=fr", url.Values{"email": {email}, "password": {password}})
	r.Header.Set("Pult-Reader", reader)
	w := s.Do(r)
	return w.Code, w.Body.String(), w.Result().Cookies()
}

func TestSigninAgain_GivesTheReaderOfThePageASession(t *testing.T) {
	s := webtest.NewInstalled(t)
	status, _, cookies := again(s, s.People["agent"].ID.String(), "agent@example.org", webtest.Password)
	if status != http.StatusNoContent || len(cookies) != 1 {
		t.Fatalf("got %d and %v, want 204 and a session", status, cookies)
	}
	s.Cookies["agent"] = cookies[0]
	webtest.WantStatus(t, s.Do(s.Request("agent", "GET", "/operators", nil)), http.StatusOK)
}

// What waits on the page is its reader's: nobody else may go on with it, whatever password they know.
func TestSigninAgain_RefusesEverybodyElse(t *testing.T) {
	s := webtest.NewInstalled(t)
	agent := s.People["agent"].ID.String()
	for name, c := range map[string]struct {
		reader, email, password string
		status                  int
	}{
		"a wrong password": {agent, "agent@example.org", "wrong password", http.StatusUnprocessableEntity},
		"somebody else":    {agent, "supervisor@example.org", webtest.Password, http.StatusUnprocessableEntity},
		"nobody's page":    {"", "agent@example.org", webtest.Password, http.StatusUnprocessableEntity},
	} {
		status, said, cookies := again(s, c.reader, c.email, c.password)
		if status != c.status || len(cookies) != 0 || strings.Contains(said, "<form") {
			t.Errorf("%s: got %d, %d cookies, %.80q; want %d, none, a sentence", name, status, len(cookies), said, c.status)
		}
	}
	list, err := s.Auth.ListSessions(t.Context(), s.People["supervisor"].ID, "")
	if err != nil || len(list) != 1 {
		t.Errorf("the supervisor has %d sessions, %v; want the one they had", len(list), err)
	}
	for range 5 {
		_, _, _ = again(s, agent, "agent@example.org", "wrong password")
	}
	if status, said, _ := again(s, agent, "agent@example.org", webtest.Password); status != http.StatusTooManyRequests || !strings.Contains(said, "Trop de tentatives") {
		t.Errorf("after many guesses: got %d %q, want 429 in French", status, said)
	}
}

func TestSigninAgain_DialogSpeaksTheLanguageOfThePageAndSaysNothingOfAnybody(t *testing.T) {
	s := webtest.NewInstalled(t)
	for lang, title := range map[string]string{"fr": "Votre session est terminée", "cs": "Vaše přihlášení skončilo", "en": "Your session has ended"} {
		body := webtest.WantStatus(t, s.Do(s.Request("", "GET", "/signin/again?lang="+lang, nil)), http.StatusOK)
		webtest.Contains(t, body, []string{title, `action="/signin/again?lang=` + lang + `"`}, []string{"@"})
	}
}
