package email_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/email"
)

// parseLetter is the one message a letter must become. Bytes stand as \x in Go's own notation.
func parseLetter(t testing.TB, letter string, change ...func(*email.Config)) carrier.InboundMessage {
	t.Helper()
	b, err := newOfflineDriver(t, change...).Parse(rawDelivery(letter))
	if err != nil || len(b.Messages) != 1 {
		t.Fatalf("got %+v, %v; want one message\n%s", b, err, letter)
	}
	return b.Messages[0]
}

const from = "From: Jana <jana@posta.example>\nMessage-ID: <1@posta.example>\n"

func TestParse_Charsets(t *testing.T) {
	for name, c := range map[string]struct{ charset, body, want string }{
		"windows-1250":               {"windows-1250", "P\xf8\xedli\x9a \x9elu\x9dou\xe8k\xfd", "Příliš žluťoučký"},
		"iso-8859-2":                 {"iso-8859-2", "P\xf8\xedli\xb9 \xbelu\xbbou\xe8k\xfd", "Příliš žluťoučký"},
		"iso-8859-15":                {"iso-8859-15", "d\xe9j\xe0 10 \xa4", "déjà 10 €"},
		"latin 1 is windows-1252":    {"iso-8859-1", "10 \x80 \x96 d\xe9j\xe0", "10 € – déjà"},
		"none, czech":                {"", "\x9elu\x9dou\xe8k\xfd k\xf9\xf2", "žluťoučký kůň"},
		"none, french":               {"", "d\xe9j\xe0 tr\xe8s na\xefve gar\xe7on", "déjà très naïve garçon"},
		"us-ascii with utf-8":        {"us-ascii", "žluťoučký", "žluťoučký"},
		"unknown name":               {"x-martian", "žluťoučký", "žluťoučký"},
		"unknown name, other bytes":  {"x-martian", "d\xe9j\xe0", "déjà"},
		"koi8-r":                     {"koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"},
		"gb2312 is gb18030":          {"gb2312", "\xc4\xe3\xba\xc3", "你好"},
		"iso-2022-jp":                {"iso-2022-jp", "\x1b$B$3$s\x1b(B", "こん"},
		"utf-8 that is not":          {"utf-8", "ok \xff\xfe", "ok ÿþ"},
		"NUL and control characters": {"utf-8", "a\x00b\x07c", "abc"},
		"quoted name":                {`"utf-8"`, "é", "é"},
	} {
		m := parseLetter(t, from+"Content-Type: text/plain; charset="+c.charset+"\n\n"+c.body+"\n")
		if m.Text != c.want {
			t.Errorf("%s: got %q, want %q", name, m.Text, c.want)
		}
	}
}

func TestParse_Headers(t *testing.T) {
	for name, c := range map[string]struct{ subject, want string }{
		"word":                      {"=?utf-8?q?P=C5=99=C3=ADli=C5=A1?=", "Příliš"},
		"neighbours join":           {"=?utf-8?q?dob?= =?utf-8?q?r=C3=BD?=", "dobrý"},
		"folded neighbours":         {"=?utf-8?b?xb4=?=\n =?utf-8?b?bHU=?=", "žlu"},
		"a letter in two words":     {"=?utf-8?q?=C5?= =?utf-8?q?=99?=", "ř"},
		"text between counts":       {"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
		"windows-1250":              {"=?windows-1250?Q?=9Elu=9D?=", "žluť"},
		"with language":             {"=?utf-8*cs?q?=C5=99?=", "ř"},
		"in quotes":                 {`"=?utf-8?q?=C5=99?="`, `"ř"`},
		"raw bytes":                 {"\x9elu\x9dou\xe8k\xfd", "žluťoučký"},
		"broken word":               {"=?utf-8?q?unfinished", "=?utf-8?q?unfinished"},
		"turned around":             {"a\u202egnp.exe", "agnp.exe"},
		"line break hidden in word": {"=?utf-8?q?a=0D=0ABcc:_x@y.example?=", "a  Bcc: x@y.example"},
	} {
		if m := parseLetter(t, from+"Subject: "+c.subject+"\n\nx\n"); m.Mail.Subject != c.want {
			t.Errorf("%s: got %q, want %q", name, m.Mail.Subject, c.want)
		}
	}
}

func TestParse_Addresses(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		want domain.MailAddress
	}{
		"plain":         {"jana@posta.example", domain.MailAddress{Address: "jana@posta.example"}},
		"comma in name": {`"Nov\E1, Jana" <jana@posta.example>`, domain.MailAddress{Name: `Nov\E1, Jana`, Address: "jana@posta.example"}},
		"encoded quoted": {`"=?utf-8?q?Ji=C5=99=C3=AD?=" <jiri@posta.example>`, domain.MailAddress{
			Name:    "Jiří",
			Address: "jiri@posta.example",
		}},
		"comment": {"jana@posta.example (Jana)", domain.MailAddress{Name: "Jana", Address: "jana@posta.example"}},
		"group":   {"Shop: a@posta.example, b@posta.example;", domain.MailAddress{Address: "a@posta.example"}},
		"several": {"A <a@posta.example>, B <b@posta.example>", domain.MailAddress{Name: "A", Address: "a@posta.example"}},
		"spoofed name": {`"boss@bank.example" <x@evil.example>`, domain.MailAddress{
			Name:    "boss@bank.example",
			Address: "x@evil.example",
		}},
	} {
		m := parseLetter(t, "From: "+c.from+"\nSubject: x\n\nx\n")
		if m.Mail.From != c.want {
			t.Errorf("%s: got %+v, want %+v", name, m.Mail.From, c.want)
		}
		if strings.Contains(m.Contact.Name, "@") {
			t.Errorf("%s: the contact is called %q", name, m.Contact.Name)
		}
	}
}

