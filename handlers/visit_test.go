package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/internal/desktest"
	"pult/internal/webtest"
)

// loadedBy are the addresses that a page or style sheet makes a browser load.
var loadedBy = regexp.MustCompile(`(?:<link rel="stylesheet" href|<link rel="icon"[^>]* href|<script src|<use href|<img src)="([^"#]+)`)

// visit is what a browser receives for a page: bodies as they are sent, and heads.
type visit struct {
	bytes    int
	requests []string
}

// addAnswer counts an answer. A head is counted as it is written, with the line of the status and the date.
func (v *visit) addAnswer(path string, w *httptest.ResponseRecorder) {
	v.requests = append(v.requests, path)
	v.bytes += w.Body.Len() + len("HTTP/1.1 200 OK\r\nDate: Tue, 01 Dec 2026 10:53:43 GMT\r\n\r\n")
	for name, values := range w.Header() {
		for _, value := range values {
			v.bytes += len(name) + len(": ") + len(value) + len("\r\n")
		}
	}
}

// visitPage loads a page and, with an empty cache, what it names.
func visitPage(t *testing.T, path, accept string, cold bool, ask func(*http.Request) *httptest.ResponseRecorder) visit {
	t.Helper()
	get := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", accept)
		w := ask(r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: got status %d", path, w.Code)
		}
		return w
	}
	var v visit
	v.addAnswer(path, get(path, accept))
	if !cold {
		return v
	}
	for _, m := range loadedBy.FindAllStringSubmatch(get(path, "").Body.String(), -1) {
		if !slices.Contains(v.requests, m[1]) && !strings.HasPrefix(m[1], "data:") {
			v.addAnswer(m[1], get(m[1], accept))
		}
	}
	return v
}

// What people wait for at the start of the day. Bytes and requests are counted as a browser does, heads included; what
// the scripts load afterwards, such as the stream, is counted by the tests of the whole program.
func TestVisit_PagesAreLight(t *testing.T) {
	d := webtest.New(t)
	for i := range 55 { // more than a page of the table, each customer with another name and text
		d.Clock.Move(time.Minute)
		customer := desktest.Customer(fmt.Sprintf("Zákazník č. %d", i*7919), fmt.Sprintf("+420777%06d", i*7919))
		d.Say(d.Channel, customer, fmt.Sprintf("Dobrý den, kde je objednávka %d ze dne %d. %d.?", i*104729, i%28+1, i%12+1))
	}
	signedIn := func(r *http.Request) *httptest.ResponseRecorder { return d.Ask(d.Eva, r, false) }
	stranger := func(r *http.Request) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		d.Server.Desk().ServeHTTP(w, r)
		return w
	}
	const local, network = "gzip, deflate, br, zstd", "gzip, deflate" // browsers keep the best for encrypted connections
	for _, c := range []struct {
		name, path, accept string
		cold               bool
		ask                func(*http.Request) *httptest.ResponseRecorder
		bytes, requests    int
	}{
		{"sign-in", "/signin", local, true, stranger, 25_000, 3},
		{"sign-in, network", "/signin", network, true, stranger, 25_000, 3},
		{"chats, first", "/chats", local, true, signedIn, 60_000, 4},
		{"chats, first, network", "/chats", network, true, signedIn, 65_000, 4},
		{"chats, again", "/chats", local, false, signedIn, 9_600, 1},
		{"chats, again, network", "/chats", network, false, signedIn, 10_200, 1},
	} {
		v := visitPage(t, c.path, c.accept, c.cold, c.ask)
		t.Logf("%-22s %6d bytes in %d requests", c.name, v.bytes, len(v.requests))
		if v.bytes > c.bytes || len(v.requests) > c.requests {
			t.Errorf("%s: got %d bytes in %d requests, want at most %d in %d: %v",
				c.name, v.bytes, len(v.requests), c.bytes, c.requests, v.requests)
		}
	}
}
