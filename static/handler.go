package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// types are the content types by ending. They are written here because the tables of the operating system differ.
var types = map[string]string{
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
}

// asset is one thing to serve. Its forms are made when a browser first asks for them, once.
type asset struct {
	contentType     string
	source          []byte // as it is part of the program; says whether two programs have the same asset
	plain, zstd, gz func() []byte
}

func newAsset(name string, body []byte) *asset {
	return &asset{
		contentType: types[path.Ext(name)],
		source:      body,
		plain:       func() []byte { return body },
		zstd:        sync.OnceValue(func() []byte { return compressZstd(body) }),
		gz:          sync.OnceValue(func() []byte { return compressGzip(body) }),
	}
}

// newPackedAsset is an asset that is packed in the program: it would take three times the room there.
func newPackedAsset(name string, packed []byte) *asset {
	plain := sync.OnceValue(func() []byte { return unpack(packed) })
	return &asset{
		contentType: types[path.Ext(name)],
		source:      packed,
		plain:       plain,
		zstd:        sync.OnceValue(func() []byte { return compressZstd(plain()) }),
		gz:          func() []byte { return packed },
	}
}

func unpack(packed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("static: " + err.Error()) // a mistake in the program
	}
	body, err := io.ReadAll(r)
	if err != nil {
		panic("static: " + err.Error())
	}
	return body
}

// compressZstd takes the best level: it happens once for an asset, and its tables are given back afterwards.
func compressZstd(body []byte) []byte {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic("static: " + err.Error()) // only for options that do not exist
	}
	defer w.Close()
	return w.EncodeAll(body, nil)
}

func compressGzip(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // fails only for an unknown level
	w.Write(body)
	w.Close()
	return out.Bytes()
}

// Handler serves the assets at the addresses made by [URL], compressed as the browser allows, to be kept for a year.
// Any other path is 404, also one with the hash of another program: a page must never mix two versions.
func Handler() http.Handler {
	return http.HandlerFunc(serveAsset)
}

func serveAsset(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	b := loadBundle()
	rest, ours := strings.CutPrefix(r.URL.Path, Prefix)
	hash, name, _ := strings.Cut(rest, "/")
	a := b.assets[name]
	if !ours || hash != b.hash || a == nil {
		http.NotFound(w, r)
		return
	}
	encoding, body := a.chooseEncoding(r.Header.Get("Accept-Encoding"))
	head := w.Header()
	head.Set("Content-Type", a.contentType)
	head.Set("Content-Length", strconv.Itoa(len(body)))
	head.Set("Cache-Control", "public, max-age=31536000, immutable")
	head.Set("Vary", "Accept-Encoding")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	if encoding != "" {
		head.Set("Content-Encoding", encoding)
	}
	if r.Method == http.MethodGet {
		w.Write(body) // the reader may have gone away; there is nobody left to tell
	}
}

// chooseEncoding chooses the smallest form that the Accept-Encoding header allows; encoding is "" for the plain one.
func (a *asset) chooseEncoding(accept string) (encoding string, body []byte) {
	switch {
	case AcceptsEncoding(accept, "zstd"):
		return "zstd", a.zstd()
	case AcceptsEncoding(accept, "gzip"):
		return "gzip", a.gz()
	default:
		return "", a.plain()
	}
}
