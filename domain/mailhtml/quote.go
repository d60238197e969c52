package mailhtml

import (
	"strings"

	nethtml "golang.org/x/net/html"
)

// What programs put around the letter they answer. Programs are told by the marks they leave; each mark is a fact about
// one.

// isQuoteStart reports whether the quoted letter begins at an element.
func isQuoteStart(n *nethtml.Node) bool {
	if n.Type != nethtml.ElementNode {
		return false
	}
	id, class := attributeOf(n, "id"), " "+attributeOf(n, "class")+" "
	switch {
	case strings.Contains(class, " gmail_quote ") || strings.Contains(class, " gmail_quote_container "):
		return !passedOn().MatchString(textStart(n))
	case strings.Contains(class, " gmail_extra ") && hasClass(n, "gmail_quote"),
		strings.Contains(class, " moz-cite-prefix "),
		strings.Contains(class, " yahoo_quoted "),
		strings.Contains(class, " protonmail_quote "),
		strings.HasSuffix(id, "divRplyFwdMsg"), strings.HasSuffix(id, "appendonsend"),
		n.Data == "hr" && id == "zwchr",
		n.Data == "blockquote" && !strings.Contains(strings.ToLower(attributeOf(n, "style")), "margin:0 0 0 40px"):
		return true
	case n.Data == "div" && outlookLine(n), n.Data == "aside" && strings.Contains(class, "quote"):
		return true
	case n.Data == "hr":
		return headerBlock(textAfter(n))
	}
	return original().MatchString(textStart(n)) || attribution().MatchString(ownLine(n)) && quoteFollows(n)
}

// outlookLine tells the line Outlook for the desktop draws above the letter it answers.
func outlookLine(n *nethtml.Node) bool {
	for _, d := range parseStyle(attributeOf(n, "style")) {
		if d[0] == "border-top" && strings.HasPrefix(d[1], "solid #") {
			return headerBlock(textStart(n))
		}
	}
	return false
}

// headerLine is one of the lines that repeat the head of the quoted letter.
var headerLine = newPattern(
	`(?im)^[*\s]*(from|sent|date|to|cc|subject|od|odesláno|datum|komu|kopie|předmět|de|envoyé|envoyé le|date d'envoi|à|cc|objet|von|gesendet|an|betreff)[ \x{00a0}\x{202f}]*[*]?:`,
)

// headerBlock reports whether a text begins with the head of a letter.
func headerBlock(s string) bool {
	if len(s) > 800 {
		s = s[:800]
	}
	return len(headerLine().FindAllString(s, 3)) >= 3
}

// attribution is the line that says who wrote what follows, in the languages of customers.
var attribution = newPattern(
	`(?is)^[^\pL]{0,3}(on\s.{4,200}\swrote\s*:|dne\s.{4,200}\snapsal(\(a\)|a)?\s*:|.{0,200}\snapsal(\(a\)|a)?\s*:|le\s.{4,200}\sa\s+écrit\s*:|am\s.{4,200}\sschrieb.{0,120}:|[^\n]{0,200}<[^<>\s]+@[^<>\s]+>,? [^\n]{0,40}\d{1,2}[:.]\d{2}:)$`,
)

// original is the line between dashes above a whole letter, with its head under it.
var original = newPattern(
	`(?i)^-{3,}\s?(original message|původní zpráva|původní e-mail|message d['’]origine|message original|ursprüngliche nachricht)\s?-{3,}`,
)

// passedOn is the line above a letter that was forwarded: it belongs to what the author says.
var passedOn = newPattern(
	`(?i)^-{3,}\s?(forwarded message|přeposlaná zpráva|message transféré|forwarded by|weitergeleitete nachricht)`,
)

// Attribution reports whether a line of text says who wrote what follows.
func Attribution(line string) bool { return attribution().MatchString(strings.TrimSpace(line)) }

// ownLine is the text of an element that holds one line; "" for bigger ones, so that no letter is cut at its whole
// body.
func ownLine(n *nethtml.Node) string {
	switch n.Data {
	case "p", "div", "span", "cite", "b", "font":
	default:
		return ""
	}
	s := textStart(n)
	if len(s) > 400 || strings.Count(s, "\n") > 2 {
		return ""
	}
	return s
}

// How far is looked for the signs of a quote. A letter made to waste time would have thousands of them.
const (
	nearby       = 12  // elements
	glimpseNodes = 120 // elements and pieces of text
	glimpseBytes = 800
)

// textStart is the beginning of an element's text.
func textStart(n *nethtml.Node) string {
	w := writer{nodes: glimpseNodes, bytes: glimpseBytes}
	w.writeNode(n)
	return strings.TrimSpace(w.out.String())
}

