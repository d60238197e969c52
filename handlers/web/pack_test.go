package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"
)

// packFor packs a body for a reader and unpacks it again.
func packFor(t *testing.T, accept string, body []byte) (encoding string, size int, again []byte) {
	t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	packed := packBody(echo.New().NewContext(r, w), body)
	var from io.Reader = bytes.NewReader(packed)
	encoding = w.Header().Get("Content-Encoding")
	switch encoding {
	case "gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			t.Fatal(err)
		}
		from = z
	case "zstd":
		z, err := zstd.NewReader(from, zstd.WithDecoderMaxWindow(8<<20)) // browsers refuse a larger one
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		from = z
	}
	again, err := io.ReadAll(from)
	if err != nil {
		t.Fatalf("%s: %v", encoding, err)
	}
	return encoding, len(packed), again
}

func TestPackBody_AsItsReaderUnderstands(t *testing.T) {
	page := []byte(strings.Repeat("<tr><td>1013</td><td>Claire Dubois</td></tr>\n", 400))
	for accept, want := range map[string]string{
		"":                         "",
		"gzip, deflate":            "gzip",
		"gzip, deflate, br, zstd":  "zstd",
		"zstd;q=0, gzip":           "gzip",
		"br":                       "",
		"gzip;q=0, zstd;q=0, br":   "",
		"identity":                 "",
		"gzip;q=1.0, zstd;q=0.001": "zstd",
	} {
		encoding, size, again := packFor(t, accept, page)
		if encoding != want {
			t.Errorf("%q: got %q, want %q", accept, encoding, want)
		}
		if !bytes.Equal(again, page) {
			t.Errorf("%q: got %d other bytes, want the page", accept, len(again))
		}
		if want != "" && size > len(page)/10 {
			t.Errorf("%q: got %d bytes of %d: not compressed", accept, size, len(page))
		}
	}
}

func TestPackBody_SizesAtTheEdges(t *testing.T) {
	noise := make([]byte, 3<<20) // does not get smaller, and is larger than the window
	for i, r := 0, rand.New(rand.NewPCG(1, 2)); i < len(noise); i++ {
		noise[i] = byte(r.Uint32())
	}
	for _, n := range []int{0, 1, worthPacking - 1, worthPacking, worthPacking + 1, zstdWindow, len(noise)} {
		for _, accept := range []string{"gzip", "zstd"} {
			encoding, _, again := packFor(t, accept, noise[:n])
			if !bytes.Equal(again, noise[:n]) {
				t.Errorf("%d bytes by %s: got %d other bytes", n, accept, len(again))
			}
			if packed := encoding != ""; packed != (n >= worthPacking) {
				t.Errorf("%d bytes by %s: got encoding %q", n, accept, encoding)
			}
		}
	}
}
