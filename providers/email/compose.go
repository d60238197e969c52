package email

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	netmail "net/mail"
	"strconv"
	"strings"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/email/mime"
)

// composed is a letter ready to leave.
type composed struct {
	from       string   // the envelope's sender
	recipients []string // everybody who gets it, with domains in ASCII
	id         string   // Message-ID without brackets
	raw        []byte
	wide       bool // an address needs SMTPUTF8
}

// composeLetter makes the letter. Everything that came from customers (names, subjects, names of files) passes
// mime.OneLine first: a line break in it would let them write into the head.
func (d *Driver) composeLetter(ctx context.Context, m carrier.Outgoing) (*composed, error) {
	out := &composed{from: d.cfg.Address, id: messageIDOf(m, d.cfg.Address)}
	letter := m.Mail
	if letter == nil {
		letter = &carrier.OutgoingMail{}
	}
	msg := gomail.NewMsg(
		gomail.WithEncoding(gomail.EncodingQP),
		gomail.WithCharset(gomail.CharsetUTF8),
		gomail.WithNoDefaultUserAgent(),
	)
	to, err := out.addRecipient(domain.MailAddress{Name: letter.ToName, Address: m.To.Value})
	if err != nil {
		return nil, err
	}
	msg.ToMailAddress(to)
	for _, a := range letter.Cc {
		cc, err := out.addRecipient(a)
		if err != nil {
			return nil, err
		}
		msg.AddCcMailAddress(cc)
	}
	msg.FromMailAddress(&netmail.Address{Name: d.senderName(letter.FromName), Address: d.cfg.Address})
	d.writeHead(msg, out.id, letter)
	d.writeBody(msg, m, letter)
	if err := attachFiles(ctx, msg, m); err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, &carrier.Error{Class: carrier.InvalidValue, Key: carrier.InvalidValue.Sentence(), Err: err}
	}
	out.raw = raw.Bytes()
	return out, nil
}

// messageIDOf is the id the desk gave, or one made of the message's own id: the same on every try.
func messageIDOf(m carrier.Outgoing, address string) string {
	if m.Mail != nil && m.Mail.MessageID != "" {
		return strings.Trim(mime.OneLine(m.Mail.MessageID), "<> ")
	}
	return domain.MailID(m.ID, address)
}

// addRecipient adds a recipient. Domains are written in ASCII always; the part before the @ cannot be, and needs a
// server that takes it.
func (c *composed) addRecipient(a domain.MailAddress) (*netmail.Address, error) {
	local, host, ok := strings.Cut(strings.TrimSpace(a.Address), "@")
	if !ok || local == "" || host == "" || strings.ContainsAny(a.Address, "\r\n<> ") {
		return nil, carrier.NewRefusal("provider.email.recipient")
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return nil, carrier.NewRefusal("provider.email.recipient")
	}
	address := local + "@" + ascii
	c.wide = c.wide || len(address) != utf8.RuneCountInString(address)
	c.recipients = append(c.recipients, address)
	return &netmail.Address{Name: mime.OneLine(a.Name), Address: address}, nil
}

// senderName is what stands before the channel's address.
func (d *Driver) senderName(operator string) string {
	operator, channel := mime.OneLine(operator), mime.OneLine(d.cfg.SenderName)
	switch {
	case operator == "" || operator == channel:
		return channel
	case channel == "":
		return operator
	}
	return operator + " – " + channel
}

func (d *Driver) writeHead(msg *gomail.Msg, id string, letter *carrier.OutgoingMail) {
	msg.Subject(mime.OneLine(letter.Subject))
	msg.SetDateWithValue(d.cfg.Now())
	msg.SetMessageIDWithValue(id)
	if letter.InReplyTo != "" {
		msg.SetGenHeaderPreformatted("In-Reply-To", bracketIDs(letter.InReplyTo))
	}
	if len(letter.References) > 0 {
		msg.SetGenHeaderPreformatted("References", bracketIDs(letter.References...))
	}
	if d.cfg.PlusAddress && letter.Thread != "" {
		local, host, _ := strings.Cut(d.cfg.Address, "@")
		msg.ReplyToMailAddress(&netmail.Address{
			Name:    d.senderName(letter.FromName),
			Address: local + "+" + letter.Thread + "@" + host,
		})
	}
	msg.SetGenHeader(loopHeader, d.cfg.Address)
	if letter.Automatic {
		kind := "auto-generated"
		if letter.InReplyTo != "" {
			kind = "auto-replied"
		}
		msg.SetGenHeader("Auto-Submitted", kind)
		msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	}
}

