package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/mailhtml"
	"pult/providers/email/mime"
)

// What the receiver tells of a letter beside its bytes, in the head of the delivery.
const (
	atHeader      = "X-Pult-Internaldate" // when the server took it in, RFC 3339
	folderHeader  = "X-Pult-Folder"
	uidHeader     = "X-Pult-Uid"
	historyHeader = "X-Pult-History" // "yes": it was read or answered before the channel was connected
	cutHeader     = "X-Pult-Cut"     // size in bytes of a letter of which only the text was fetched
)

// Bounds of what is kept of one letter.
const (
	maxSource = 2 * maxLetter // bytes, when a letter is read again
	maxRaw    = 16 << 10      // bytes of the head that are kept beside the message
	maxHTML   = 4 << 20       // bytes; more is only in the source
	maxText   = 300 << 10     // bytes; nobody reads further, and every line is looked at for quotes
)

// errEmpty says that a delivery holds no letter.
var errEmpty = errors.New("email: parse: no head of a letter")

// Parse reads one letter. A report of a mail server becomes a status; everything else is a message, however broken it
// is.
func (d *Driver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	root, cut := mime.Read(w.Body)
	if len(root.Header) == 0 ||
		!root.Header.Has("From") && !root.Header.Has("Date") && !root.Header.Has("Message-ID") &&
			!root.Header.Has("Subject") {
		return carrier.Batch{}, errEmpty
	}
	from := firstMailbox(mime.ParseMailboxes(root.Header.Get("From")))
	if from.Address == "" {
		from = firstMailbox(mime.ParseMailboxes(root.Header.Get("Sender"), root.Header.Get("Return-Path")))
	}
	if b, ok := d.parseReport(root, w, from.Address); ok {
		return b, nil
	}
	if from.Address == "" {
		return unknownReport("letter without a sender"), nil
	}
	m := d.newMessage(root, w, from)
	if cut {
		m.Attachments = append(m.Attachments, domain.Attachment{
			State:   domain.FileFailed,
			Name:    "…",
			Failure: &domain.Failure{Class: string(carrier.Permanent), Key: "provider.email.too_nested"},
		})
	}
	return carrier.Batch{Messages: []carrier.InboundMessage{m}}, nil
}

func firstMailbox(list []domain.MailAddress) domain.MailAddress {
	if len(list) == 0 {
		return domain.MailAddress{}
	}
	return list[0]
}

func (d *Driver) newMessage(root *mime.Part, w carrier.Webhook, from domain.MailAddress) carrier.InboundMessage {
	h := root.Header
	said := gatherContents(root)
	source := said.joinHTML()
	if len(source) > maxHTML {
		source = ""
	}
	letter := d.readLetter(h, from)
	m := carrier.InboundMessage{
		Account:     d.cfg.Address,
		From:        domain.ByCustomer,
		VendorID:    letterID(root, w.Body),
		At:          receivedAt(w),
		Kind:        domain.KindText,
		Attachments: listAttachments(said, source),
		Mail:        letter,
		HTML:        source,
		Thread:      d.answerToken(h),
		Source:      true,
		Automatic:   letter.Automatic != "",
		History:     w.Header.Get(historyHeader) == "yes",
		ReplyTo:     "",
		Raw:         firstBytes(w.Body),
	}
	letter.MessageID = messageID(h, w.Body)
	_, letter.Pictures = mailhtml.Images(source)
	m.Text, letter.Quoted = splitQuote(letter.Subject, said, source)
	m.Contact = d.findAuthor(from, letter.ReplyTo)
	if size := w.Header.Get(cutHeader); size != "" {
		bytes, _ := strconv.ParseInt(size, 10, 64)
		m.Attachments = []domain.Attachment{{
			State:   domain.FileFailed,
			Name:    "…",
			Size:    bytes,
			Failure: &domain.Failure{Class: string(carrier.Permanent), Key: "provider.email.too_large"},
		}}
		m.Source = false // what was fetched is not the letter
	}
	return m
}

// readLetter is what stands in the head.
func (d *Driver) readLetter(h mime.Header, from domain.MailAddress) *domain.Mail {
	l := &domain.Mail{
		Subject:    domain.Clip(mime.DecodeWords(h.Get("Subject")), 500),
		From:       from,
		To:         mime.ParseMailboxes(h.All("To")...),
		Cc:         mime.ParseMailboxes(h.All("Cc")...),
		ReplyTo:    firstMailbox(mime.ParseMailboxes(h.Get("Reply-To"))),
		InReplyTo:  mime.FirstID(h.Get("In-Reply-To")),
		References: mime.MessageIDs(strings.Join(h.All("References"), " ")),
		Automatic:  automaticHeader(h, from.Address),
		Unverified: isUnverified(h),
	}
	if date, err := mail.ParseDate(h.Get("Date")); err == nil {
		l.Date = date.UTC()
	}
	if l.ReplyTo.IsSame(from) {
		l.ReplyTo = domain.MailAddress{}
	}
	if l.Automatic == "" && autoSubject.MatchString(l.Subject) && h.Has("X-MS-Has-Attach") && h.Has("In-Reply-To") {
		l.Automatic = "Subject"
	}
	return l
}

