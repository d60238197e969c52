package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"pult/static"
)

// requestAsset asks the handler for a path exactly as given, without the cleaning a client would do.
func requestAsset(method, path, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, static.Prefix, nil)
	r.URL.Path = path
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w
}

func TestHandler_Path(t *testing.T) {
	sheet := static.URL("desk.css")
	folder := strings.TrimSuffix(sheet, "desk.css")
	tests := []struct {
		name, method, path string
		want               int
	}{
		{"asset", http.MethodGet, sheet, http.StatusOK},
		{"asset without body", http.MethodHead, sheet, http.StatusOK},
		{"asset in a folder", http.MethodGet, static.URL("img/icons.svg"), http.StatusOK},
		{"other method", http.MethodPost, sheet, http.StatusMethodNotAllowed},
		{"hash of another program", http.MethodGet, "/static/000000000000/desk.css", http.StatusNotFound},
		{"no hash", http.MethodGet, "/static/desk.css", http.StatusNotFound},
		{"unknown name", http.MethodGet, folder + "nothing.css", http.StatusNotFound},
		{"folder", http.MethodGet, folder + "img/", http.StatusNotFound},
		{"folder of all", http.MethodGet, folder, http.StatusNotFound},
		{"prefix", http.MethodGet, static.Prefix, http.StatusNotFound},
		{"prefix without slash", http.MethodGet, "/static", http.StatusNotFound},
		{"source of a script", http.MethodGet, folder + "js/core.js", http.StatusNotFound},
		{"one step up", http.MethodGet, folder + "../static.go", http.StatusNotFound},
		{"steps inside", http.MethodGet, folder + "img/../desk.css", http.StatusNotFound},
		{"outside", http.MethodGet, "/static/../../etc/passwd", http.StatusNotFound},
		{"backslash", http.MethodGet, folder + `..\static.go`, http.StatusNotFound},
		{"not under the prefix", http.MethodGet, "/elsewhere/desk.css", http.StatusNotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := requestAsset(test.method, test.path, "")
			if w.Code != test.want {
				t.Errorf("%s %s: got status %d, want %d", test.method, test.path, w.Code, test.want)
			}
			kept := strings.Contains(w.Header().Get("Cache-Control"), "immutable")
			if kept != (test.want == http.StatusOK) {
				t.Errorf("%s %s: got Cache-Control %q with status %d", test.method, test.path, w.Header().Get("Cache-Control"), w.Code)
			}
		})
	}
}

func TestHandler_Headers(t *testing.T) {
	want := map[string]string{
		"Content-Type":                 "image/svg+xml",
		"Cache-Control":                "public, max-age=31536000, immutable",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Vary":                         "Accept-Encoding",
	}
	w := requestAsset(http.MethodGet, static.URL("img/icons.svg"), "zstd")
	for name, value := range want {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
}

func TestHandler_Encoding(t *testing.T) {
	plain := requestAsset(http.MethodGet, static.URL("desk.css"), "").Body.Bytes()
	tests := []struct{ accept, want string }{
		{"", ""},
		{"gzip, deflate, br, zstd", "zstd"},
		{"gzip, deflate", "gzip"},
		{"ZSTD", "zstd"},
		{"zstd;q=0, gzip", "gzip"},
		{"zstd;q=0, gzip;q=0.0", ""},
		{"zstd; q=0.5", "zstd"},
		{"zstandard", ""},
		{"gzip;q=nonsense", ""},
		{"identity", ""},
	}
	for _, test := range tests {
		t.Run(test.accept, func(t *testing.T) {
			w := requestAsset(http.MethodGet, static.URL("desk.css"), test.accept)
			if got := w.Header().Get("Content-Encoding"); got != test.want {
				t.Fatalf("Accept-Encoding %q: got %q, want %q", test.accept, got, test.want)
			}
			if got := decodeBody(t, w.Body, test.want); !bytes.Equal(got, plain) {
				t.Errorf("Accept-Encoding %q: got %d bytes after decoding, want %d", test.accept, len(got), len(plain))
			}
		})
	}
}

func decodeBody(t *testing.T, body io.Reader, encoding string) []byte {
	t.Helper()
	var err error
	switch encoding {
	case "zstd":
		body, err = zstd.NewReader(body)
	case "gzip":
		body, err = gzip.NewReader(body)
	}
	if err != nil {
		t.Fatalf("open %s: %v", encoding, err)
	}
	plain, err := io.ReadAll(body)
	if err != nil {
		t.Fatalf("decode %s: %v", encoding, err)
	}
	return plain
}

func TestURL_UnknownName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("URL of an unknown name: got an address, want a panic")
		}
	}()
	static.URL("nothing.css")
}

// One sample of each folder: embedding leaves out names that begin with an underscore or a dot without a word.
func TestHandler_EveryFolderIsEmbedded(t *testing.T) {
	for _, name := range []string{"desk.css", "desk.js", "widget/panel.js", "img/icons.svg", "emoji/cs.json"} {
		w := requestAsset(http.MethodGet, static.URL(name), "")
		if w.Code != http.StatusOK || w.Body.Len() == 0 || w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: got status %d, %d bytes, type %q", name, w.Code, w.Body.Len(), w.Header().Get("Content-Type"))
		}
	}
}

// What the first visits of three pages load besides the page itself, in bytes as most browsers ask for it, and as those
// that may not (zstd is for encrypted connections and one's own machine). What a browser sees is counted by the tests
// of package handlers.
func TestSize_WhatPagesLoad(t *testing.T) {
	desk := []string{"desk.css", "desk.js", "img/icons.svg"}
	for page, visit := range map[string]struct {
		loads      []string
		most, gzip int
	}{
		"sign-in":      {[]string{"signin.css", "img/icons.svg"}, 10_000, 11_000},
		"chats":        {desk, 42_000, 47_000},
		"conversation": {append(desk[:3:3], "conversation.css", "conversation.js"), 58_000, 65_000},
	} {
		for coding, most := range map[string]int{"zstd": visit.most, "gzip": visit.gzip} {
			total := 0
			for _, name := range visit.loads {
				size := requestAsset(http.MethodGet, static.URL(name), coding).Body.Len()
				t.Logf("%s %s %-16s %6d bytes", page, coding, name, size)
				total += size
			}
			if total > most {
				t.Errorf("%s: got %d bytes of %s, want at most %d", page, total, coding, most)
			}
		}
	}
}
