package mail

import (
	"bytes"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters in the encodings of old programs
	"github.com/emersion/go-message/mail"

	"pult/providers/simulator/world"
)

// Letter is a letter as a customer's mail program shows it, in either direction.
type Letter struct {
	ID         string // Message-ID without brackets
	Owner      string // the customer in whose mailbox it lies
	Mine       bool   // the customer wrote it
	From       string // address
	FromName   string
	To, Cc     []string // addresses
	ReplyTo    string   // where answers go when not to From
	Subject    string
	Text, HTML string
	Files      []world.File
	InReplyTo  string
	References []string
	Automatic  bool
	At         time.Time
	Raw        []byte
}

// parseLetter takes a letter apart. What cannot be read is left out: a customer's program would not show it either.
func parseLetter(raw []byte) Letter {
	l := Letter{Raw: raw}
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return l
	}
	l.readHead(&r.Header)
	for {
		part, err := r.NextPart()
		if err != nil {
			return l
		}
		l.readPart(part)
	}
}

func (l *Letter) readHead(h *mail.Header) {
	l.ID, _ = h.MessageID()
	l.References, _ = h.MsgIDList("References")
	if answered, _ := h.MsgIDList("In-Reply-To"); len(answered) > 0 {
		l.InReplyTo = answered[0]
	}
	l.Subject, _ = h.Subject()
	l.Automatic = h.Get("Auto-Submitted") != ""
	if from, _ := h.AddressList("From"); len(from) > 0 {
		l.From, l.FromName = from[0].Address, from[0].Name
	}
	if replyTo := addressesOf(h, "Reply-To"); len(replyTo) > 0 {
		l.ReplyTo = replyTo[0]
	}
	l.To, l.Cc = addressesOf(h, "To"), addressesOf(h, "Cc")
}

func addressesOf(h *mail.Header, field string) (out []string) {
	list, _ := h.AddressList(field) // unreadable ones are not shown
	for _, a := range list {
		out = append(out, a.Address)
	}
	return out
}

// readPart takes the first text and the first HTML for the letter itself; everything else is a file.
func (l *Letter) readPart(part *mail.Part) {
	data, err := io.ReadAll(part.Body)
	if err != nil {
		return
	}
	h := message.Header{}
	switch x := part.Header.(type) {
	case *mail.InlineHeader:
		h = x.Header
	case *mail.AttachmentHeader:
		h = x.Header
	}
	kind, parameters, _ := h.ContentType()
	_, disposition, _ := h.ContentDisposition()
	name := disposition["filename"]
	if name == "" {
		name = parameters["name"]
	}
	switch {
	case kind == "text/plain" && name == "" && l.Text == "":
		l.Text = string(data)
	case kind == "text/html" && name == "" && l.HTML == "":
		l.HTML = string(data)
	default:
		l.Files = append(l.Files, world.File{
			ID: strings.Trim(h.Get("Content-Id"), "<> "), Name: name, MIME: kind, Data: data,
		})
	}
}
