package wire

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// RequestTrace watches whether a request may have reached the vendor. Once its head is written it may have, unless
// writing the rest failed: vendors never act on half a request.
type RequestTrace struct{ written, failed atomic.Bool }

// Watch gives the context to make the request with.
func (t *RequestTrace) Watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { t.written.Store(true); t.failed.Store(false) },
		WroteRequest: func(i httptrace.WroteRequestInfo) { t.failed.Store(i.Err != nil) },
	})
}

// MayHaveArrived reports whether the request may have reached the vendor.
func (t *RequestTrace) MayHaveArrived() bool { return t.written.Load() && !t.failed.Load() }
