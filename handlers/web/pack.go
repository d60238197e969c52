package web

import (
	"bytes"
	"runtime"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"

	"pult/static"
)

// worthPacking is the size from which compression pays: less fits into one packet anyway.
const worthPacking = 1400

// packBody compresses an answer as well as its reader understands, and says so in the answer's head. Pages are drawn
// anew for everybody, so it must be cheap: zstd takes half the time of gzip and less room. Browsers ask for it on
// encrypted connections and on one's own machine; gzip is for all others.
func packBody(c echo.Context, body []byte) []byte {
	if len(body) < worthPacking {
		return body
	}
	accept, h := c.Request().Header.Get("Accept-Encoding"), c.Response().Header()
	switch {
	case static.AcceptsEncoding(accept, "zstd"):
		h.Set("Content-Encoding", "zstd")
		return zstdPacker().EncodeAll(body, make([]byte, 0, len(body)/packedPart))
	case static.AcceptsEncoding(accept, "gzip"):
		h.Set("Content-Encoding", "gzip")
		return packGzip(body)
	}
	return body
}

// packedPart is how many times smaller a page usually becomes; less than that costs one more allocation.
const packedPart = 6

// zstdPacker has room for as many answers at a time as there are processors; others wait for their turn.
var zstdPacker = sync.OnceValue(func() *zstd.Encoder {
	w, err := zstd.NewWriter(
		nil,
		zstd.WithEncoderLevel(zstd.SpeedDefault),
		zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)),
		zstd.WithWindowSize(zstdWindow),
		zstd.WithLowerEncoderMem(true),
	)
	if err != nil {
		panic("web: " + err.Error()) // only for options that do not exist
	}
	return w
})

// zstdWindow is how far back a page is searched for what was said before, in bytes: most pages are smaller.
const zstdWindow = 256 << 10

// gzipLevel is the last one that is cheap.
const gzipLevel = 6

// gzipPackers are kept because each has more than a megabyte of tables.
var gzipPackers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzipLevel) // fails only for an unknown level
	return w
}}

func packGzip(body []byte) []byte {
	out := bytes.NewBuffer(make([]byte, 0, len(body)/packedPart))
	w := gzipPackers.Get().(*gzip.Writer)
	defer gzipPackers.Put(w)
	w.Reset(out)
	_, _ = w.Write(body) // a bytes.Buffer does not fail
	_ = w.Close()
	return out.Bytes()
}
