package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pult/domain/carrier"
	"pult/providers/wire"
)

// token is a credential that must not show.
const token = "token-that-nobody-may-see"

// answer is what a vendor says in these tests.
type answer struct {
	ID string `json:"id"`
}

// newExchange speaks to a server that answers by fn. A refusal has the status as its code and what was read as its
// detail.
func newExchange(t *testing.T, fn http.HandlerFunc) (wire.Exchange, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(fn)
	t.Cleanup(s.Close)
	refusal := func(res *http.Response, raw []byte, sends bool) *carrier.Error {
		e := wire.StatusError(res.StatusCode, sends)
		e.Detail = string(raw)
		return e
	}
	return wire.Exchange{Client: wire.WithoutRedirects(s.Client()), Limit: 100, ReadRefusal: refusal}, s
}

func newRequest(t *testing.T, ctx context.Context, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// wantError checks the class of a failure and that it tells neither the address nor the credential.
func wantError(t *testing.T, err error, class carrier.Class) *carrier.Error {
	t.Helper()
	var e *carrier.Error
	if !errors.As(err, &e) || e.Class != class {
		t.Fatalf("got %v, want %s", err, class)
	}
	if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "?secret=") {
		t.Errorf("got %v, which tells a secret", err)
	}
	return e
}

func TestExchange_Success_Decoded(t *testing.T) {
	x, s := newExchange(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"id":"1"}`)
	})
	var got answer
	if err := x.Do(newRequest(t, t.Context(), s.URL), true, &got); err != nil || got.ID != "1" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestExchange_RedirectIsAnAnswer(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a stranger was asked with %q", r.Header.Get("Authorization"))
	}))
	defer stranger.Close()
	x, s := newExchange(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.URL, http.StatusTemporaryRedirect)
	})
	e := wantError(t, x.Do(newRequest(t, t.Context(), s.URL), false, &answer{}), carrier.Permanent)
	if e.Code != "HTTP 307" {
		t.Errorf("got the code %q", e.Code)
	}
}

func TestExchange_RefusalIsReadByTheVendorsOwnWords(t *testing.T) {
	x, s := newExchange(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, "down for a while")
	})
	for sends, want := range map[bool]carrier.Class{true: carrier.Uncertain, false: carrier.Temporary} {
		e := wantError(t, x.Do(newRequest(t, t.Context(), s.URL), sends, &answer{}), want)
		if e.Detail != "down for a while" {
			t.Errorf("got %q", e.Detail)
		}
	}
}

func TestExchange_ReadsNoMoreThanItsLimit(t *testing.T) {
	x, s := newExchange(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/refused" {
			w.WriteHeader(http.StatusBadRequest)
		}
		fmt.Fprint(w, `{"id":"`+strings.Repeat("x", 1000)+`"}`)
	})
	e := wantError(t, x.Do(newRequest(t, t.Context(), s.URL+"/refused"), true, &answer{}), carrier.Permanent)
	if len(e.Detail) != 100 {
		t.Errorf("%d bytes were read, want 100", len(e.Detail))
	}
	for sends, want := range map[bool]carrier.Class{true: carrier.Uncertain, false: carrier.Temporary} {
		wantError(t, x.Do(newRequest(t, t.Context(), s.URL), sends, &answer{}), want)
	}
}

func TestExchange_AnswerThatIsNoJSON(t *testing.T) {
	x, s := newExchange(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>welcome</html>") })
	for sends, want := range map[bool]carrier.Class{true: carrier.Uncertain, false: carrier.Temporary} {
		wantError(t, x.Do(newRequest(t, t.Context(), s.URL), sends, &answer{}), want)
	}
}

func TestExchange_UncertainOnlyWhenItMayHaveLeft(t *testing.T) {
	cut := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		conn.Close()
	}
	x, s := newExchange(t, cut)
	wantError(t, x.Do(newRequest(t, t.Context(), s.URL+"?secret=1"), true, &answer{}), carrier.Uncertain)
	wantError(t, x.Do(newRequest(t, t.Context(), s.URL+"?secret=1"), false, &answer{}), carrier.Temporary)
	s.Close()
	wantError(t, x.Do(newRequest(t, t.Context(), s.URL+"?secret=1"), true, &answer{}), carrier.Temporary)
}

func TestExchange_AnswerThatBreaksOff(t *testing.T) {
	x, s := newExchange(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "50")
		fmt.Fprint(w, `{"id":`)
	})
	wantError(t, x.Do(newRequest(t, t.Context(), s.URL), true, &answer{}), carrier.Uncertain)
	wantError(t, x.Do(newRequest(t, t.Context(), s.URL), false, &answer{}), carrier.Temporary)
}

func TestExchange_Cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	x, s := newExchange(t, func(http.ResponseWriter, *http.Request) {
		cancel()
		<-done
	})
	defer close(done)
	e := wantError(t, x.Do(newRequest(t, ctx, s.URL), true, &answer{}), carrier.Uncertain)
	if e.Key != "provider.uncertain" || !errors.Is(e, context.Canceled) {
		t.Errorf("got %s and %v: what may have left is not stopped", e.Key, e)
	}
	e = wantError(t, x.Do(newRequest(t, ctx, s.URL), true, &answer{}), carrier.Temporary)
	if e.Key != "provider.stopped" {
		t.Errorf("got %s for what never began", e.Key)
	}
}

func TestWithoutRedirects_KeepsOnlyTheTransport(t *testing.T) {
	transport := &http.Transport{DialContext: (&net.Dialer{}).DialContext}
	got := wire.WithoutRedirects(&http.Client{Transport: transport, Timeout: time.Second})
	if got.Transport != transport || got.Timeout != 0 || got.CheckRedirect == nil {
		t.Errorf("got %+v", got)
	}
	if got := wire.WithoutRedirects(nil); got.Transport != nil || got.CheckRedirect == nil {
		t.Errorf("of nothing: got %+v", got)
	}
}

func TestNewRedactor_StarsEverySecret(t *testing.T) {
	got := wire.NewRedactor(token, "", "short").Replace("refused " + token + ", twice " + token + ", and short")
	if strings.Contains(got, token) || strings.Contains(got, "short") {
		t.Errorf("got %q", got)
	}
	if got := wire.NewRedactor("", "").Replace("nothing is secret"); got != "nothing is secret" {
		t.Errorf("without secrets: got %q", got)
	}
}

func TestStatusClass(t *testing.T) {
	for status, want := range map[int]struct{ sent, asked carrier.Class }{
		307: {carrier.Permanent, carrier.Permanent},
		400: {carrier.Permanent, carrier.Permanent},
		401: {carrier.Unauthorised, carrier.Unauthorised},
		403: {carrier.Unauthorised, carrier.Unauthorised},
		404: {carrier.Permanent, carrier.Permanent},
		408: {carrier.Uncertain, carrier.Temporary},
		429: {carrier.RateLimited, carrier.RateLimited},
		500: {carrier.Uncertain, carrier.Temporary},
		502: {carrier.Uncertain, carrier.Temporary},
	} {
		if sent, asked := wire.StatusClass(status, true), wire.StatusClass(status, false); sent != want.sent || asked != want.asked {
			t.Errorf("%d: got %s and %s, want %s and %s", status, sent, asked, want.sent, want.asked)
		}
	}
	if e := wire.StatusError(503, false); e.Code != "HTTP 503" || e.Class != carrier.Temporary || e.Key != e.Class.Sentence() {
		t.Errorf("got %+v", e)
	}
}

func TestOfficeTypes_EachOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, mime := range wire.OfficeTypes() {
		if seen[mime] || !strings.HasPrefix(mime, "application/") {
			t.Errorf("got %q, seen before: %v", mime, seen[mime])
		}
		seen[mime] = true
	}
	if len(seen) != 6 {
		t.Errorf("got %d types, want documents, tables and slides in both forms", len(seen))
	}
}
