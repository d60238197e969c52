package mail

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"pult/providers/simulator/world"
)

// Draft is what a customer writes.
type Draft struct {
	Name      string   // the customer's, as their program writes it
	To        []string // the desk's address
	Cc        []string
	Subject   string
	Text      string
	HTML      string       // "" = text only
	Files     []world.File // one with an ID is shown in the HTML as "cid:<ID>"
	InReplyTo string
	Refs      []string
	Automatic string // the value of Auto-Submitted; "" = a person wrote it
	Headers   map[string]string
}

// composeLetter makes the bytes of a customer's letter.
func composeLetter(customer, id string, now time.Time, d Draft) ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&netmail.Address{Name: d.Name, Address: customer})
	if err := msg.To(d.To...); err != nil {
		return nil, fmt.Errorf("mail: write a letter: %w", err)
	}
	if err := msg.Cc(d.Cc...); err != nil {
		return nil, fmt.Errorf("mail: write a letter: %w", err)
	}
	msg.Subject(d.Subject)
	msg.SetDateWithValue(now)
	msg.SetMessageIDWithValue(id)
	if d.InReplyTo != "" {
		msg.SetGenHeaderPreformatted("In-Reply-To", "<"+d.InReplyTo+">")
		msg.SetGenHeaderPreformatted("References", "<"+strings.Join(d.Refs, ">\r\n <")+">")
	}
	if d.Automatic != "" {
		msg.SetGenHeader("Auto-Submitted", d.Automatic)
	}
	for name, value := range d.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, toCRLF(d.Text))
	if d.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, toCRLF(d.HTML))
	}
	for _, f := range d.Files {
		if err := attachFile(msg, f); err != nil {
			return nil, fmt.Errorf("mail: attach: %w", err)
		}
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("mail: write a letter: %w", err)
	}
	return raw.Bytes(), nil
}

func attachFile(msg *gomail.Msg, f world.File) error {
	kind := gomail.WithFileContentType(gomail.ContentType(cmp.Or(f.MIME, "application/octet-stream")))
	if f.ID != "" {
		return msg.EmbedReader(f.Name, bytes.NewReader(f.Data), kind, gomail.WithFileContentID("<"+f.ID+">"))
	}
	return msg.AttachReader(f.Name, bytes.NewReader(f.Data), kind)
}

func toCRLF(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
}

// quoteLetter puts the answered letter under the answer, in text and HTML, as Gmail does it in Czech.
func quoteLetter(before Letter, d Draft) (text, markup string) {
	name := cmp.Or(before.FromName, before.From)
	by := fmt.Sprintf("%s odesílatel %s <%s> napsal:", before.At.Format("2. 1. 2006 v 15:04"), name, before.From)
	quoted := strings.TrimSpace(strings.ReplaceAll(before.Text, "\r\n", "\n"))
	text = d.Text + "\n\n" + by + "\n\n> " + strings.ReplaceAll(quoted, "\n", "\n> ") + "\n"
	own := d.HTML
	if own == "" {
		own = `<div dir="ltr">` + breakLines(d.Text) + "</div>"
	}
	const border = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"
	return text, own + `<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">` +
		html.EscapeString(by) + `<br></div><blockquote class="gmail_quote" style="` + border + `">` +
		breakLines(quoted) + "</blockquote></div>"
}

func breakLines(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>\n")
}

// composeBounce makes the report of a server that could not deliver a letter.
func composeBounce(l Letter, to, status, words string) []byte {
	action, subject := "failed", "Undelivered Mail Returned to Sender"
	if strings.HasPrefix(status, "4") {
		action, subject = "delayed", "Delayed Mail (still being retried)"
	}
	head, _, _ := bytes.Cut(l.Raw, []byte("\r\n\r\n"))
	const mark = "=_pult_report"
	lines := []string{
		"From: Mail Delivery System <MAILER-DAEMON@mail.pult.example>",
		"To: " + l.From,
		"Subject: " + subject,
		fmt.Sprintf("Message-ID: <report.%d@mail.pult.example>", l.At.UnixNano()),
		"Date: " + l.At.Format(time.RFC1123Z),
		"Auto-Submitted: auto-replied",
		"MIME-Version: 1.0",
		`Content-Type: multipart/report; report-type=delivery-status; boundary="` + mark + `"`,
		"",
		"--" + mark,
		"Content-Type: text/plain; charset=utf-8",
		"",
		"Your message to " + to + " could not be delivered: " + words,
		"",
		"--" + mark,
		"Content-Type: message/delivery-status",
		"",
		"Reporting-MTA: dns; mail.pult.example",
		"",
		"Final-Recipient: rfc822; " + to,
		"Action: " + action,
		"Status: " + status,
		"Diagnostic-Code: smtp; " + words,
		"",
		"--" + mark,
		"Content-Type: text/rfc822-headers",
		"",
		string(head),
		"",
		"--" + mark + "--",
		"",
	}
	return []byte(strings.Join(lines, "\r\n"))
}
