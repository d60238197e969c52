package handlers_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk/people"
	"pult/domain/store"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

// sooner is how soon a page has to hear: before the beat at which the stream asks by itself whether the session goes on.
const sooner = 8 * time.Second

// However a session ends, the pages of its browser hear of it in that moment.
func TestEndedSession_StreamSaysSoAtOnce(t *testing.T) {
	const token = "token-of-jana"
	for name, end := range map[string]func(*webtest.Desk, *auth.Auth) error{
		"signed out in another tab": func(_ *webtest.Desk, a *auth.Auth) error { return a.SignOut(t.Context(), token) },
		"ended from the list of another browser": func(d *webtest.Desk, a *auth.Auth) error {
			return a.EndOtherSessions(t.Context(), d.Jana.ID, "another token")
		},
		"a new password from an administrator": func(d *webtest.Desk, a *auth.Auth) error {
			return a.EndSessions(t.Context(), d.Eva.ID, d.Jana.ID)
		},
		"switched off": func(d *webtest.Desk, _ *auth.Auth) error {
			return d.People.UpdateOperator(t.Context(), d.Eva, d.Jana.ID, people.OperatorForm{
				Name: d.Jana.Name, Email: d.Jana.Email, Role: d.Jana.Role,
			})
		},
		"not used": func(d *webtest.Desk, a *auth.Auth) error {
			d.Clock.Move(9 * time.Hour)
			_, err := a.Sweep(t.Context())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			small := desktest.New(t)
			options := webtest.PrepareOptions(t, small)
			options.Auth = auth.New(small.Store, auth.Options{Now: small.Clock.Now, Idle: 8 * time.Hour, Absolute: 24 * time.Hour})
			d := webtest.Serve(small, options)
			hash := sha256.Sum256([]byte(token))
			d.Update(func(tx *store.Tx) error {
				return tx.PutSession(&domain.Session{
					Hash: hash[:], Operator: d.Jana.ID, CreatedAt: tx.Now, LastUsedAt: tx.Now, ExpiresAt: tx.Now.AddDate(0, 0, 1),
				})
			})
			server := httptest.NewServer(d.Server.Desk())
			defer server.Close()
			ctx, stop := context.WithTimeout(t.Context(), sooner)
			defer stop() // before the server closes: it waits for open answers
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/live", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Host = webtest.DeskHost
			request.Header.Set("Accept", "text/event-stream")
			request.AddCookie(&http.Cookie{Name: "pult_01234567", Value: token})
			answer, err := http.DefaultClient.Do(request)
			if err != nil || answer.StatusCode != http.StatusOK {
				t.Fatalf("got %v, %v", answer, err)
			}
			defer answer.Body.Close()
			lines := bufio.NewScanner(answer.Body)
			if !lines.Scan() { // the stream listens
				t.Fatalf("no stream: %v", lines.Err())
			}
			if err := end(d, options.Auth); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() {
				if lines.Text() == "event: signin" {
					return
				}
			}
			t.Errorf("the stream does not say that the session has ended: %v", lines.Err())
		})
	}
}
