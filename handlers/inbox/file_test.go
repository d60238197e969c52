package inbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pult/internal/webtest"
)

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"

func TestFile_HeadersKeepStrangersFilesHarmless(t *testing.T) {
	r := webtest.NewTalk(t)
	for name, c := range map[string]struct {
		file, mime, content, query string
		disposition, contentType   string
	}{
		"picture":            {"a.png", "image/png", png, "", "inline; filename=a.png", "image/png"},
		"picture to save":    {"a.png", "image/png", png, "?download", "attachment; filename=a.png", "image/png"},
		"pdf":                {"výpis.pdf", "application/pdf", "%PDF-1.7 x", "", "attachment; filename*=utf-8''v%C3%BDpis.pdf", "application/octet-stream"},
		"text":               {"a.txt", "text/plain", "ahoj", "", "attachment; filename=a.txt", "application/octet-stream"},
		"page called a text": {"a.txt", "text/plain", "plain <b>text</b>", "", "attachment; filename=a.txt", "application/octet-stream"},
		"path in the name":   {"../../etc/passwd.txt", "text/plain", "x", "", "attachment; filename=passwd.txt", "application/octet-stream"},
		"turned name":        {"invoice\u202etxt.exe.txt", "text/plain", "x", "", "attachment; filename=invoicetxt.exe.txt", "application/octet-stream"},
	} {
		t.Run(name, func(t *testing.T) {
			id := r.StoreFile(c.file, c.mime, c.content)
			w := r.Get(r.Jana, "/files/"+id+c.query, false)
			if got := webtest.WantStatus(t, w, 200); got != c.content {
				t.Errorf("got %q, want %q", got, c.content)
			}
			for header, want := range map[string]string{
				"Content-Disposition": c.disposition, "Content-Type": c.contentType, "X-Content-Type-Options": "nosniff",
				"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := w.Header().Get(header); got != want {
					t.Errorf("%s: got %q, want %q", header, got, want)
				}
			}
		})
	}
}

func TestFile_Range(t *testing.T) {
	r := webtest.NewTalk(t)
	id := r.StoreFile("a.png", "image/png", png)
	request := httptest.NewRequest(http.MethodGet, "/files/"+id, nil)
	request.Header.Set("Range", "bytes=1-3")
	w := r.Ask(r.Jana, request, false)
	if got := webtest.WantStatus(t, w, http.StatusPartialContent); got != "PNG" {
		t.Errorf("got %q, want PNG", got)
	}
	request = httptest.NewRequest(http.MethodGet, "/files/"+id, nil)
	request.Header.Set("If-None-Match", w.Header().Get("ETag"))
	webtest.WantStatus(t, r.Ask(r.Jana, request, false), http.StatusNotModified)
}

func TestFile_AnotherTeamsIsNotFound(t *testing.T) {
	r := webtest.NewTalk(t)
	w := r.UploadFile(r.Petr, r.ChatPath(r.Private)+"/uploads", "tajne.txt", "text/plain", "tajné", nil)
	_, id, _ := strings.Cut(webtest.WantStatus(t, w, 200), `data-file="`)
	webtest.Contains(t, webtest.WantStatus(t, r.Get(r.Jana, "/files/"+id[:26], false), http.StatusNotFound), nil, []string{"tajn"})
	webtest.WantStatus(t, r.Get(r.Petr, "/files/"+id[:26], false), http.StatusOK)
	webtest.WantStatus(t, r.Get(r.Jana, "/files/"+r.NewID().String(), false), http.StatusNotFound)
	webtest.WantStatus(t, r.Get(r.Jana, "/files/x", false), http.StatusNotFound)
}

func TestUpload(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Channel)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.UploadFile(r.Jana, chat+"/uploads", "a.svg", "image/svg+xml", "<svg onload='x'/>", nil), 422),
		nil,
		[]string{"<svg"},
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.UploadFile(r.Jana, chat+"/uploads", "a.png", "image/png", png+strings.Repeat("x", 70<<10), nil), 422),
		nil,
		[]string{"<"},
	)
	webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/uploads", nil, true), 422)
	webtest.WantStatus(t, r.UploadFile(r.Jana, r.ChatPath(r.Private)+"/uploads", "a.txt", "text/plain", "x", nil), 404)
	id := r.StoreFile("fotka.png", "image/png", png)
	out := webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", url.Values{
		"id":   {r.NewID().String()},
		"text": {"tady"},
		"file": {id},
	}, true), 200)
	webtest.Contains(t, out, []string{`src="/files/` + id, "tady"}, nil)
	webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/uploads/"+r.StoreFile("b.txt", "text/plain", "b")+"/remove", nil, true), 204)
}
