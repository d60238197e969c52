package files_test

import (
	"io"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/desk/files"
)

const (
	pngHead  = "\x89PNG\r\n\x1a\n"
	zipHead  = "PK\x03\x04"
	mp4Head  = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
	oggHead  = "OggS\x00\x02"
	pdfHead  = "%PDF-1.7"
	docxMIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

func TestDetectType_ByContentAndNeverByWhatMisleads(t *testing.T) {
	const nobody = "application/octet-stream"
	for name, c := range map[string]struct{ head, declared, want string }{
		"a picture":                        {pngHead, "image/png", "image/png"},
		"a picture that calls itself text": {pngHead, "text/plain", "image/png"},
		"a page that calls itself picture": {"<!doctype html><script>alert(1)</script>", "image/png", "text/html"},
		"a page":                           {"<html><body>", "text/html", "text/html"},
		"a drawing with script":            {"<svg xmlns='http://www.w3.org/2000/svg'><script>", "image/svg+xml", nobody},
		"a drawing in a picture's clothes": {"<svg onload=alert(1)>", "image/png", nobody},
		"binary that calls itself page":    {"\x00\x01\x02\x03", "text/html", nobody},
		"binary that calls itself drawing": {"\x00\x01\x02\x03", "image/svg+xml", nobody},
		"text":                             {"hello", "text/plain", "text/plain"},
		"a table":                          {"a,b\n1,2", "text/csv", "text/plain"},
		"text that calls itself page":      {"hello <b>", "text/html", "text/plain"},
		"json":                             {`{"a":1}`, "application/json", "text/plain"},
		"text that calls itself program":   {"#!/bin/sh", "application/x-sh", nobody},
		"text that calls itself picture":   {"hello", "image/jpeg", nobody},
		"a document":                       {zipHead, docxMIME, docxMIME},
		"an archive":                       {zipHead, "application/zip", "application/zip"},
		"an archive with a page's name":    {zipHead, "text/html", "application/zip"},
		"a film":                           {mp4Head, "video/mp4", "video/mp4"},
		"a film without a picture":         {mp4Head, "audio/mp4", "audio/mp4"},
		"a film that calls itself page":    {mp4Head, "text/html", "video/mp4"},
		"a voice":                          {oggHead, "audio/ogg", "audio/ogg"},
		"a voice that calls itself film":   {oggHead, "video/ogg", "audio/ogg"},
		"a paper":                          {pdfHead, "image/png", "application/pdf"},
		"what nobody can tell":             {"\x00\x01\x02\x03", "application/x-unheard-of", "application/x-unheard-of"},
		"nothing":                          {"", nobody, nobody},
	} {
		if got := files.DetectType([]byte(c.head), c.declared); got != c.want {
			t.Errorf("%s, declared %s: got %s, want %s", name, c.declared, got, c.want)
		}
	}
}

func TestBaseType_FirstWithoutParameters(t *testing.T) {
	for want, given := range map[string][]string{
		"text/html":                {" TEXT/HTML ; charset=utf-8"},
		"image/png":                {"", " ;q=1", "image/png", "text/plain"},
		"application/octet-stream": {"", ";"},
	} {
		if got := files.BaseType(given...); got != want {
			t.Errorf("%q: got %s, want %s", given, got, want)
		}
	}
}

func TestCleanName_TakesOutWhatMisleads(t *testing.T) {
	for given, want := range map[string]string{
		"photo.png":                       "photo.png",
		"Objednávka č. 7.pdf":             "Objednávka č. 7.pdf",
		"../../etc/passwd":                "passwd",
		"/etc/passwd":                     "passwd",
		`C:\Users\eva\photo.png`:          "photo.png",
		`..\..\windows\system.ini`:        "system.ini",
		"folder/":                         "folder",
		"..":                              "",
		".":                               "",
		"/":                               "",
		"":                                "",
		"...":                             "",
		"   ":                             "",
		".htaccess":                       "htaccess",
		"page.html. . .":                  "page.html",
		"bill\u202egnp.exe":               "billgnp.exe",
		"a\u200bb\ufeff.png":              "ab.png",
		"\u2066x\u2069.txt":               "x.txt",
		"a\r\nSet-Cookie: x=1.txt":        "aSet-Cookie: x=1.txt",
		"nul\x00.txt":                     "nul.txt",
		"bad\xff\xfeutf8.txt":             "badutf8.txt",
		"\x7fdelete.txt":                  "delete.txt",
		strings.Repeat("é", 500):          strings.Repeat("é", 119) + "…",
		strings.Repeat("é", 500) + ".pdf": strings.Repeat("é", 115) + "….pdf",
		"a\u061cb\u2028c\u0085.txt":       "abc.txt",
		"\u202e\u200b":                    "",
		"a/\u202e":                        "",
		"quote\".txt":                     "quote\".txt",
		"\\\\server\\share\\bill.docx":    "bill.docx",
	} {
		if got := files.CleanName(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

func TestChooseName_AlwaysANameAndNeverAPath(t *testing.T) {
	for name, c := range map[string]struct {
		a    domain.Attachment
		mime string
		want string
	}{
		"its own":                    {domain.Attachment{Name: "a.png", MIME: "image/png"}, "image/png", "a.png"},
		"a path":                     {domain.Attachment{Name: "../a.png"}, "image/png", "a.png"},
		"only dots":                  {domain.Attachment{Name: ".."}, "image/png", "image.png"},
		"a picture":                  {domain.Attachment{MIME: "image/jpeg"}, "", "image.jpg"},
		"a picture nobody knows":     {domain.Attachment{MIME: "image/x-unheard-of"}, "", "image"},
		"a voice":                    {domain.Attachment{MIME: "audio/ogg; codecs=opus"}, "", "audio.ogg"},
		"a film":                     {domain.Attachment{}, "video/mp4", "video.mp4"},
		"a paper":                    {domain.Attachment{}, "application/pdf", "file.pdf"},
		"nothing":                    {domain.Attachment{}, "", "file"},
		"a type that is a path":      {domain.Attachment{MIME: "image/../../x"}, "", "image"},
		"the attachment's type wins": {domain.Attachment{MIME: "audio/mpeg"}, "image/png", "audio.mp3"},
	} {
		if got := files.ChooseName(&c.a, c.mime); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestPeekHead_GivesBackEverything(t *testing.T) {
	for _, size := range []int{0, 1, 511, 512, 513, 5000} {
		text := strings.Repeat("x", size)
		head, whole, err := files.PeekHead(strings.NewReader(text))
		if err != nil || len(head) != min(size, 512) {
			t.Fatalf("%d bytes: peeked at %d, %v", size, len(head), err)
		}
		if all, err := io.ReadAll(whole); err != nil || string(all) != text {
			t.Errorf("%d bytes: read %d, %v", size, len(all), err)
		}
	}
}
