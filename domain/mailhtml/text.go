package mailhtml

import (
	"strings"

	nethtml "golang.org/x/net/html"
)

// Text is what a person reads in a letter, as plain text. What the letter hides is not in it: such words are written
// for machines, and the assistant and the search read this text.
func Text(source string) string {
	root := parseBody(source)
	if root == nil {
		return stripTags(source)
	}
	return tidyLines(Plain(root))
}

// Plain is the text of one element, not tidied up.
func Plain(n *nethtml.Node) string {
	var w writer
	w.writeNode(n)
	return w.out.String()
}

// writer writes the text of a tree.
type writer struct {
	out        strings.Builder
	stop       *nethtml.Node // writes nothing from here on; nil = to the end
	from       *nethtml.Node // writes nothing before this element; nil = from the beginning
	include    bool          // with from: that element itself is written
	skipQuotes bool          // leaves out quotes and the lines that announce them
	started    bool
	stopped    bool
	pre        int // how many elements around keep their line breaks
	nodes      int // how many are still looked at; 0 = all
	bytes      int // after how many nothing more is looked at; 0 = none
}

// blocks are elements that begin a line of their own.
var blocks = map[string]bool{
	"address":    true,
	"article":    true,
	"aside":      true,
	"blockquote": true,
	"center":     true,
	"dd":         true,
	"div":        true,
	"dl":         true,
	"dt":         true,
	"fieldset":   true,
	"figure":     true,
	"footer":     true,
	"form":       true,
	"h1":         true,
	"h2":         true,
	"h3":         true,
	"h4":         true,
	"h5":         true,
	"h6":         true,
	"header":     true,
	"hr":         true,
	"li":         true,
	"main":       true,
	"ol":         true,
	"p":          true,
	"pre":        true,
	"section":    true,
	"table":      true,
	"tr":         true,
	"ul":         true,
}

// spaced are blocks with an empty line around them.
var spaced = map[string]bool{
	"p":          true,
	"h1":         true,
	"h2":         true,
	"h3":         true,
	"h4":         true,
	"h5":         true,
	"h6":         true,
	"blockquote": true,
	"ul":         true,
	"ol":         true,
	"pre":        true,
}

func (w *writer) writeNode(n *nethtml.Node) {
	if w.stopped || n == w.stop {
		w.stopped = true
		return
	}
	if w.nodes--; w.nodes == 0 || w.bytes > 0 && w.out.Len() > w.bytes {
		w.stopped = true
		return
	}
	if n == w.from && !w.started {
		w.started = true
		if w.skipQuotes && n.Data == "blockquote" {
			return
		}
	}
	switch n.Type {
	case nethtml.TextNode:
		w.writeText(n.Data)
	case nethtml.ElementNode:
		w.writeElement(n)
	default:
		w.writeChildren(n)
	}
}

func (w *writer) isSilent() bool { return w.from != nil && !w.started }

func (w *writer) writeText(s string) {
	if w.isSilent() {
		return
	}
	if w.pre > 0 {
		w.out.WriteString(s)
		return
	}
	words := strings.Join(strings.FieldsFunc(s, isFoldedSpace), " ")
	if words == "" {
		if s != "" {
			w.writeSpace()
		}
		return
	}
	if isFoldedSpace(rune(s[0])) {
		w.writeSpace()
	}
	w.out.WriteString(words)
	if isFoldedSpace(rune(s[len(s)-1])) {
		w.writeSpace()
	}
}

// isFoldedSpace tells white space that HTML folds; a no-break space is a character.
func isFoldedSpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// writeSpace writes one space unless one is there.
func (w *writer) writeSpace() {
	if s := w.out.String(); s != "" && !strings.HasSuffix(s, " ") && !strings.HasSuffix(s, "\n") {
		w.out.WriteByte(' ')
	}
}

func (w *writer) breakLine() {
	if s := w.out.String(); !w.isSilent() && s != "" && !strings.HasSuffix(s, "\n") {
		w.out.WriteByte('\n')
	}
}

func (w *writer) writeElement(n *nethtml.Node) {
	if n.Namespace != "" || dropped[n.Data] || isHidden(n) || isUnreadable(n) {
		return
	}
	if w.skipQuotes && w.started && (n.Data == "blockquote" || isAnnouncement(n)) {
		return
	}
	switch n.Data {
	case "br":
		if !w.isSilent() {
			w.out.WriteByte('\n')
		}
		return
	case "img":
		w.writeText(attributeOf(n, "alt"))
		return
	case "li":
		w.breakLine()
		w.writeText("- ")
	case "td", "th":
		w.writeSpace()
	}
	block := blocks[n.Data]
	if block {
		w.writeGap(n)
	}
	if n.Data == "pre" {
		w.pre++
		defer func() { w.pre-- }()
	}
	w.writeChildren(n)
	if block {
		w.writeGap(n)
	}
}

// isAnnouncement tells the line above a quote.
func isAnnouncement(n *nethtml.Node) bool {
	class := attributeOf(n, "class")
	return strings.Contains(class, "gmail_attr") || strings.Contains(class, "signature") ||
		strings.Contains(class, "moz-cite-prefix") ||
		attribution().MatchString(ownLine(n))
}

func (w *writer) writeGap(n *nethtml.Node) {
	if n.Data == "li" {
		return
	}
	w.breakLine()
	if spaced[n.Data] && !w.isSilent() && w.out.Len() > 0 {
		w.out.WriteByte('\n')
	}
}

func (w *writer) writeChildren(n *nethtml.Node) {
	for c := n.FirstChild; c != nil && !w.stopped; c = c.NextSibling {
		w.writeNode(c)
	}
}

// tidyLines takes out spaces at the ends of lines and more than one empty line in a row.
func tidyLines(s string) string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, " \t\r\u00a0")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