func TestParse_FileNames(t *testing.T) {
	for name, c := range map[string]struct{ head, want string }{
		"2231":              {"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=UTF-8''Smlouva%20%C4%8D.1.pdf", "Smlouva č.1.pdf"},
		"2231 split":        {"Content-Type: application/pdf\nContent-Disposition: attachment; filename*0*=utf-8''%C5%BElu; filename*1=touc.pdf", "žlutouc.pdf"},
		"2231 other":        {"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=windows-1250''%9Elu.pdf", "žlu.pdf"},
		"2047 in quotes":    {"Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"=?utf-8?q?=C5=BElu.pdf?=\"", "žlu.pdf"},
		"raw 8-bit":         {"Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"\x9elu\x9d.pdf\"", "žluť.pdf"},
		"only Content-Type": {"Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment", "a.pdf"},
		"none":              {"Content-Type: application/pdf\nContent-Disposition: attachment", "attachment-1.pdf"},
		"path":              {`Content-Type: application/pdf` + "\n" + `Content-Disposition: attachment; filename="..\..\windows/a.pdf"`, "a.pdf"},
		"turned around":     {"Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''inv%E2%80%AEfdp.exe", "invfdp.exe"},
		"semicolon":         {"Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"a;b.pdf\"", "a;b.pdf"},
		"long":              {"Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"" + strings.Repeat("a", 300) + ".pdf\"", strings.Repeat("a", 146) + ".pdf"},
		"no disposition":    {"Content-Type: application/ms-tnef; name=winmail.dat", "winmail.dat"},
		"a letter":          {"Content-Type: message/rfc822", "attachment-1.eml"},
		"a calendar":        {"Content-Type: text/calendar", "attachment-1.ics"},
	} {
		m := parseLetter(t, from+"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n"+c.head+"\n\ndata\n--b--\n")
		if len(m.Attachments) != 1 || m.Attachments[0].Name != c.want {
			t.Errorf("%s: got %+v, want %q", name, m.Attachments, c.want)
		}
		if m.Text != "text" {
			t.Errorf("%s: got text %q", name, m.Text)
		}
	}
}

