package arch_test

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Which vendor or which kind of channel it is, nobody above the drivers asks: they ask what the channel can do. These
// files name vendors or kinds all the same, as data and not to decide by.
var namesVendors = map[string]string{
	"domain/channel.go":       "says which kinds there are",
	"views/funcs.go":          "draws the mark of each kind",
	"internal/app/vendors.go": "is the one list of vendors",
	"internal/app/demo.go":    "simulates some of them",
}

var (
	vendorName = regexp.MustCompile(`(?i)twilio|engagelab|whatsapp|messenger`)
	kindName   = regexp.MustCompile(`^(WhatsApp|Messenger|SMS|Email|WebChat|Voice)$`) // of package domain
	kindAsked  = regexp.MustCompile(`(eq|ne) [^{}]*(Kind|Driver|Channel)[^{}]*"(whatsapp|messenger|sms|email|web|voice)"`)
	htmlNote   = regexp.MustCompile(`(?s){{/\*.*?\*/}}`)
	scriptNote = regexp.MustCompile(`(?m)^\s*(//|/?\*).*$|\s// .*$`)
)

// vendorNames lists what in a file names a vendor or a kind of channel; comments may.
func vendorNames(name, text string) (found []string) {
	switch filepath.Ext(name) {
	case ".go":
		return goVendorNames(text)
	case ".html":
		text = htmlNote.ReplaceAllString(text, "")
		found = kindAsked.FindAllString(text, -1)
	case ".js":
		text = scriptNote.ReplaceAllString(text, "")
	default:
		return nil
	}
	return append(found, vendorName.FindAllString(text, -1)...)
}

func goVendorNames(text string) (found []string) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), nil, 0)
	var before [2]string // the tokens before this one
	for {
		_, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			return found
		case tok == token.STRING && vendorName.MatchString(lit):
			found = append(found, lit)
		case tok == token.IDENT && before == [2]string{"domain", "."} && kindName.MatchString(lit):
			found = append(found, "domain."+lit)
		}
		if lit == "" || tok == token.PERIOD {
			lit = tok.String()
		}
		before = [2]string{before[1], lit}
	}
}

func TestArch_NobodyAboveTheDriversAsksWhichVendor(t *testing.T) {
	for _, folder := range []string{"domain", "handlers", "views", "static/js", "internal/app"} {
		err := fs.WalkDir(os.DirFS(houseRoot), folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || mayNameVendors(name) {
				return err
			}
			text, err := os.ReadFile(filepath.Join(houseRoot, name))
			for _, found := range vendorNames(name, string(text)) {
				t.Errorf("%s: %s: ask for a capability of the channel instead (carrier.Capabilities)", name, found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func mayNameVendors(name string) bool {
	for allowed := range namesVendors {
		if name == allowed || strings.HasSuffix(allowed, "/") && strings.HasPrefix(name, allowed) {
			return true
		}
	}
	return false
}

func TestArch_VendorNamesAreSeen(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"a.go", "package a\n// WhatsApp is fine here\nvar x = c.Driver == \"twilio-sms\"", 1},
		{"a.go", "package a\nvar x = c.Kind == domain.SMS", 1},
		{"a.go", "package a\nvar x = m.Kind == domain.KindVoice && a.Email != \"\"", 0},
		{"a.html", `{{/* WhatsApp */}}{{if eq .Kind "sms"}}x{{end}}`, 1},
		{"a.html", `{{if eq .Kind "text"}}<input type="email">{{end}}`, 0},
		{"a.js", "// as WhatsApp does\nif (kind === \"messenger\") return; // Twilio", 1},
		{"a.css", "whatsapp", 0},
	} {
		if got := vendorNames(c.name, c.text); len(got) != c.want {
			t.Errorf("%s %q: got %q, want %d", c.name, c.text, got, c.want)
		}
	}
}
