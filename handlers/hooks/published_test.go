package hooks_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/files"
	"pult/internal/webtest"
)

// fetch asks for a published file as a vendor does: without any session.
func fetch(r *webtest.Desk, method, token string, header http.Header) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, "/f/"+token, nil)
	for name, values := range header {
		req.Header[name] = values
	}
	w := httptest.NewRecorder()
	r.Server.Public().ServeHTTP(w, req)
	return w
}

func publish(r *webtest.Desk, name, mime, content string) string {
	r.T.Helper()
	id, err := domain.ParseID(r.StoreFile(name, mime, content))
	if err != nil {
		r.T.Fatal(err)
	}
	token, err := files.Publish(r.T.Context(), r.Store, id)
	if err != nil {
		r.T.Fatal(err)
	}
	return token
}

func TestPublished_VendorReadsTheFileUntilItExpires(t *testing.T) {
	r := webtest.NewTalk(t)
	token := publish(r, "výpis.pdf", "application/pdf", "%PDF-1.7 x")
	if len(token) < 26 {
		t.Errorf("token %q can be guessed", token)
	}
	w := fetch(r, "GET", token, nil)
	if w.Code != 200 || w.Body.String() != "%PDF-1.7 x" {
		t.Fatalf("got %d %q", w.Code, w.Body)
	}
	for header, want := range map[string]string{
		"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename*=utf-8''v%C3%BDpis.pdf",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Set-Cookie": "",
	} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
	if w = fetch(r, "HEAD", token, nil); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") != "10" {
		t.Errorf("HEAD: got %d, %d bytes, length %q", w.Code, w.Body.Len(), w.Header().Get("Content-Length"))
	}
	if w = fetch(r, "GET", token, http.Header{"Range": {"bytes=1-3"}}); w.Code != 206 || w.Body.String() != "PDF" {
		t.Errorf("range: got %d %q, want 206 PDF", w.Code, w.Body)
	}
	r.Clock.Move(time.Hour)
	if w = fetch(r, "GET", token, nil); w.Code != 404 {
		t.Errorf("after an hour: got %d, want 404", w.Code)
	}
}

func TestPublished_NothingElseOpens(t *testing.T) {
	r := webtest.NewTalk(t)
	id := r.StoreFile("a.png", "image/png", png)
	for _, token := range []string{"", id, "x", publish(r, "a.png", "image/png", png)[1:]} {
		if w := fetch(r, "GET", token, nil); w.Code != 404 {
			t.Errorf("token %q: got %d, want 404", token, w.Code)
		}
	}
}

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