func TestParse_Structure(t *testing.T) {
	for name, c := range map[string]struct {
		letter, text string
		files        int
		html         bool
	}{
		"single":                        {"\nhello\n", "hello", 0, false},
		"bare LF, no end":               {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none", "one", 0, false},
		"text image text":               {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: image/png\n\nx\n--b\n\ntwo\n--b--\n", "one\n\ntwo", 1, false},
		"alternative":                   {"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>rich</p>\n--b--\n", "rich", 0, true},
		"related in alternative":        {"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>rich<img src=\"cid:P%40x\"></p>\n--c\nContent-Type: image/png\nContent-ID: <p@x>\n\nx\n--c--\n--b--\n", "rich", 1, true},
		"signed":                        {"Content-Type: multipart/signed; boundary=b\n\n--b\n\nsaid\n--b\nContent-Type: application/pgp-signature\n\nsig\n--b--\n", "said", 1, false},
		"boundary that begins alike":    {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bb\ntwo\n--b--\n", "one\n--bb\ntwo", 0, false},
		"no such boundary":              {"Content-Type: multipart/mixed; boundary=zz\n\nhello\n", "hello", 0, false},
		"no boundary":                   {"Content-Type: multipart/mixed\n\nhello\n", "hello", 0, false},
		"base64 with rubbish":           {"Content-Transfer-Encoding: base64\n\naGVs\n!!bG8\n", "hello", 0, false},
		"quoted-printable with rubbish": {"Content-Transfer-Encoding: quoted-printable\n\nhel=\nlo =ZZ =C3=A9\n", "hello =ZZ é", 0, false},
		"empty":                         {"\n", "", 0, false},
		"text as a file":                {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: text/plain; name=log.txt\nContent-Disposition: attachment\n\nlog\n--b--\n", "hi", 1, false},
	} {
		m := parseLetter(t, from+c.letter)
		if m.Text != c.text || len(m.Attachments) != c.files || (m.HTML != "") != c.html {
			t.Errorf("%s: got %q with %d files, HTML %q; want %q with %d", name, m.Text, len(m.Attachments), m.HTML, c.text, c.files)
		}
	}
}

// Outlook marks pictures in a letter not at all, and others mark real files as inline: only what the HTML shows is part
// of it.
func TestParse_InlineIsWhatTheHTMLShows(t *testing.T) {
	m := parseLetter(
		t,
		from+"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src=\"cid:IMAGE001%40x\">\n--b\nContent-Type: image/png; name=a.png\nContent-ID: <image001@X>\n\nx\n"+
			"--b\nContent-Type: image/png; name=b.png\nContent-Disposition: inline\nContent-ID: <other@x>\n\nx\n--b--\n",
	)
	if len(m.Attachments) != 2 || m.Attachments[0].ContentID != "image001@X" || m.Attachments[1].ContentID != "" {
		t.Errorf("got %+v", m.Attachments)
	}
}

func TestParse_Machines(t *testing.T) {
	for head, want := range map[string]string{
		"Auto-Submitted: auto-replied":           "Auto-Submitted",
		"Auto-Submitted: no":                     "",
		"Auto-Submitted: no; x=y":                "",
		"Auto-Submitted: auto-generated; a=b":    "Auto-Submitted",
		"X-Autoreply: yes":                       "X-Autoreply",
		"X-Autoreply: no":                        "",
		"Precedence: bulk":                       "Precedence",
		"Precedence: first-class":                "",
		"List-Id: <news.shop.example>":           "List-Id",
		"List-Unsubscribe: <mailto:x@y.example>": "List-Unsubscribe",
		"Return-Path: <>":                        "Return-Path",
		"Return-Path: <a@b.example>":             "",
		"X-Auto-Response-Suppress: All":          "X-Auto-Response-Suppress",
		"X-Pult-Loop: desk@pult.example":         "X-Pult-Loop",
		"Subject: Out of office":                 "",
		"X-Priority: 1":                          "",
	} {
		m := parseLetter(t, from+head+"\n\nx\n")
		if m.Mail.Automatic != want || m.Automatic != (want != "") {
			t.Errorf("%s: got %q, want %q", head, m.Mail.Automatic, want)
		}
	}
	for _, sender := range []string{"noreply@a.example", "no-reply@a.example", "neodpovidat@a.example", "ne-pas-repondre@a.example", "bounces+12@a.example"} {
		if m := parseLetter(t, "From: "+sender+"\nSubject: x\n\nx\n"); m.Mail.Automatic != "From" {
			t.Errorf("%s: got %q, want From", sender, m.Mail.Automatic)
		}
	}
	if m := parseLetter(t, from+strings.Repeat("Received: x\n", 51)+"\nx\n"); m.Mail.Automatic != "Received" {
		t.Errorf("a letter in circles: got %q", m.Mail.Automatic)
	}
}

func TestParse_Verified(t *testing.T) {
	for results, unverified := range map[string]bool{
		"mx.example; dmarc=fail (p=none) header.from=x":                    true,
		"mx.example; spf=fail; dkim=fail":                                  true,
		"mx.example; spf=softfail; dkim=pass":                              false,
		"mx.example; spf=fail; dmarc=pass":                                 false,
		"mx.example; dkim=fail; dkim=pass; spf=fail":                       false,
		"mx.example; spf=none":                                             false,
		"mx.example; dmarc=pass\nAuthentication-Results: evil; dmarc=fail": false,
	} {
		if m := parseLetter(t, from+"Authentication-Results: "+results+"\n\nx\n"); m.Mail.Unverified != unverified {
			t.Errorf("%s: got %v, want %v", results, m.Mail.Unverified, unverified)
		}
	}
}

func TestParse_ThreadTokenInAnyAddress(t *testing.T) {
	for head, want := range map[string]string{
		"Delivered-To: desk+c482x@pult.example":  "c482x",
		"X-Original-To: desk+c482x@pult.example": "c482x",
		"To: Pult <Desk+C482X@Pult.example>":     "c482x",
		"Cc: a@b.example, desk+c1@pult.example":  "c1",
		"To: desk@pult.example":                  "",
		"To: other+c482x@pult.example":           "",
		"To: desk+c482x@evil.example":            "",
	} {
		if m := parseLetter(t, from+head+"\n\nx\n"); m.Thread != want {
			t.Errorf("%s: got %q, want %q", head, m.Thread, want)
		}
	}
}

func TestParse_ReplyToOfTrustedFormsIsTheAuthor(t *testing.T) {
	form := "From: Web <web@obchod.example>\nReply-To: Jana <Jana@Posta.example>\nSubject: x\n\nx\n"
	if m := parseLetter(t, form); m.Contact.Identities[0].Value != "jana@posta.example" || m.Contact.Name != "Jana" {
		t.Errorf("got %+v", m.Contact)
	}
	other := strings.Replace(form, "web@obchod", "web@jinde", 1)
	if m := parseLetter(t, other); m.Contact.Identities[0].Value != "web@jinde.example" || m.Mail.ReplyTo.Address != "Jana@Posta.example" {
		t.Errorf("of a stranger: got %+v", m.Contact)
	}
}

func TestParse_IDTellsLettersApart(t *testing.T) {
	id := func(letter string) string { return parseLetter(t, letter).VendorID }
	one := from + "Subject: x\n\none\n"
	if id(one) != id("Received: by way of another server\n"+one) {
		t.Error("the same letter by another way has another id")
	}
	if id(one) == id(strings.Replace(one, "one", "two", 1)) {
		t.Error("two letters with one Message-ID have the same id")
	}
	if a := parseLetter(t, "From: a@b.example\nSubject: x\n\none\n"); !strings.HasSuffix(a.Mail.MessageID, "@local") {
		t.Errorf("without Message-ID: got %q", a.Mail.MessageID)
	}
}

func TestParse_TimeIsTheServers(t *testing.T) {
	w := rawDelivery(from + "Date: Fri, 1 Jan 1999 00:00:00 +0000\n\nx\n")
	w.Header.Set("X-Pult-Internaldate", "2026-11-22T08:00:00Z")
	b, err := newOfflineDriver(t).Parse(w)
	if err != nil {
		t.Fatal(err)
	}
	if m := b.Messages[0]; !m.At.Equal(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)) || m.Mail.Date.Year() != 1999 {
		t.Errorf("got %v and %v", m.At, m.Mail.Date)
	}
}

func TestParse_ReportsAreNoMessages(t *testing.T) {
	id := (&domain.IDs{}).New(epoch)
	ours := domain.MailID(id, desk)
	for name, c := range map[string]struct {
		letter string
		state  domain.MessageState
		key    string
	}{
		"qmail":     {"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n<jana@posta.example>:\n550 5.1.1 sorry, no mailbox here by that name\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <" + ours + ">\nSubject: x\n", domain.StateUndelivered, "provider.email.no_such_user"},
		"exim":      {"From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: jana@posta.example\nSubject: Mail delivery failed\n\nA message that you sent could not be delivered.\n  jana@posta.example\n    552 5.2.2 mailbox is full\n\n" + ours + "\n", domain.StateUndelivered, "provider.email.mailbox_full"},
		"exchange":  {"From: postmaster@mx.example\nSubject: Undeliverable: x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>no</p>\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;mx\n\nFinal-recipient: rfc822;jana@posta.example\nAction: failed\nStatus: 5.7.1\nDiagnostic-code: smtp;550 5.7.1 blocked\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <" + ours + ">\nSubject: x\n\nbody\n--b--\n", domain.StateUndelivered, "provider.email.refused"},
		"delivered": {"From: postmaster@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nok\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;mx\n\nAction: delivered\nStatus: 2.0.0\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + ours + ">\n\n--b--\n", domain.StateDelivered, ""},
		"read":      {"From: jana@posta.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nOriginal-Message-ID: <" + ours + ">\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n", domain.StateRead, ""},
	} {
		b, err := newOfflineDriver(t).Parse(rawDelivery(c.letter))
		if err != nil || len(b.Messages) != 0 || len(b.Statuses) != 1 {
			t.Errorf("%s: got %+v, %v; want one status", name, b, err)
			continue
		}
		s := b.Statuses[0]
		if s.Ours != id.String() || s.State != c.state || (c.key != "") != (s.Failure != nil) ||
			s.Failure != nil && s.Failure.Key != c.key {
			t.Errorf("%s: got %+v %+v, want %s %s", name, s, s.Failure, c.state, c.key)
		}
	}
	b, err := newOfflineDriver(t).Parse(rawDelivery("From: MAILER-DAEMON@mx.example\nSubject: failure\n\nnobody knows what\n"))
	if err != nil || len(b.Messages) != 0 || len(b.Unknown) != 1 {
		t.Errorf("a report about nothing: got %+v, %v", b, err)
	}
}

// An answer of a machine is a letter: only reports of servers are not.
func TestParse_OutOfOfficeIsAMessage(t *testing.T) {
	if m := parseLetter(t, from+"Auto-Submitted: auto-replied\nReturn-Path: <>\nIn-Reply-To: <m-1@pult.example>\nSubject: Automatic reply: x\n\nI am away.\n"); m.Text != "I am away." ||
		!m.Automatic {
		t.Errorf("got %q, automatic %v", m.Text, m.Automatic)
	}
}

func TestParse_Limits(t *testing.T) {
	nested := from
	for i := range 1000 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	many := from + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat(
		"--b\nContent-Type: image/png\n\nx\n",
		10000,
	) + "--b--\n"
	for name, letter := range map[string]string{
		"nested": nested + "\ndeep\n",
		"many":   many,
		"heads":  strings.Repeat("X: y\n", 20000) + from + "\nx\n",
	} {
		b, err := newOfflineDriver(t).Parse(rawDelivery(letter))
		if err == nil && len(b.Messages) == 1 && len(b.Messages[0].Attachments) > 501 {
			t.Errorf("%s: got %d attachments", name, len(b.Messages[0].Attachments))
		}
	}
	if m := parseLetter(t, many); m.Attachments[len(m.Attachments)-1].Failure == nil {
		t.Error("nobody is told that something was left out")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(from + "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nx\n--b\nContent-Type: text/html\n\n<p>x\n--b--\n"))
	f.Add([]byte("From: =?utf-8?b?xb4=?= <a@b>\nContent-Type: text/plain; charset*0*=a''b\n\n> x\nOn x wrote:\n"))
	f.Add(
		[]byte(
			"From: MAILER-DAEMON@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n",
		),
	)
	d := newOfflineDriver(f)
	f.Fuzz(func(t *testing.T, letter []byte) {
		w := carrier.Webhook{Body: letter, ReceivedAt: epoch}
		b, err := d.Parse(w)
		if err != nil {
			return
		}
		for _, m := range b.Messages {
			for _, s := range []string{m.Text, m.Mail.Subject, m.Mail.Quoted, m.Mail.From.Name, m.HTML} {
				if strings.ToValidUTF8(s, "") != s || strings.Contains(s, "\x00") {
					t.Fatalf("got %q: not clean", s)
				}
			}
			for _, a := range m.Attachments {
				if a.VendorID == "" {
					continue
				}
				x, err := d.Extract(bytes.NewReader(letter), a.VendorID)
				if err != nil {
					t.Fatalf("extract %s: %v", a.VendorID, err)
				}
				if n, _ := io.Copy(io.Discard, x.Body); n != a.Size {
					t.Fatalf("extract %s: got %d bytes, want %d", a.VendorID, n, a.Size)
				}
			}
		}
	})
}
