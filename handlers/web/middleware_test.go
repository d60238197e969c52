package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
)

func TestClientAddress_BelievesOnlyTrustedProxies(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		name, peer, want string
		forwarded        []string
	}{
		{"no proxy", "198.51.100.7:1", "198.51.100.7", nil},
		{"a stranger lies", "198.51.100.7:1", "198.51.100.7", []string{"203.0.113.9"}},
		{"a proxy tells", "10.0.0.1:1", "203.0.113.9", []string{"203.0.113.9"}},
		{"the client lies to the proxy", "10.0.0.1:1", "203.0.113.9", []string{"127.0.0.1, 203.0.113.9"}},
		{"two proxies", "10.0.0.1:1", "203.0.113.9", []string{"1.1.1.1", "203.0.113.9, 10.0.0.2"}},
		{"only proxies", "10.0.0.1:1", "10.0.0.1", []string{"10.0.0.3, 10.0.0.2"}},
		{"nonsense", "10.0.0.1:1", "10.0.0.1", []string{"unknown"}},
		{"nothing told", "10.0.0.1:1", "10.0.0.1", nil},
		{"IPv6", "[::1]:1", "2001:db8::9", []string{"2001:db8::9"}},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1", "203.0.113.9", []string{"203.0.113.9"}},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		for _, f := range c.forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		if got := findClientAddress(r, trusted); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAddress_OneHomeIsOneAddress(t *testing.T) {
	for text, want := range map[string]string{
		"198.51.100.7": "198.51.100.7", "::ffff:198.51.100.7": "::ffff:198.51.100.7", "2001:db8:1:2::1": "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::9": "2001:db8:1:2::/64", "2001:db8:1:3::1": "2001:db8:1:3::/64", "fe80::1%eth0": "fe80::/64", "": "",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, &requestInfo{address: text}))
		if got := LimitAddress(echo.New().NewContext(r, nil)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// hurried notes whether the body has to come within a time.
type hurried struct {
	http.ResponseWriter
	set bool
}

func (h *hurried) SetReadDeadline(time.Time) error { h.set = true; return nil }

func TestLimited_OnlyFilesOfAConversationMayBeLongAndSlow(t *testing.T) {
	m := Middleware{WebhookLimit: 4 << 20, AttachmentLimit: 8 << 20}
	const files, form = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
	for _, c := range []struct {
		path, kind string
		size       int
		fits, slow bool
	}{
		{"/chats/1/uploads", files, 8 << 20, true, true},
		{"/chats/1/draft", form, 2 << 20, false, false},
		{"/signin", files, 2 << 20, false, false},
		{"/signin", form, 1 << 10, true, false},
		{"/chat/key", files, 8 << 20, true, false},
		{"/chat/key/files", files, 8 << 20, true, false},
		{"/chat/key", form, 2 << 20, false, false},
		{"/chat/key/files", form, 2 << 20, false, false},
		{"/chat/key/identify", form, 2 << 20, false, false},
		{"/chat/key/identify", files, 2 << 20, false, false},
		{"/chat/key/typing", files, 2 << 20, false, false},
		{"/hooks/key", "application/json", 4 << 20, true, false},
		{"/hooks/key", files, 5 << 20, false, false},
	} {
		r := httptest.NewRequest("POST", c.path, strings.NewReader(strings.Repeat("x", c.size)))
		r.Header.Set("Content-Type", c.kind)
		w := &hurried{ResponseWriter: httptest.NewRecorder()}
		m.limitBody(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(io.Discard, r.Body)
			if large := (&http.MaxBytesError{}); errors.As(err, &large) == c.fits || w.set == c.slow {
				t.Errorf(
					"%s %s of %d bytes: got %v, hurried %v; want fits %v, hurried %v",
					c.path,
					c.kind,
					c.size,
					err,
					w.set,
					c.fits,
					!c.slow,
				)
			}
		})).ServeHTTP(w, r)
	}
}

func TestRecoverPanics_AreFaultsOfOursWithTheirPlace(t *testing.T) {
	for name, thrown := range map[string]any{"a text": "boom", "an error": domain.Refuse(domain.NotFound, "error.not_found")} {
		err := RecoverPanics()(func(echo.Context) error { panic(thrown) })(echo.New().NewContext(nil, nil))
		if domain.KindOf(err) != domain.Internal || !strings.Contains(err.Error(), "middleware_test.go") {
			t.Errorf("%s: got kind %q of %v", name, domain.KindOf(err), err)
		}
	}
	defer func() {
		if got := recover(); got != http.ErrAbortHandler {
			t.Errorf("got %v, want the abort of an answer to go on", got)
		}
	}()
	_ = RecoverPanics()(func(echo.Context) error { panic(http.ErrAbortHandler) })(echo.New().NewContext(nil, nil))
}

func TestLimitAddress_ProxyThatNobodyNamedIsNoVisitor(t *testing.T) {
	noted := ""
	frame := Middleware{
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16")}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		NoteProxy: func(address string) { noted = address },
	}
	for _, c := range []struct{ peer, header, value, want, noted string }{
		{"127.0.0.1:5", "X-Forwarded-For", "203.0.113.9", "", "127.0.0.1"},
		{"[::1]:5", "Forwarded", "for=203.0.113.9", "", "::1"},
		{"192.168.1.4:5", "Cf-Connecting-Ip", "203.0.113.9", "", "192.168.1.4"},
		{"127.0.0.1:5", "Accept", "text/html", "127.0.0.1", ""},             // somebody at this machine
		{"203.0.113.7:5", "X-Forwarded-For", "1.2.3.4", "203.0.113.7", ""},  // a stranger who makes things up
		{"10.9.0.1:5", "X-Forwarded-For", "203.0.113.9", "203.0.113.9", ""}, // a proxy that is named
		{"10.9.0.1:5", "X-Forwarded-For", "10.9.0.2", "10.9.0.1", ""},       // and one behind another
	} {
		noted = ""
		var got string
		r := httptest.NewRequest(http.MethodGet, "http://desk.example/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set(c.header, c.value)
		frame.logRequest(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = LimitAddress(echo.New().NewContext(r, nil))
		})).ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want || noted != c.noted {
			t.Errorf("%s with %s: %s: got address %q and noted %q, want %q and %q", c.peer, c.header, c.value, got, noted, c.want, c.noted)
		}
	}
}
