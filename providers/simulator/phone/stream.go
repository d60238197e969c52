package phone

import (
	"bytes"
	"net/http"
)

// stream is one open telephone.
type stream struct {
	draw    func() ([]byte, error)
	w       http.ResponseWriter
	control *http.ResponseController
	last    []byte // the bundle that was sent last
	err     error
}

// tell sends what is new, if anything, and reports whether the browser still listens.
func (s *stream) tell() bool {
	bundle, err := s.draw()
	if err != nil {
		return false
	}
	if !bytes.Equal(bundle, s.last) {
		s.last = bundle
		s.writeEvent("", bundle)
	}
	s.writeEvent("people", nil) // of other telephones nothing is known here: the list asks
	if s.err == nil {
		s.err = s.control.Flush()
	}
	return s.err == nil
}

// writeEvent writes one event. Every kind of line end begins a new data line, so no text can end the event.
func (s *stream) writeEvent(name string, data []byte) {
	var b bytes.Buffer
	if name != "" {
		b.WriteString("event: " + name + "\n")
	}
	data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		b.WriteString("data: ")
		b.Write(line)
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	s.write(b.Bytes())
}

func (s *stream) write(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
}
