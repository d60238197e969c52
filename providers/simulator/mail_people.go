package simulator

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // letters in the encodings of old programs
	"github.com/emersion/go-message/mail"
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
	Files      []File
	InReplyTo  string
	References []string
	Automatic  bool
	At         time.Time
	Raw        []byte
}

// Letters lists a customer's letters, the oldest first.
func (m *MailServer) Letters(customer string) []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Letter
	for _, l := range m.letters {
		if l.Owner == plain(customer) {
			out = append(out, *l)
		}
	}
	return out
}

// Letter finds a letter in a customer's mailbox by its Message-ID.
func (m *MailServer) Letter(customer, id string) (Letter, bool) {
	list := m.Letters(customer)
	i := slices.IndexFunc(list, func(l Letter) bool { return l.ID == id })
	if i < 0 {
		return Letter{}, false
	}
	return list[i], true
}

// LetterCount is how many letters customers got.
func (m *MailServer) LetterCount() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.letters {
		if !l.Mine {
			n++
		}
	}
	return n
}

// receive puts a letter into a customer's mailbox.
func (m *MailServer) receive(customer string, raw []byte) Letter {
	l := read(raw)
	l.Owner, l.At = plain(customer), m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, &l)
	m.changed()
	return l
}

// read takes a letter apart. What cannot be read is left out: a customer's program would not show it either.
func read(raw []byte) Letter {
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
		l.Files = append(l.Files, File{ID: strings.Trim(h.Get("Content-Id"), "<> "), Name: name, MIME: kind, Data: data})
	}
}

// LetterDraft is what a customer writes.
type LetterDraft struct {
	Name      string   // the customer's, as their program writes it
	To        []string // the desk's address
	Cc        []string
	Subject   string
	Text      string
	HTML      string // "" = text only
	Files     []File // one with an ID is shown in the HTML as "cid:<ID>"
	InReplyTo string
	Refs      []string
	Automatic string // the value of Auto-Submitted; "" = a person wrote it
	Headers   map[string]string
}

// Write sends a customer's letter and gives it as it is in their mailbox.
func (m *MailServer) Write(customer string, d LetterDraft) (Letter, error) {
	m.mu.Lock()
	m.lastID++
	id := fmt.Sprintf("%d.%d@%s", m.clock.Now().UnixNano(), m.lastID, host(customer))
	m.mu.Unlock()
	raw, err := write(customer, id, m.clock.Now(), d)
	if err != nil {
		return Letter{}, err
	}
	l := read(raw)
	l.Owner, l.Mine, l.At = plain(customer), true, m.clock.Now()
	m.mu.Lock()
	m.letters = append(m.letters, &l)
	m.changed()
	m.mu.Unlock()
	m.route(customer, append(slices.Clone(d.To), d.Cc...), raw)
	return l, nil
}

func host(address string) string {
	_, h, _ := strings.Cut(address, "@")
	return h
}

// Answer sends a customer's answer to a letter of the desk, with the letter quoted below as Gmail does it, and everybody else who
// got it as a copy when all is set.
func (m *MailServer) Answer(customer, id string, d LetterDraft, all bool) (Letter, error) {
	before, ok := m.Letter(customer, id)
	if !ok {
		return Letter{}, fmt.Errorf("simulator: answer a letter: %w", ErrUnknown)
	}
	d.To, d.InReplyTo, d.Refs = []string{orElse(before.ReplyTo, before.From)}, before.ID, append(slices.Clone(before.References), before.ID)
	if all {
		d.Cc = slices.DeleteFunc(append(slices.Clone(before.To), before.Cc...), func(a string) bool { return plain(a) == plain(customer) })
	}
	if d.Subject == "" {
		d.Subject = "Re: " + strings.TrimPrefix(before.Subject, "Re: ")
	}
	d.Text, d.HTML = quoteLike(before, d)
	return m.Write(customer, d)
}

// AutoReply sends what a mail program answers while its owner is away.
func (m *MailServer) AutoReply(customer, id, text string) (Letter, error) {
	before, ok := m.Letter(customer, id)
	if !ok {
		return Letter{}, fmt.Errorf("simulator: auto-reply: %w", ErrUnknown)
	}
	return m.Write(customer, LetterDraft{
		To: []string{before.From}, Subject: "Automatic reply: " + before.Subject, Text: text, InReplyTo: before.ID,
		Refs: []string{before.ID}, Automatic: "auto-replied",
	})
}

// Bounce lets a letter of the desk come back: status is like "5.1.1" for good and "4.4.1" for a delay.
func (m *MailServer) Bounce(customer, id, status, words string) error {
	before, ok := m.Letter(customer, id)
	if !ok {
		return fmt.Errorf("simulator: bounce: %w", ErrUnknown)
	}
	m.Deliver(before.From, bounce(before, customer, status, words))
	return nil
}
