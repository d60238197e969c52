package standin

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"

	"pult/domain/carrier"
)

// Files serves what a driver publishes for its vendor to fetch, as the desk does.
type Files struct {
	mu    sync.Mutex
	files map[string]carrier.OutgoingMedia // by path
}

// PublishAt publishes files at addresses below base, which must lead to ServeHTTP.
func (f *Files) PublishAt(base string) func(context.Context, carrier.OutgoingMedia) (string, error) {
	return func(_ context.Context, m carrier.OutgoingMedia) (string, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.files == nil {
			f.files = map[string]carrier.OutgoingMedia{}
		}
		path := "/out/" + strconv.Itoa(len(f.files))
		f.files[path] = m
		return base + path, nil
	}
}

// ServeHTTP serves a published file.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	m, ok := f.files[r.URL.Path]
	f.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	body, err := m.Open()
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer body.Close()
	w.Header().Set("Content-Type", m.MIME)
	_, _ = io.Copy(w, body)
}
