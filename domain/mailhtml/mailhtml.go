// Package mailhtml makes the HTML of strangers' letters fit to be looked at, and reads text out of it.
//
// Letters are the one place where markup that somebody else wrote reaches a page of ours. Three walls stand between:
// the letter is parsed into a tree and only a short list of elements and attributes is carried over (tree.go), what
// comes out passes a second, independent sanitiser (policy.go), and the page shows the result in a sandboxed frame with
// a policy of its own, which is the caller's part. Nothing of a letter that was not understood is ever copied through.
//
// All functions are pure, take any bytes and never fail: what cannot be parsed is shown as the text in it.
package mailhtml

import (
	"html"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
)

// maxInput bounds the HTML that is looked at, in bytes. Longer letters are cut: no person reads that far, and browsers
// stall.
const maxInput = 2 << 20

// Options say how a letter is shown.
type Options struct {
	// Pictures shows pictures from elsewhere. Loading them tells their owner that the letter was read.
	Pictures bool
	// CID gives the address of a picture that came with the letter, by its Content-ID without angle brackets (or,
	// rarely, by its Content-Location). Programs write ids in another case than they refer to them, so it should
	// compare without regard to case. nil = the letter brought no pictures.
	CID func(cid string) (address string, ok bool)
	// Remote gives the address through which a picture from elsewhere is loaded; nil = straight from there.
	Remote func(address string) string
	// Quoted is the caption of the fold that hides what the letter quotes; "" = nothing is folded.
	Quoted string
}

// Result is a letter that can be shown.
type Result struct {
	HTML    string // a fragment, safe to be the body of a document
	Blocked int    // pictures from elsewhere that were left out
}

// Render makes HTML that does nothing but show: no script, no style sheet, no form, no frame, nothing loaded from
// elsewhere unless Options say so. What the letter hides is left out, because without its style sheet it would show.
func Render(source string, o Options) Result {
	root := parseBody(source)
	if root == nil {
		return Result{HTML: policy().Sanitize("<pre>" + html.EscapeString(stripTags(source)) + "</pre>")}
	}
	k := keeper{options: o}
	if o.Quoted != "" {
		k.fold = foldQuote(root, o.Quoted)
	}
	body := k.carryOver(root)
	var out strings.Builder
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		// only an element that cannot be written, of which none is carried over
		if err := nethtml.Render(&out, n); err != nil {
			return Result{HTML: policy().Sanitize("<pre>" + html.EscapeString(stripTags(source)) + "</pre>")}
		}
	}
	return Result{HTML: policy().Sanitize(out.String()), Blocked: k.blocked}
}

// Images lists the pictures a letter shows: those that came with it, by what their address refers to (a Content-ID
// without "cid:" and brackets, or a Content-Location), and whether it asks for any from elsewhere.
func Images(source string) (own []string, elsewhere bool) {
	root := parseBody(source)
	if root == nil {
		return nil, false
	}
	for n := range root.Descendants() {
		if n.Type != nethtml.ElementNode || n.Data != "img" {
			continue
		}
		switch src := imageAddress(attributeOf(n, "src")); src.kind {
		case fromLetter:
			own = append(own, src.text)
		case fromElsewhere:
			own, elsewhere = append(own, src.text), true
		}
	}
	return own, elsewhere
}

// parseBody gives the body of a letter, or nil when it cannot be parsed (nested too deep, which only an attacker
// writes).
func parseBody(source string) *nethtml.Node {
	root, err := nethtml.Parse(strings.NewReader(limitFormatting(cleanSource(source))))
	if err != nil {
		return nil
	}
	return root
}

// cleanSource makes valid UTF-8 of bounded length without control characters. NUL would be read differently by every
// parser.
func cleanSource(s string) string {
	if len(s) > maxInput {
		s = s[:maxInput]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < ' ' && r != '\n' && r != '\t' && r != '\r', r == 0x7f, isBidiControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// isBidiControl tells characters that turn the text around them: they make "exe.pdf" out of "fdp.exe" and are not
// needed in HTML, which has attributes for that.
func isBidiControl(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// maxOpen is how many formatting elements may be open at once. Parsers reopen all of them in every new paragraph, so a
// few kilobytes of unclosed ones would grow into gigabytes.
const maxOpen = 24

var formatting = map[string]bool{
	"b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true, "s": true, "small": true,
	"strike": true, "strong": true, "tt": true, "u": true,
}

// limitFormatting leaves out formatting elements beyond maxOpen.
func limitFormatting(s string) string {
	var out strings.Builder
	open := 0
	for z := nethtml.NewTokenizer(strings.NewReader(s)); ; {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			return out.String()
		}
		raw := string(z.Raw())
		if kind == nethtml.StartTagToken || kind == nethtml.EndTagToken {
			name, _ := z.TagName()
			switch {
			case !formatting[string(name)]:
			case kind == nethtml.EndTagToken:
				open = max(0, open-1)
			case open >= maxOpen:
				continue
			default:
				open++
			}
		}
		out.WriteString(raw)
	}
}

// stripTags is the text between the tags, for what cannot be parsed.
func stripTags(source string) string {
	var out strings.Builder
	skip := 0
	for z := nethtml.NewTokenizer(strings.NewReader(cleanSource(source))); ; {
		switch kind := z.Next(); kind {
		case nethtml.ErrorToken:
			return strings.TrimSpace(out.String())
		case nethtml.TextToken:
			if skip == 0 {
				out.Write(z.Text())
			}
		case nethtml.StartTagToken, nethtml.EndTagToken:
			name, _ := z.TagName()
			if string(name) != "script" && string(name) != "style" {
				continue
			}
			if skip = 0; kind == nethtml.StartTagToken {
				skip = 1
			}
		}
	}
}
