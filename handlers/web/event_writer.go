package web

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"
)

// writeWithin is how long a browser may take to read what is sent: one that takes longer has gone.
const writeWithin = 30 * time.Second

// eventStream is the content type of server-sent events; browsers ask for it, and for nothing else, when they listen.
const eventStream = "text/event-stream"

// NewEventWriter begins the answer. Nothing on the way may hold it back: it is not compressed, and proxies are asked
// not to buffer.
func NewEventWriter(w http.ResponseWriter) *EventWriter {
	setStreamHeaders(w.Header())
	w.WriteHeader(http.StatusOK)
	return &EventWriter{out: &answerSink{w, http.NewResponseController(w)}}
}

func setStreamHeaders(header http.Header) {
	header.Set("Content-Type", eventStream+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
}

// EventWriter writes server-sent events. After the first error it writes nothing more.
type EventWriter struct {
	out     eventSink
	frame   bytes.Buffer
	waiting bool // something was written and not yet sent on its way
	err     error
}

// eventSink is where the events go.
type eventSink interface {
	io.Writer
	Flush() error
	SetWriteDeadline(at time.Time) error
}

// answerSink writes into the answer of a request.
type answerSink struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (s *answerSink) Flush() error { return s.control.Flush() }

func (s *answerSink) SetWriteDeadline(at time.Time) error { return s.control.SetWriteDeadline(at) }

// Send writes one event. id is its number, 0 for none; name is "" for a bundle of fragments. A bundle may hold any
// text: every kind of line end begins a new data line, so nothing in it can end the event or start another field.
func (e *EventWriter) Send(id uint64, name string, data []byte) {
	e.frame.Reset()
	if id > 0 {
		e.writeField("id", strconv.AppendUint(nil, id, 10))
	}
	if name != "" {
		e.writeField("event", []byte(name))
	}
	if len(data) > 0 || name != "" {
		for _, line := range splitDataLines(data) {
			e.writeField("data", line)
		}
	}
	e.frame.WriteByte('\n')
	e.Write(e.frame.Bytes())
}

func (e *EventWriter) writeField(name string, value []byte) {
	e.frame.WriteString(name)
	e.frame.WriteString(": ")
	e.frame.Write(value)
	e.frame.WriteByte('\n')
}

// splitDataLines cuts at every line end that browsers know: LF, CR, and both together.
func splitDataLines(data []byte) [][]byte {
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return bytes.Split(data, []byte("\n"))
}

// Write gives the browser a while to take the bytes; one that does not has gone, and must not hold the stream for ever.
func (e *EventWriter) Write(b []byte) {
	if e.err != nil {
		return
	}
	_ = e.out.SetWriteDeadline(time.Now().Add(writeWithin)) // a deadline of the socket, so the socket's clock
	e.waiting = true
	_, e.err = e.out.Write(b)
}

// Flush sends what was written on its way, if there is anything.
func (e *EventWriter) Flush() error {
	if e.err == nil && e.waiting {
		e.waiting = false
		e.err = e.out.Flush()
	}
	return e.err
}