// deliveredTo are the fields in which servers note for whom a letter was, the most trustworthy first.
var deliveredTo = []string{"Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "To", "Cc"}

// answerToken is what stands behind the plus in the address a letter was delivered to; "" = nothing.
func (d *Driver) answerToken(h mime.Header) string {
	local, host, _ := strings.Cut(strings.ToLower(d.cfg.Address), "@")
	for _, name := range deliveredTo {
		for _, a := range mime.ParseMailboxes(h.All(name)...) {
			l, domain, _ := strings.Cut(strings.ToLower(a.Address), "@")
			if token, ok := strings.CutPrefix(l, local+"+"); ok && domain == host && token != "" {
				return token
			}
		}
	}
	return ""
}

// findAuthor is the person who wrote. Forms on a website write in the name of the site: where the channel is told to
// trust them, the person is who wants the answer.
func (d *Driver) findAuthor(from, replyTo domain.MailAddress) carrier.Person {
	if replyTo.Address != "" && d.isReplyToTrusted(from) {
		from = replyTo
	}
	address := domain.NormalEmail(from.Address)
	return carrier.Person{
		Name:       personName(from),
		Identities: []domain.Identity{{Kind: domain.MailIdentity, Value: address}},
	}
}

func (d *Driver) isReplyToTrusted(from domain.MailAddress) bool {
	address := strings.ToLower(from.Address)
	return slices.Contains(d.cfg.TrustReplyTo, address) || slices.Contains(d.cfg.TrustReplyTo, from.Domain())
}

// personName is the written name, unless it poses as an address.
func personName(a domain.MailAddress) string {
	if strings.Contains(a.Name, "@") {
		return ""
	}
	return a.Name
}

// forwarded tells a letter that was passed on: what is quoted there is what it is about.
var forwarded = regexp.MustCompile(`(?i)^\s*(fw|fwd|tr|wg|přep)\s*:`)

// splitQuote tells the answer from what it quotes. It works on HTML where there is some, because only there programs
// mark quotes reliably.
func splitQuote(subject string, said *contents, source string) (own, quoted string) {
	text := said.joinText()
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	if forwarded.MatchString(subject) {
		return text, ""
	}
	if source == "" {
		return mime.SplitText(text)
	}
	own, quoted = mailhtml.Split(source)
	if strings.TrimSpace(own) == "" {
		return mime.SplitText(text)
	}
	if quoted == "" {
		return mime.SplitText(own)
	}
	own, signature := mime.SplitSignature(own)
	return own, mime.JoinBlocks(signature, quoted)
}

// receivedAt is when the server took a letter in. The author's own clock is not asked: it may be years off.
func receivedAt(w carrier.Webhook) time.Time {
	if at, err := time.Parse(time.RFC3339, w.Header.Get(atHeader)); err == nil {
		return at.UTC()
	}
	return w.ReceivedAt.UTC()
}

// letterID tells letters apart, also those whose senders use one Message-ID for all of them or none at all. What
// servers add on the way is left out, so that a letter that came twice, to two addresses or to another folder, is the
// same.
func letterID(root *mime.Part, raw []byte) string {
	sum := sha256.New()
	for _, name := range []string{"From", "Date", "Subject"} {
		sum.Write([]byte(root.Header.Get(name) + "\n"))
	}
	sum.Write(bytes.TrimSpace(root.Body))
	return domain.Clip(messageID(root.Header, raw), 300) + "/" + hex.EncodeToString(sum.Sum(nil))[:16]
}

// messageID is the letter's own id, or one made of its bytes.
func messageID(h mime.Header, raw []byte) string {
	if id := mime.FirstID(h.Get("Message-ID")); id != "" {
		return id
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16]) + "@local"
}

// firstBytes is the beginning of the letter: what somebody needs who looks for the cause of trouble.
func firstBytes(raw []byte) []byte {
	for _, gap := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw[:min(len(raw), maxRaw)], []byte(gap)); i > 0 {
			return raw[:i]
		}
	}
	return raw[:min(len(raw), maxRaw)]
}
