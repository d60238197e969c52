// Package webtest puts a small real desk behind the whole web server, for tests of what is asked over HTTP. It is
// imported by tests only.
//
// desk.go is a desk whose operators work (see desktest) and what one asks of it; server.go is a server on an empty desk
// with one operator of each role, and requests written down as scenes; check.go looks at answers.
package webtest

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
	"pult/handlers"
	"pult/internal/desktest"
	"pult/views"
)

// Hosts of the two listeners.
const (
	DeskHost   = "127.0.0.1:7858"
	PublicHost = "127.0.0.1:7859"
)

// testHost is the host that httptest gives to requests.
const testHost = "example.com"

// Options are those of the server, so that tests of a room need not import what stands above it.
type Options = handlers.Options

// PrepareOptions are the options of a server on a desk, for tests that change some of them. The company gets a name.
func PrepareOptions(t *testing.T, d *desktest.Desk) Options {
	t.Helper()
	drawing, err := views.New(views.Options{Zone: time.UTC, Now: d.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.PutWorkspace(&domain.Workspace{
			Company: "Dvůr a Syn", Language: domain.English, SetUpAt: tx.Now, InstallID: "0123456789abcdef",
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	const year = 365 * 24 * time.Hour
	return Options{
		Desk:             d.Desk,
		Auth:             auth.New(d.Store, auth.Options{Now: d.Clock.Now, Idle: year, Absolute: year}),
		Hub:              d.Hub,
		Views:            drawing,
		DeskHosts:        []string{testHost, DeskHost},
		PublicHosts:      []string{testHost, PublicHost},
		WebhookBodyLimit: 4 << 20,
		Now:              d.Clock.Now,
		Zone:             time.UTC,
		Log:              slog.New(slog.DiscardHandler),
	}
}

// sessionCookie is the cookie of a session of the company that PrepareOptions makes.
func sessionCookie(token string) *http.Cookie {
	return &http.Cookie{Name: "pult_01234567", Value: token}
}
