package mime_test

import (
	"fmt"
	"strings"
	"testing"

	"pult/domain"
	"pult/providers/email/mime"
)

// letter holds a text, and a picture beside a forwarded letter of one part.
const letter = "Subject: =?utf-8?q?Dobr=C3=BD?= =?utf-8?q?_den?=\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" +
	"--a\r\nContent-Type: text/plain\r\n\r\nHello\r\n" +
	"--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: image/png; name=x.png\r\nContent-Transfer-Encoding: base64\r\n" +
	"Content-Disposition: attachment; filename*0*=utf-8''%C5%A1; filename*1=kolo.png\r\n\r\nSGVs\r\nbG8=\r\n" +
	"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nbody\r\n--b--\r\n--a--\r\n"

func TestRead_PathsAreTheSameEveryTime(t *testing.T) {
	for range 2 {
		root, cut := mime.Read([]byte(letter))
		if cut {
			t.Fatal("nothing is too deep")
		}
		for path, want := range map[string]string{
			"1": "multipart/mixed", "1.1": "text/plain", "1.2": "multipart/mixed", "1.2.1": "image/png", "1.2.2": "message/rfc822",
		} {
			if p := root.Find(path); p == nil || p.Media != want || p.Path != path {
				t.Errorf("%s: got %+v, want %s", path, p, want)
			}
		}
		for _, path := range []string{"", "2", "1.3", "1.1.1", "1.2.10"} {
			if p := root.Find(path); p != nil {
				t.Errorf("%q: got the part %s", path, p.Path)
			}
		}
	}
}

func TestPart_ContentDispositionAndName(t *testing.T) {
	root, _ := mime.Read([]byte(letter))
	picture := root.Find("1.2.1")
	if got := string(picture.Content()); got != "Hello" {
		t.Errorf("content: got %q", got)
	}
	if picture.Disposition() != "attachment" || picture.Filename() != "školo.png" {
		t.Errorf("got %q, %q", picture.Disposition(), picture.Filename())
	}
	if text := root.Find("1.1"); text.Disposition() != "" || text.Filename() != "" {
		t.Errorf("a text: got %q, %q", text.Disposition(), text.Filename())
	}
	if got := mime.DecodeWords(root.Header.Get("subject")); got != "Dobrý den" {
		t.Errorf("subject: got %q", got)
	}
}

func TestRead_LimitsAreKeptAndTold(t *testing.T) {
	deep := ""
	for i := range 40 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	for name, raw := range map[string]string{
		"too deep": deep + "\r\nx",
		"too many": "Content-Type: multipart/mixed; boundary=a\r\n\r\n" + strings.Repeat("--a\r\n\r\nx\r\n", 600),
	} {
		root, cut := mime.Read([]byte(raw))
		if !cut || root == nil {
			t.Errorf("%s: got %v, want it told that something is left in one piece", name, cut)
		}
	}
}

func TestRead_WhatIsNoLetterIsOnePiece(t *testing.T) {
	for _, raw := range []string{"", "no head at all", "\r\n\r\n", "Content-Type: multipart/mixed\r\n\r\nno boundary"} {
		root, cut := mime.Read([]byte(raw))
		if cut || root.Media != "text/plain" || len(root.Children) != 0 {
			t.Errorf("%q: got %+v, %v", raw, root, cut)
		}
	}
}

func TestDecodeText_WhateverIsDeclared(t *testing.T) {
	for _, c := range []struct{ bytes, declared, want string }{
		{"D\xf8\xedve", "windows-1250", "Dříve"},
		{"D\xf8\xedve \x9e", "", "Dříve ž"},
		{"\xe0 la fran\xe7aise", "us-ascii", "à la française"},
		{"žluť", "no-such-charset", "žluť"},
		{"a\x00b\x07c", "utf-8", "abc"},
	} {
		if got := mime.DecodeText([]byte(c.bytes), c.declared); got != c.want {
			t.Errorf("%q as %q: got %q, want %q", c.bytes, c.declared, got, c.want)
		}
	}
}

func TestParseMailboxes_AsProgramsWriteThem(t *testing.T) {
	for value, want := range map[string][]domain.MailAddress{
		`"Nová, Anna" <anna@example.com>, b@example.com`: {{Name: "Nová, Anna", Address: "anna@example.com"}, {Address: "b@example.com"}},
		`team: a@example.com, b@example.com;`:            {{Address: "a@example.com"}, {Address: "b@example.com"}},
		`anna@example.com (Anna)`:                        {{Name: "Anna", Address: "anna@example.com"}},
		`undisclosed-recipients:;`:                       nil,
	} {
		got := mime.ParseMailboxes(value)
		if len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", value, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: got %v, want %v", value, got[i], want[i])
			}
		}
	}
}

func TestSafeName_IsANameAndNoPath(t *testing.T) {
	for name, want := range map[string]string{
		`..\..\evil.exe`: "evil.exe", "/etc/passwd": "passwd", "a\u202egnp.exe": "agnp.exe", " . ": "", "plan\r\n.pdf": "plan  .pdf",
		strings.Repeat("x", 300) + ".pdf": strings.Repeat("x", 146) + ".pdf",
	} {
		if got := mime.SafeName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(letter))
	f.Fuzz(func(t *testing.T, raw []byte) {
		root, _ := mime.Read(raw)
		if p := root.Find("1"); p != root {
			t.Errorf("got %+v, want the letter itself", p)
		}
	})
}
