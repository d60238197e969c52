package handlers

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk"
)

// fetch asks for a published file as a vendor does: without any session.
func (r *room) fetch(method, token string, header http.Header) *httptest.ResponseRecorder {
	e := echo.New()
	e.HTTPErrorHandler = r.page.fail
	(&published{desk: r.Desk.Desk}).routes(e.Group(""))
	req := httptest.NewRequest(method, "/f/"+token, nil)
	for name, values := range header {
		req.Header[name] = values
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, req)
	return w
}

func (r *room) published(name, mime, content string) string {
	r.T.Helper()
	id, err := domain.ParseID(r.stored(name, mime, content))
	if err != nil {
		r.T.Fatal(err)
	}
	token, err := desk.Publish(r.T.Context(), r.Store, id)
	if err != nil {
		r.T.Fatal(err)
	}
	return token
}

func TestPublished_VendorReadsTheFileUntilItExpires(t *testing.T) {
	r := talk(t)
	token := r.published("výpis.pdf", "application/pdf", "%PDF-1.7 x")
	if len(token) < 26 {
		t.Errorf("token %q can be guessed", token)
	}
	w := r.fetch("GET", token, nil)
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
	if w = r.fetch("HEAD", token, nil); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") != "10" {
		t.Errorf("HEAD: got %d, %d bytes, length %q", w.Code, w.Body.Len(), w.Header().Get("Content-Length"))
	}
	if w = r.fetch("GET", token, http.Header{"Range": {"bytes=1-3"}}); w.Code != 206 || w.Body.String() != "PDF" {
		t.Errorf("range: got %d %q, want 206 PDF", w.Code, w.Body)
	}
	r.Clock.Move(time.Hour)
	if w = r.fetch("GET", token, nil); w.Code != 404 {
		t.Errorf("after an hour: got %d, want 404", w.Code)
	}
}

func TestPublished_NothingElseOpens(t *testing.T) {
	r := talk(t)
	id := r.stored("a.png", "image/png", png)
	for _, token := range []string{"", id, "x", r.published("a.png", "image/png", png)[1:]} {
		if w := r.fetch("GET", token, nil); w.Code != 404 {
			t.Errorf("token %q: got %d, want 404", token, w.Code)
		}
	}
}

func TestPassiveType_NothingABrowserRuns(t *testing.T) {
	for declared, want := range map[string]string{
		"image/png": "image/png", "text/html": "application/octet-stream", "image/svg+xml": "application/octet-stream", "text/xml": "application/octet-stream",
		"application/xhtml+xml": "application/octet-stream", "text/javascript": "application/octet-stream", "": "application/octet-stream", "audio/ogg; codecs=opus": "audio/ogg",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	} {
		if got := passiveType(declared); got != want {
			t.Errorf("%q: got %q, want %q", declared, got, want)
		}
	}
}
