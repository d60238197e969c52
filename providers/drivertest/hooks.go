package drivertest

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"pult/domain/carrier"
)

// Hooks is a webhook address that keeps what it gets. Harnesses embed it.
type Hooks struct {
	mu   sync.Mutex
	kept []carrier.Webhook
}

// ServeHTTP keeps a webhook.
func (h *Hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.Keep(carrier.Webhook{Header: r.Header, Query: r.URL.Query(), Body: body})
}

// Keep keeps a webhook that came in some other way.
func (h *Hooks) Keep(w carrier.Webhook) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.kept = append(h.kept, w)
}

// CollectDuring gives the webhooks that came while fn ran.
func (h *Hooks) CollectDuring(fn func()) []carrier.Webhook {
	before := len(h.copyAll())
	fn()
	return h.copyAll()[before:]
}

func (h *Hooks) copyAll() []carrier.Webhook {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.kept)
}

// Watch stands before a pretend vendor and tells when it is asked something, which makes a harness cancel in the middle of a request.
// Harnesses embed it.
type Watch struct{ onNext atomic.Pointer[func()] }

// OnNextRequest has fn called once, at the next request.
func (w *Watch) OnNextRequest(fn func()) { w.onNext.Store(&fn) }

// Wrap is the vendor with the watch before it.
func (w *Watch) Wrap(vendor http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if fn := w.onNext.Swap(nil); fn != nil {
			(*fn)()
		}
		vendor.ServeHTTP(rw, r)
	})
}
