package drivertest

import (
	"net/http"
	"sync/atomic"
)

// Watch stands before a pretend vendor and tells when it is asked something, which makes a harness cancel in the middle
// of a request. Harnesses embed it.
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
