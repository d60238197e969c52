package handlers_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"

	"pult/internal/webtest"
)

// senders are the ways in which scripts of a page ask the desk.
var senders = map[string]func(*webtest.Server, string, string) *http.Request{
	"htmx": func(s *webtest.Server, method, path string) *http.Request {
		r := s.Request("agent", method, path, url.Values{"text": {"typed"}})
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Request-Type", "partial")
		return r
	},
	"htmx, the whole page": func(s *webtest.Server, method, path string) *http.Request {
		r := s.Request("agent", method, path, nil)
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Request-Type", "full")
		return r
	},
	"fetch that says nothing": func(s *webtest.Server, method, path string) *http.Request {
		r := s.Request("agent", method, path, url.Values{"text": {"typed"}})
		r.Header.Set("Sec-Fetch-Mode", "cors")
		return r
	},
	"upload": func(s *webtest.Server, method, path string) *http.Request {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, _ := form.CreateFormFile("file", "photo.png") // a bytes.Buffer does not fail
		_, _ = part.Write([]byte("picture"))
		_ = form.Close()
		r := s.Request("agent", method, path, nil)
		sent := httptest.NewRequest(method, path, &body)
		sent.Header, sent.Host, sent.RemoteAddr = r.Header, r.Host, r.RemoteAddr
		sent.Header.Set("Content-Type", form.FormDataContentType())
		sent.Header.Set("HX-Request", "true")
		return sent
	},
	"picture": func(s *webtest.Server, method, path string) *http.Request {
		r := s.Request("agent", method, path, nil)
		r.Header.Set("Sec-Fetch-Mode", "no-cors")
		return r
	},
}

// An answer that leads to the sign-in looks like success to a script, which then throws away what was typed. Under every
// route there is, whoever sends, an ended session is a failure that scripts understand.
func TestEndedSession_IsAFailureUnderEveryRouteForEverySender(t *testing.T) {
	s := webtest.NewInstalled(t)
	if err := s.Auth.SignOut(t.Context(), s.Cookies["agent"].Value); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Web.Routes() {
		if slices.Contains(openPaths, r.Path) {
			continue
		}
		for name, make := range senders {
			w := s.Do(make(s, r.Method, webtest.FillPath(r.Path)))
			if w.Code != http.StatusUnauthorized || w.Header().Get("Pult-Session") != "ended" ||
				w.Header().Get("HX-Redirect")+w.Header().Get("Location") != "" {
				t.Errorf("%s %s by %s: got %d, Pult-Session %q, leads to %q; want 401, ended, nowhere",
					r.Method, r.Path, name, w.Code, w.Header().Get("Pult-Session"), w.Header().Get("HX-Redirect"))
			}
		}
	}
}

// When somebody else signed in in the same browser, what was typed before is not taken for theirs.
func TestEndedSession_NothingOfOneOperatorIsTakenForAnother(t *testing.T) {
	s := webtest.NewInstalled(t)
	for _, r := range s.Web.Routes() {
		if slices.Contains(openPaths, r.Path) {
			continue
		}
		for name, make := range senders {
			request := make(s, r.Method, webtest.FillPath(r.Path))
			request.Header.Set("Pult-Reader", s.People["supervisor"].ID.String())
			if w := s.Do(request); w.Code != http.StatusUnauthorized || w.Header().Get("Pult-Session") != "ended" {
				t.Errorf("%s %s by %s, drawn for somebody else: got %d, want 401", r.Method, r.Path, name, w.Code)
			}
		}
	}
	request := senders["htmx"](s, "GET", "/operators")
	request.Header.Set("Pult-Reader", s.People["agent"].ID.String())
	if w := s.Do(request); w.Code != http.StatusOK {
		t.Errorf("drawn for whoever asks: got %d, want 200", w.Code)
	}
}

func TestSession_TellsAPageWhetherItGoesOn(t *testing.T) {
	s := webtest.NewInstalled(t)
	ask := func(reader string) int {
		r := s.Request("agent", "GET", "/session", nil)
		r.Header.Set("HX-Request", "true")
		r.Header.Set("Pult-Reader", reader)
		return s.Do(r).Code
	}
	if got := ask(s.People["agent"].ID.String()); got != http.StatusNoContent {
		t.Errorf("while it goes on: got %d, want 204", got)
	}
	if got := ask(s.People["admin"].ID.String()); got != http.StatusUnauthorized {
		t.Errorf("drawn for somebody else: got %d, want 401", got)
	}
}
