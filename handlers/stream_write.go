package handlers

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// eventWriter writes server-sent events. After the first error it writes nothing more.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	frame   bytes.Buffer
	err     error
}

// send writes one event. id is its number, 0 for none; name is "" for a bundle of fragments. A bundle may hold any text:
// every kind of line end begins a new data line, so nothing in it can end the event or start another field.
func (e *eventWriter) send(id uint64, name string, data []byte) {
	e.frame.Reset()
	if id > 0 {
		e.field("id", strconv.AppendUint(nil, id, 10))
	}
	if name != "" {
		e.field("event", []byte(name))
	}
	if len(data) > 0 || name != "" {
		for _, line := range dataLines(data) {
			e.field("data", line)
		}
	}
	e.frame.WriteByte('\n')
	e.write(e.frame.Bytes())
}

func (e *eventWriter) field(name string, value []byte) {
	e.frame.WriteString(name)
	e.frame.WriteString(": ")
	e.frame.Write(value)
	e.frame.WriteByte('\n')
}

// dataLines cuts at every line end that browsers know: LF, CR, and both together.
func dataLines(data []byte) [][]byte {
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return bytes.Split(data, []byte("\n"))
}

// write gives the browser a while to take the bytes; one that does not has gone, and must not hold the stream for ever.
func (e *eventWriter) write(b []byte) {
	if e.err != nil {
		return
	}
	_ = e.control.SetWriteDeadline(time.Now().Add(writeWithin)) // a deadline of the socket, so the socket's clock
	_, e.err = e.w.Write(b)
}

// flush sends what was written on its way.
func (e *eventWriter) flush() error {
	if e.err == nil {
		e.err = e.control.Flush()
	}
	return e.err
}
