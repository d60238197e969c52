package handlers_test

import (
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

// byThemselves are the routes that open pages ask while nobody touches them: news, who is here, what arrived with its
// pictures and letters, how a channel is doing. TestSession_PageLeftOpenAsksOnlyWhatIsNoUse holds that these are all.
var byThemselves = []string{
	"GET /session", "GET /live/news", "GET /keys", "POST /chats/:id/presence", "POST /chats/:id/open", "GET /chats/:id/requests",
	"GET /chats/:id/side", "GET /files/:id", "HEAD /files/:id", "GET /messages/:id/letter", "GET /settings/channels/:id/status",
	"GET /settings/channels/:id/health/card",
}

// A page that is left open over night asks and asks; that must not keep anybody signed in, nor shown as present. Whatever
// a person does must.
func TestSession_OnlyWhatAPersonDoesIsUse(t *testing.T) {
	small := desktest.New(t)
	options := webtest.PrepareOptions(t, small)
	options.Auth = auth.New(small.Store, auth.Options{Now: small.Clock.Now, Idle: 2 * time.Hour, Absolute: 24 * time.Hour})
	d := webtest.Serve(small, options)
	asked := 0
	for _, r := range d.Server.Routes() {
		if slices.Contains(openPaths, r.Path) || r.Path == "/live" {
			continue
		}
		token := r.Method + r.Path
		hash := sha256.Sum256([]byte(url.QueryEscape(token)))
		d.Update(func(tx *store.Tx) error {
			return tx.PutSession(&domain.Session{
				Hash: hash[:], Operator: d.Eva.ID, CreatedAt: tx.Now, LastUsedAt: tx.Now, ExpiresAt: tx.Now.AddDate(0, 0, 1),
			})
		})
		token = url.QueryEscape(token)
		d.Clock.Move(90 * time.Minute)
		request := httptest.NewRequest(r.Method, webtest.FillPath(r.Path), nil)
		request.AddCookie(&http.Cookie{Name: "pult_01234567", Value: token})
		d.Server.Desk().ServeHTTP(httptest.NewRecorder(), request)
		d.Clock.Move(45 * time.Minute)
		_, err := options.Auth.Peek(t.Context(), token)
		quiet := slices.Contains(byThemselves, r.Method+" "+r.Path)
		if quiet == (err == nil) {
			t.Errorf("%s %s: the session goes on: %v; a page asks it by itself: %v", r.Method, r.Path, err == nil, quiet)
		}
		if quiet {
			asked++
		}
	}
	if asked != len(byThemselves) {
		t.Errorf("%d of %d routes exist", asked, len(byThemselves))
	}
}