// bracketIDs writes ids as heads want them, one to a line: lines longer than 998 bytes are refused.
func bracketIDs(ids ...string) string {
	var out []string
	for _, id := range ids {
		if id = strings.Trim(mime.OneLine(id), "<> "); id != "" && !strings.ContainsAny(id, " <>") {
			out = append(out, "<"+id+">")
		}
	}
	return strings.Join(out, "\r\n ")
}

// writeBody writes the words twice: as text, and as simple HTML for programs that show text badly.
func (d *Driver) writeBody(msg *gomail.Msg, m carrier.Outgoing, letter *carrier.OutgoingMail) {
	msg.SetBodyString(gomail.TypeTextPlain, plainBody(m.Text, letter))
	msg.AddAlternativeString(gomail.TypeTextHTML, htmlBody(m.Text, letter))
}

func plainBody(text string, letter *carrier.OutgoingMail) string {
	out := joinLines(text)
	if letter.Signature != "" {
		out += "\n\n-- \n" + joinLines(letter.Signature)
	}
	if letter.Quoted != "" {
		out += "\n\n" + mime.OneLine(
			letter.QuotedBy,
		) + "\n> " + strings.ReplaceAll(
			joinLines(letter.Quoted),
			"\n",
			"\n> ",
		)
	}
	return strings.ReplaceAll(out+"\n", "\n", "\r\n")
}

func htmlBody(text string, letter *carrier.OutgoingMail) string {
	out := `<div style="white-space: pre-wrap">` + textToHTML(text) + "</div>\r\n"
	if letter.Signature != "" {
		out += `<div style="white-space: pre-wrap; color: #666666">-- <br>` + textToHTML(
			letter.Signature,
		) + "</div>\r\n"
	}
	if letter.Quoted != "" {
		out += "<div>" + html.EscapeString(mime.OneLine(letter.QuotedBy)) + "</div>\r\n" +
			`<blockquote type="cite" style="margin: 0 0 0 0.8ex; border-left: 1px solid #cccccc; padding-left: 1ex; white-space: pre-wrap">` +
			textToHTML(letter.Quoted) + "</blockquote>\r\n"
	}
	return "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"></head><body>\r\n" + out + "</body></html>\r\n"
}

// textToHTML writes text as HTML. Line breaks are elements, because programs that answer throw styles away.
func textToHTML(text string) string {
	return strings.ReplaceAll(html.EscapeString(joinLines(text)), "\n", "<br>\r\n")
}

func joinLines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// attachFiles adds the files.
func attachFiles(ctx context.Context, msg *gomail.Msg, m carrier.Outgoing) error {
	files := m.Files
	if m.Media != nil {
		files = append([]carrier.OutgoingMedia{*m.Media}, files...)
	}
	for i, f := range files {
		if err := stoppedError(ctx); err != nil {
			return err
		}
		if err := attachOne(msg, i, f); err != nil {
			return &carrier.Error{Class: carrier.Temporary, Key: carrier.Temporary.Sentence(), Err: err}
		}
	}
	return nil
}

func attachOne(msg *gomail.Msg, i int, f carrier.OutgoingMedia) error {
	body, err := f.Open()
	if err != nil {
		return fmt.Errorf("email: open attachment: %w", err)
	}
	defer body.Close()
	content, err := io.ReadAll(io.LimitReader(body, maxLetter))
	if err != nil {
		return fmt.Errorf("email: read attachment: %w", err)
	}
	name, media := mime.SafeName(f.Name), f.MIME
	if media == "" || strings.ContainsAny(media, "\r\n;") {
		media = "application/octet-stream"
	}
	if name == "" {
		name = "attachment-" + strconv.Itoa(i+1) + extensions[media]
	}
	return msg.AttachReader(name, bytes.NewReader(content), gomail.WithFileContentType(gomail.ContentType(media)))
}
