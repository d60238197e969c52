// Package mime takes letters apart, as broken as programs write them. It knows no server and no desk, never fails, and
// is no general library: the path of every part is the same each time a kept letter is read, and depth and number of
// parts have limits before anything is decoded.
//
//	mime.go      the tree of parts, and their bytes decoded
//	params.go    Content-Type and other values with parameters
//	filename.go  whether a part wants to be saved, and under which name
//	words.go     text in any charset, and values of heads in encoded words
//	address.go   mailboxes and the ids of letters
//	quote.go     what somebody wrote, apart from what they quote and from their signature
package mime

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
)

// Bounds of what is looked at in a letter. They are wide for letters of people and narrow for letters made to stop a
// server.
const (
	maxDepth       = 30      // parts within parts
	maxParts       = 500     // all parts together
	maxHeaderBytes = 1 << 20 // head of one part
	maxFields      = 1000    // lines of one head
)

// field is one line of a head, unfolded, as it came: bytes that need not be UTF-8.
type field struct{ name, value string }

// Header is the head of a letter or of one of its parts, in its order.
type Header []field

// Get is the first value of a field, trimmed; names are compared without regard to case.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.name, name) {
			return strings.TrimSpace(f.value)
		}
	}
	return ""
}

// All are the values of a field, trimmed, the topmost first.
func (h Header) All(name string) (values []string) {
	for _, f := range h {
		if strings.EqualFold(f.name, name) {
			values = append(values, strings.TrimSpace(f.value))
		}
	}
	return values
}

func (h Header) Has(name string) bool {
	for _, f := range h {
		if strings.EqualFold(f.name, name) {
			return true
		}
	}
	return false
}

// Part is one part of a letter; the letter itself is the outermost. Bodies are slices of the letter, not copies.
type Part struct {
	Path     string // "1.2": the place among its siblings on every level; "1" when the letter is a single part
	Header   Header
	Media    string // type and subtype in lower case
	Params   map[string]string
	Body     []byte // as it came, still encoded
	Children []*Part
}

// reader counts while a letter is taken apart.
type reader struct {
	parts int
	cut   bool // something was too deep or too much and is left in one piece
}

// Read takes a letter apart. It never fails: what does not follow the rules is one piece of text or of bytes. The paths
// of the parts are the same every time, so that a file can be found again later. cut says that something was too deep
// or too much and is left in one piece.
func Read(raw []byte) (root *Part, cut bool) {
	r := &reader{}
	root = r.readEntity(raw, "1", 0, "text/plain")
	return root, r.cut
}

// Find gives the part at a path; nil when the letter has none there.
func (p *Part) Find(path string) *Part {
	if p.Path == path {
		return p
	}
	for _, child := range p.Children {
		if child.Path == path || strings.HasPrefix(path, child.Path+".") {
			return child.Find(path)
		}
	}
	return nil
}

func (r *reader) readEntity(raw []byte, path string, depth int, usual string) *Part {
	r.parts++
	p := &Part{Path: path}
	p.Header, p.Body = SplitHead(raw)
	p.Media, p.Params = mediaType(p.Header.Get("Content-Type"))
	if p.Media == "" {
		p.Media = usual
	}
	boundary := p.Params["boundary"]
	if !strings.HasPrefix(p.Media, "multipart/") {
		return p
	}
	if depth >= maxDepth {
		r.cut, p.Media = true, "application/octet-stream"
		return p
	}
	pieces := splitBoundary(p.Body, boundary)
	if boundary == "" || len(pieces) == 0 {
		p.Media = "text/plain"
		return p
	}
	usual = "text/plain"
	if p.Media == "multipart/digest" {
		usual = "message/rfc822"
	}
	for i, piece := range pieces {
		if r.parts >= maxParts {
			r.cut = true
			break
		}
		p.Children = append(p.Children, r.readEntity(piece, path+"."+strconv.Itoa(i+1), depth+1, usual))
	}
	return p
}

// SplitHead cuts at the first empty line, whichever line ends the sender's program writes.
func SplitHead(raw []byte) (Header, []byte) {
	var h Header
	rest := raw
	for len(rest) > 0 && len(raw)-len(rest) < maxHeaderBytes {
		line, after := cutLine(rest)
		if len(line) == 0 {
			return h, after
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		switch {
		case (line[0] == ' ' || line[0] == '\t') && len(h) > 0:
			h[len(h)-1].value += " " + string(bytes.TrimSpace(line))
		case ok && len(h) < maxFields && isFieldName(name):
			h = append(h, field{string(bytes.TrimSpace(name)), string(bytes.TrimSpace(value))})
		case len(h) == 0 && !bytes.HasPrefix(line, []byte("From ")) && !ok:
			return nil, raw // no head at all
		}
		rest = after
	}
	return h, rest
}

func isFieldName(name []byte) bool {
	name = bytes.TrimRight(name, " \t")
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return len(name) > 0 && len(name) < 200
}

func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// splitBoundary gives the pieces between the lines that begin with the boundary. The last one need not be closed.
func splitBoundary(body []byte, boundary string) (pieces [][]byte) {
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at <= len(body); {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		i += at
		at = i + len(mark)
		if i > 0 && body[i-1] != '\n' {
			continue
		}
		line, rest := cutLine(body[at:])
		tail := string(bytes.TrimRight(line, " \t"))
		if tail != "" && tail != "--" {
			continue // another boundary that begins alike
		}
		if start >= 0 {
			pieces = append(pieces, withoutLastBreak(body[start:i]))
		}
		if start = len(body) - len(rest); tail == "--" {
			return pieces
		}
		at = start
	}
	if start >= 0 && start < len(body) && len(pieces) < maxParts {
		pieces = append(pieces, body[start:])
	}
	return pieces
}

func withoutLastBreak(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// Content is the body decoded.
func (p *Part) Content() []byte {
	switch strings.ToLower(p.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		return decodeBase64(p.Body)
	case "quoted-printable":
		return decodeQuoted(p.Body)
	}
	return p.Body
}

// decodeBase64 skips what does not belong there: some programs add line numbers of scanners, spaces, or a missing end.
func decodeBase64(b []byte) []byte {
	plain := make([]byte, 0, len(b))
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			plain = append(plain, c)
		case c == '-':
			plain = append(plain, '+')
		case c == '_':
			plain = append(plain, '/')
		}
	}
	if len(plain)%4 == 1 {
		plain = plain[:len(plain)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(plain)))
	n, err := base64.RawStdEncoding.Decode(out, plain)
	if err != nil {
		return out[:n] // only the unused bits of the last letter can be wrong
	}
	return out[:n]
}

// decodeQuoted leaves alone what is no escape: half of them is better than a letter that cannot be read.
func decodeQuoted(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		line, rest, found := bytes.Cut(b, []byte("\n"))
		ending := []byte("\n")
		if bytes.HasSuffix(line, []byte("\r")) {
			ending = []byte("\r\n")
		}
		line = bytes.TrimRight(line, " \t\r")
		soft := bytes.HasSuffix(line, []byte("="))
		out = appendQuoted(out, bytes.TrimSuffix(line, []byte("=")))
		if found && !soft {
			out = append(out, ending...)
		}
		b = rest
	}
	return out
}

func appendQuoted(out, line []byte) []byte {
	for i := 0; i < len(line); i++ {
		if line[i] == '=' && i+2 < len(line) {
			if v, err := strconv.ParseUint(string(line[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				i += 2
				continue
			}
		}
		out = append(out, line[i])
	}
	return out
}
