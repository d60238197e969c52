package web

import (
	"strings"
	"testing"

	"pult/domain"
)

// What can hold a script is never shown in place, whatever it calls itself.
func TestFile_NeverInline(t *testing.T) {
	for _, mime := range []string{"image/svg+xml", "text/html", "application/xhtml+xml", "text/xml", "application/xml", "application/pdf", "text/plain", "", "application/octet-stream", "IMAGE/PNG", "image/png; x"} {
		if got := Disposition(domain.File{Name: "a", MIME: mime}, false); !strings.HasPrefix(got, "attachment") {
			t.Errorf("%q: got %q", mime, got)
		}
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"a.png":                           "a.png",
		`C:\x\b.txt`:                      "b.txt",
		"/etc/passwd":                     "passwd",
		"..":                              "file",
		".htaccess":                       "htaccess",
		"":                                "file",
		"a\r\nSet-Cookie: x.txt":          "aSet-Cookie x.txt",
		"a\u202egnp.exe":                  "agnp.exe",
		"\xff\xfe":                        "file",
		`a"b.txt`:                         "ab.txt",
		"příloha č. 1.pdf":                "příloha č. 1.pdf",
		strings.Repeat("x", 300) + ".pdf": strings.Repeat("x", 76) + ".pdf",
	} {
		if got := cleanFileName(name); got != want {
			t.Errorf("cleanFileName(%q) = %q, want %q", name, got, want)
		}
	}
}
