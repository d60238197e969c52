package views

import (
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Segment is a piece of a customer's text: plain when Href is empty, otherwise a link.
type Segment struct {
	Text string
	Href template.URL // http, https, mailto or tel; made by Linkify only
}

// linkable finds what may be an address: a web address, a mail address, or a telephone number with its country.
var linkable = regexp.MustCompile(
	`(?i)\b(?:https?://|www\.)[^\s<>"“”«»]+|[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+|\+[0-9][0-9 ().\x{a0}\x{202f}-]{6,20}[0-9]`,
)

// Linkify cuts a text into plain pieces and links. The pieces joined give the text back, so nothing a customer wrote is
// ever lost or changed; a web address that hides its true host behind a user name stays plain text.
func Linkify(text string) []Segment {
	if !mayLink(text) {
		return appendPlain(nil, text)
	}
	var out []Segment
	for text != "" {
		at := linkable.FindStringIndex(text)
		if at == nil {
			break
		}
		found := trimAddress(text[at[0]:at[1]])
		href := linkAddress(found)
		if href == "" || isGlued(text[:at[0]]) {
			out, text = appendPlain(out, text[:at[1]]), text[at[1]:]
			continue
		}
		end := at[0] + len(found)
		out = append(appendPlain(out, text[:at[0]]), Segment{Text: found, Href: href})
		text = text[end:]
	}
	return appendPlain(out, text)
}

// mayLink reports whether a text has what every find of linkable has: most texts have not, and need no search.
func mayLink(text string) bool {
	if strings.ContainsAny(text, ":@+") {
		return true
	}
	for from := 0; ; {
		dot := strings.IndexByte(text[from:], '.')
		if dot < 0 {
			return false
		}
		if from += dot; from >= 3 && strings.EqualFold(text[from-3:from], "www") {
			return true
		}
		from++
	}
}

func appendPlain(out []Segment, text string) []Segment {
	if text == "" {
		return out
	}
	if n := len(out); n > 0 && out[n-1].Href == "" {
		out[n-1].Text += text
		return out
	}
	return append(out, Segment{Text: text})
}

// isGlued reports whether the text before a find continues into it: "a+420 …" is not a telephone number.
func isGlued(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// trimAddress drops the punctuation that belongs to the sentence, and a closing bracket that the address did not open.
func trimAddress(s string) string {
	for s != "" {
		last, size := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?'’*_…", last):
		case last == ')' && strings.Count(s, "(") < strings.Count(s, ")"):
		case last == ']' && strings.Count(s, "[") < strings.Count(s, "]"):
		default:
			return s
		}
		s = s[:len(s)-size]
	}
	return s
}

// linkAddress is where the text leads, "" when it is better left plain. Only four schemes can come out of it.
func linkAddress(s string) template.URL {
	lower := strings.ToLower(s)
	switch {
	case strings.HasPrefix(lower, "www."):
		return linkWeb("https://" + s)
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		return linkWeb(s)
	case strings.HasPrefix(s, "+"):
		return linkTelephone(s)
	}
	return template.URL("mailto:" + (&url.URL{Path: s}).EscapedPath())
}

func linkWeb(s string) template.URL {
	u, err := url.Parse(s)
	if err != nil || u.User != nil || !strings.Contains(u.Hostname(), ".") && u.Hostname() != "localhost" {
		return ""
	}
	return template.URL(u.String())
}

func linkTelephone(s string) template.URL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if len(digits) < 8 || len(digits) > 15 { // E.164 knows no longer numbers; shorter ones are prices and codes
		return ""
	}
	return template.URL("tel:+" + digits)
}

// OnlyEmoji reports whether a text is one to three signs and no words, which a bubble shows large.
func OnlyEmoji(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 60 {
		return false
	}
	signs := 0
	joined := false
	for _, r := range text {
		switch {
		case r == '\u200d':
			joined = true
		case r == ' ', r == '\ufe0f' || r == '\u20e3' || r >= 0x1f3fb && r <= 0x1f3ff || r >= 0xe0020 && r <= 0xe007f:
		case !unicode.Is(unicode.So, r) && !isFlagPart(r):
			return false
		default:
			if !joined {
				signs++
			}
			joined = false
		}
	}
	return signs > 0 && signs <= 6 && signs-countFlagParts(text)/2 <= 3
}

func isFlagPart(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func countFlagParts(s string) int {
	n := 0
	for _, r := range s {
		if isFlagPart(r) {
			n++
		}
	}
	return n
}
