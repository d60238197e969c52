package mime

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// DecodeText makes valid UTF-8 without control characters of bytes in the declared charset, whatever is wrong with the
// declaration.
func DecodeText(b []byte, declared string) string { return CleanText(toUTF8(b, declared)) }

func toUTF8(b []byte, declared string) string {
	declared = strings.ToLower(strings.Trim(strings.TrimSpace(declared), `"'`))
	if declared == "" || declared == "us-ascii" || declared == "ascii" || strings.HasPrefix(declared, "unknown") ||
		declared == "utf-8" ||
		declared == "utf8" {
		if utf8.Valid(b) {
			return string(b)
		}
		return guessCharset(b)
	}
	e := encodingOf(declared)
	if e == nil {
		if utf8.Valid(b) {
			return string(b)
		}
		return guessCharset(b)
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return guessCharset(b)
	}
	return string(out)
}

// encodingOf knows the names of the web, which reads iso-8859-1 as windows-1252 like all mail programs, and those of
// the registry.
func encodingOf(name string) encoding.Encoding {
	if strings.HasPrefix(name, "gb") {
		return simplifiedchinese.GB18030
	}
	if e, err := htmlindex.Get(name); err == nil && e != encoding.Replacement {
		return e
	}
	if e, err := ianaindex.MIME.Encoding(name); err == nil {
		return e
	}
	return nil
}

// Letters that tell the two charsets of our customers' old programs apart; both hold é, á and many others at the same
// place.
const (
	czechLetters  = "ěščřžůťďňĚŠČŘŽŮŤĎŇľĺŕ"
	frenchLetters = "èêëàâçîïôùûœæÈÊËÀÂÇÎÏÔÙÛŒ«»"
)

// guessCharset reads 8-bit text that does not say what it is: the charset in which it looks more like one of our
// languages.
func guessCharset(b []byte) string {
	czech, err1 := charmap.Windows1250.NewDecoder().Bytes(b)
	french, err2 := charmap.Windows1252.NewDecoder().Bytes(b)
	if err1 != nil || err2 != nil {
		return string(b)
	}
	count := func(text []byte, letters string) (n int) {
		for _, r := range string(text[:min(len(text), 64<<10)]) {
			if r > 0x7f && strings.ContainsRune(letters, r) {
				n++
			}
		}
		return n
	}
	if count(czech, czechLetters) > count(french, frenchLetters) {
		return string(czech)
	}
	return string(french)
}

// DecodeHTML reads a body of HTML, which may name its charset itself.
func DecodeHTML(b []byte, declared string) string {
	if declared == "" && !utf8.Valid(b) {
		if _, name, certain := charset.DetermineEncoding(b, "text/html"); certain {
			declared = name
		}
	}
	return DecodeText(b, declared)
}

// CleanText takes out what no text should hold: NUL and other control characters, and broken UTF-8.
func CleanText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return r
		}
		if r == utf8.RuneError || r == '\ufeff' || unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// encodedWord is a piece of a head in another charset.
var encodedWord = regexp.MustCompile(`=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=`)

// DecodeWords reads a value of a head. Characters may be torn apart between two words, so neighbours are joined as
// bytes first; the space between neighbours does not count. Bytes that are not ASCII are read as they are meant, though
// nobody may write them.
func DecodeWords(s string) string {
	var out strings.Builder
	var run []byte
	charset := ""
	flush := func() {
		if len(run) > 0 {
			out.WriteString(DecodeText(run, charset))
		}
		run = nil
	}
	end := 0
	for _, m := range encodedWord.FindAllStringSubmatchIndex(s, -1) {
		between := s[end:m[0]]
		name, _, _ := strings.Cut(s[m[2]:m[3]], "*")
		if name = strings.ToLower(name); strings.TrimSpace(between) != "" || end == 0 || name != charset {
			flush()
			if strings.TrimSpace(between) != "" || end == 0 {
				out.WriteString(DecodeText([]byte(between), ""))
			}
		}
		charset = name
		run = append(run, wordBytes(s[m[4]:m[5]], s[m[6]:m[7]])...)
		end = m[1]
	}
	flush()
	out.WriteString(DecodeText([]byte(s[end:]), ""))
	return OneLine(out.String())
}

func wordBytes(kind, text string) []byte {
	if kind == "b" || kind == "B" {
		return decodeBase64([]byte(text))
	}
	return appendQuoted(nil, bytes.ReplaceAll([]byte(text), []byte("_"), []byte(" ")))
}

// OneLine makes a value safe to be put anywhere: no line breaks, no characters that turn the text around.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}
