package drivertest

import (
	"io"
	"net/http"
	"slices"
	"sync"

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
