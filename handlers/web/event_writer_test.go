package web

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Whatever a customer writes, it must not end the event or begin another field.
func TestEventWriter_TextCannotBreakOut(t *testing.T) {
	rec := httptest.NewRecorder()
	out := NewEventWriter(rec)
	out.Send(7, "", []byte("a\rid: 99\r\nevent: signin\n\ndata: x"))
	want := "id: 7\ndata: a\ndata: id: 99\ndata: event: signin\ndata: \ndata: data: x\n\n"
	if got := rec.Body.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, value := range map[string]string{
		"Content-Type":      "text/event-stream; charset=utf-8",
		"Cache-Control":     "no-store",
		"X-Accel-Buffering": "no",
	} {
		if got := rec.Header().Get(name); got != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
}

func TestEventWriter_StopsAtTheFirstError(t *testing.T) {
	out := NewEventWriter(broken{httptest.NewRecorder()})
	out.Send(1, "", []byte("x"))
	if err := out.Flush(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, want the error of the write", err)
	}
}

type broken struct{ http.ResponseWriter }

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