// quoteFollows reports whether something that looks like a quote comes next.
func quoteFollows(n *nethtml.Node) bool {
	for levels := 0; n != nil && n.Data != "body" && levels < nearby; n, levels = n.Parent, levels+1 {
		steps := 0
		for s := n.NextSibling; s != nil && steps < nearby; s = s.NextSibling {
			steps++
			if s.Type == nethtml.ElementNode &&
				(s.Data == "blockquote" || s.Data == "aside" || s.FirstChild != nil && s.FirstChild.Data == "blockquote") {
				return true
			}
			if next := textStart(s); next != "" {
				return headerBlock(next)
			}
		}
	}
	return false
}

// hasClass reports whether a class is near the beginning of an element.
func hasClass(n *nethtml.Node, class string) bool {
	left := glimpseNodes
	for d := range n.Descendants() {
		if left--; left < 0 {
			return false
		}
		if strings.Contains(" "+attributeOf(d, "class")+" ", " "+class+" ") {
			return true
		}
	}
	return false
}

func hasElement(n *nethtml.Node, name string) bool {
	for d := range n.Descendants() {
		if d.Type == nethtml.ElementNode && d.Data == name {
			return true
		}
	}
	return false
}

// textAfter is the text that comes after an element, up to what a head needs.
func textAfter(n *nethtml.Node) string {
	var out strings.Builder
	steps := 0
	for s := n.NextSibling; s != nil && out.Len() < 800 && steps < nearby; s = s.NextSibling {
		steps++
		out.WriteString(textStart(s) + "\n")
	}
	return strings.TrimSpace(out.String())
}

// findQuote is the element at which the quoted letter begins, in the order of reading; nil when nothing is quoted.
func findQuote(root *nethtml.Node) *nethtml.Node {
	for n := range root.Descendants() {
		if isQuoteStart(n) {
			return n
		}
	}
	return nil
}

// Split tells what the author of a letter wrote from what they quoted, both as text. Where the answer stands between
// the quoted lines, or nothing is left without the quote, everything is the author's.
func Split(source string) (own, quoted string) {
	root := parseBody(source)
	if root == nil {
		return stripTags(source), ""
	}
	start := findQuote(root)
	if start == nil {
		return tidyLines(Plain(root)), ""
	}
	before, inside, below := splitAround(root, start)
	switch {
	case strings.TrimSpace(before) == "" && strings.TrimSpace(below) == "":
		return tidyLines(Plain(root)), ""
	case strings.TrimSpace(before) == "":
		return tidyLines(below), tidyLines(inside)
	case strings.TrimSpace(below) != "":
		return tidyLines(Plain(root)), ""
	}
	return tidyLines(before), tidyLines(inside)
}

// splitAround is the text before the quote, in it, and what the author wrote below it. Marks that announce a quote
// without enclosing it are followed by nothing but the quoted letter.
func splitAround(root, start *nethtml.Node) (before, inside, below string) {
	w := writer{stop: start}
	w.writeNode(root)
	before = w.out.String()
	if isEnclosing(start) {
		answers := writer{from: start, skipQuotes: true}
		answers.writeNode(root)
		below = answers.out.String()
	}
	rest := writer{from: start, include: true}
	rest.writeNode(root)
	return before, rest.out.String(), below
}

// isEnclosing reports whether the quoted letter stands in a blockquote, so that what stands outside of it was written
// by the author.
func isEnclosing(start *nethtml.Node) bool {
	if start.Data == "blockquote" || hasElement(start, "blockquote") {
		return true
	}
	for s := start.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == nethtml.ElementNode && s.Data == "blockquote" {
			return true
		}
	}
	return false
}

// fold is the place in a letter from which on it is folded away.
type fold struct {
	at      *nethtml.Node // an empty mark among the elements; nil = nothing is folded
	caption string
}

// foldQuote puts the quoted letter under a mark of its own. Answers between quoted lines stay as they are.
func foldQuote(root *nethtml.Node, caption string) fold {
	start := findQuote(root)
	if start == nil || start.Parent == nil {
		return fold{}
	}
	before, _, below := splitAround(root, start)
	if strings.TrimSpace(before) == "" || strings.TrimSpace(below) != "" {
		return fold{}
	}
	mark := newElement("div")
	start.Parent.InsertBefore(mark, start)
	for n := start; n != nil; {
		next := n.NextSibling
		n.Parent.RemoveChild(n)
		mark.AppendChild(n)
		n = next
	}
	return fold{at: mark, caption: caption}
}

func (k *keeper) keepFolded(into, n *nethtml.Node) {
	details, summary := newElement("details"), newElement("summary")
	summary.AppendChild(newText(k.fold.caption))
	details.AppendChild(summary)
	into.AppendChild(details)
	k.keepChildren(details, n)
}
