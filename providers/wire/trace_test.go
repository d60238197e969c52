package wire_test

import (
	"io"
	"net/http/httptrace"
	"testing"

	"pult/providers/wire"
)

func TestRequestTrace_FollowsTheTransport(t *testing.T) {
	var trace wire.RequestTrace
	hooks := httptrace.ContextClientTrace(trace.Watch(t.Context()))
	for _, step := range []struct {
		name string
		do   func()
		want bool
	}{
		{"nothing was written", func() {}, false},
		{"the head was written", hooks.WroteHeaders, true},
		{"the rest was not", func() { hooks.WroteRequest(httptrace.WroteRequestInfo{Err: io.ErrClosedPipe}) }, false},
		{"the transport tries once more", hooks.WroteHeaders, true},
		{"and writes all", func() { hooks.WroteRequest(httptrace.WroteRequestInfo{}) }, true},
	} {
		if step.do(); trace.MayHaveArrived() != step.want {
			t.Errorf("%s: got %v", step.name, trace.MayHaveArrived())
		}
	}
}
