package hooks

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pult/domain/carrier"

	"github.com/labstack/echo/v4"
)

// takesAll is a desk that takes every webhook and keeps the last one.
type takesAll struct {
	last         carrier.Webhook
	mime, answer string
}

func (d *takesAll) CheckAddress(context.Context, string) error { return nil }

func (d *takesAll) Accept(_ context.Context, _ string, w carrier.Webhook) error {
	d.last = w
	return nil
}

func (d *takesAll) Answer(context.Context, string, carrier.Webhook) (string, string) {
	return d.mime, d.answer
}

func (d *takesAll) Handshake(context.Context, string, url.Values) (string, error) { return "", nil }

// stranger is a peer that is not believed about anything.
const stranger = "198.51.100.7:1"

func post(t *testing.T, d *takesAll, publicURL, target, peer string) *httptest.ResponseRecorder {
	e := echo.New()
	h := &Webhook{desk: d, limit: newBodyLimit(1 << 20), publicURL: originOf(t, publicURL), log: slog.New(slog.DiscardHandler)}
	e.POST("/hooks/:key", h.Accept)
	r := httptest.NewRequest("POST", target, strings.NewReader("a=b"))
	r.Host = "127.0.0.1:7859"
	r.Header.Set("X-Forwarded-Proto", "https")
	r.RemoteAddr = peer
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

func TestWebhook_AddressAsTheVendorCalledIt(t *testing.T) {
	for _, c := range []struct{ public, target, peer, want string }{
		{"https://desk.example.cz", "/hooks/shop?x=1&y=a%20b", stranger, "https://desk.example.cz/hooks/shop?x=1&y=a%20b"},
		{"https://example.cz/", "/hooks/shop", stranger, "https://example.cz/hooks/shop"},
		{"https://desk.example.cz", "/hooks/a%2Fb", stranger, "https://desk.example.cz/hooks/a%2Fb"},
		{"", "/hooks/shop?x=1", stranger, "http://127.0.0.1:7859/hooks/shop?x=1"},
		{"", "/hooks/shop", "127.0.0.1:4711", "https://127.0.0.1:7859/hooks/shop"},
	} {
		d := &takesAll{}
		if w := post(t, d, c.public, c.target, c.peer); w.Code != 200 || d.last.URL != c.want {
			t.Errorf("%s at %q: got %d %s, want %s", c.target, c.public, w.Code, d.last.URL, c.want)
		}
	}
}

func TestWebhook_AnsweredAsTheVendorWants(t *testing.T) {
	w := post(t, &takesAll{mime: "text/xml", answer: "<Response/>"}, "", "/hooks/shop", stranger)
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/xml" || w.Body.String() != "<Response/>" {
		t.Errorf("got %d %s %q", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	if w := post(t, &takesAll{}, "", "/hooks/shop", stranger); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("got %d %q, want 200 without words", w.Code, w.Body)
	}
}
