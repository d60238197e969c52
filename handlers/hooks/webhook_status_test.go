package hooks_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pult/internal/webtest"
)

func TestWebhook_Statuses(t *testing.T) {
	s := webtest.NewInstalled(t)
	s.Park(`{}`) // brings a channel with the key "shop" along
	send := func(path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.Host, r.RemoteAddr = webtest.PublicHost, "198.51.100.7:1"
		r.Header.Set("Origin", "https://vendor.example")
		w := httptest.NewRecorder()
		s.Web.Public().ServeHTTP(w, r)
		return w
	}
	if w := send("/hooks/unknown", strings.Repeat("x", 4<<20+1)); w.Code != http.StatusNotFound {
		t.Errorf("unknown key: got %d, want 404 before the body is read", w.Code)
	}
	if w := send("/hooks/shop", strings.Repeat("x", 4<<20+1)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: got %d, want 413", w.Code)
	}
	if w := send("/hooks/shop", "{}"); w.Code == http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("a channel whose vendor cannot be reached: got %d %q, want a refusal without words", w.Code, w.Body)
	}
}
