package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
)

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"

func (r *room) stored(name, mime, content string) string {
	r.T.Helper()
	w := r.upload(r.Jana, r.chat(r.Channel)+"/uploads", name, mime, content, nil)
	_, id, ok := strings.Cut(status(r.T, w, http.StatusOK), `data-file="`)
	if !ok {
		r.T.Fatalf("no file in %s", w.Body)
	}
	return id[:26]
}

func TestFile_HeadersKeepStrangersFilesHarmless(t *testing.T) {
	r := talk(t)
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
			id := r.stored(c.file, c.mime, c.content)
			w := r.get(r.Jana, "/files/"+id+c.query, false)
			if got := status(t, w, 200); got != c.content {
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

// What can hold a script is never shown in place, whatever it calls itself.
func TestFile_NeverInline(t *testing.T) {
	for _, mime := range []string{"image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", "application/xml", "application/pdf", "text/plain", "", "application/octet-stream", "IMAGE/PNG", "image/png; x"} {
		if got := disposition(domain.File{Name: "a", MIME: mime}, false); !strings.HasPrefix(got, "attachment") {
			t.Errorf("%q: got %q", mime, got)
		}
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"a.png": "a.png", `C:\x\b.txt`: "b.txt", "/etc/passwd": "passwd", "..": "file", ".htaccess": "htaccess", "": "file",
		"a\r\nSet-Cookie: x.txt": "aSet-Cookie x.txt", "a\u202egnp.exe": "agnp.exe", "\xff\xfe": "file", `a"b.txt`: "ab.txt", "příloha č. 1.pdf": "příloha č. 1.pdf",
		strings.Repeat("x", 300) + ".pdf": strings.Repeat("x", 76) + ".pdf",
	} {
		if got := fileName(name); got != want {
			t.Errorf("fileName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFile_Range(t *testing.T) {
	r := talk(t)
	id := r.stored("a.png", "image/png", png)
	request := httptest.NewRequest(http.MethodGet, "/files/"+id, nil)
	request.Header.Set("Range", "bytes=1-3")
	w := r.ask(r.Jana, request, false)
	if got := status(t, w, http.StatusPartialContent); got != "PNG" {
		t.Errorf("got %q, want PNG", got)
	}
	request = httptest.NewRequest(http.MethodGet, "/files/"+id, nil)
	request.Header.Set("If-None-Match", w.Header().Get("ETag"))
	status(t, r.ask(r.Jana, request, false), http.StatusNotModified)
}

func TestFile_AnotherTeamsIsNotFound(t *testing.T) {
	r := talk(t)
	w := r.upload(r.Petr, r.chat(r.Private)+"/uploads", "tajne.txt", "text/plain", "tajné", nil)
	_, id, _ := strings.Cut(status(t, w, 200), `data-file="`)
	contains(t, status(t, r.get(r.Jana, "/files/"+id[:26], false), http.StatusNotFound), nil, []string{"tajn"})
	status(t, r.get(r.Petr, "/files/"+id[:26], false), http.StatusOK)
	status(t, r.get(r.Jana, "/files/"+r.NewID().String(), false), http.StatusNotFound)
	status(t, r.get(r.Jana, "/files/x", false), http.StatusNotFound)
}

func TestUpload(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Channel)
	contains(t, status(t, r.upload(r.Jana, chat+"/uploads", "a.svg", "image/svg+xml", "<svg onload='x'/>", nil), 422), nil, []string{"<svg"})
	contains(t, status(t, r.upload(r.Jana, chat+"/uploads", "a.png", "image/png", png+strings.Repeat("x", 70<<10), nil), 422), nil, []string{"<"})
	status(t, r.post(r.Jana, chat+"/uploads", nil, true), 422)
	status(t, r.upload(r.Jana, r.chat(r.Private)+"/uploads", "a.txt", "text/plain", "x", nil), 404)
	id := r.stored("fotka.png", "image/png", png)
	out := status(t, r.post(r.Jana, chat+"/reply", url.Values{"id": {r.NewID().String()}, "text": {"tady"}, "file": {id}}, true), 200)
	contains(t, out, []string{`src="/files/` + id, "tady"}, nil)
	status(t, r.post(r.Jana, chat+"/uploads/"+r.stored("b.txt", "text/plain", "b")+"/remove", nil, true), 204)
}
