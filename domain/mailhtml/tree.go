package mailhtml

import (
	"net/url"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kept are the elements that are carried over, with the attributes that may come along. All others lose their tags and
// keep their contents, except those in dropped.
var kept = map[string][]string{
	"a":          {"href"},
	"abbr":       nil,
	"address":    nil,
	"article":    nil,
	"b":          nil,
	"bdi":        nil,
	"bdo":        {"dir"},
	"big":        nil,
	"blockquote": nil,
	"br":         nil,
	"caption":    {"align"},
	"center":     nil,
	"cite":       nil,
	"code":       nil,
	"col":        {"span", "width"},
	"colgroup":   {"span", "width"},
	"dd":         nil,
	"del":        nil,
	"dfn":        nil,
	"div":        {"align"},
	"dl":         nil,
	"dt":         nil,
	"em":         nil,
	"figcaption": nil,
	"figure":     nil,
	"font":       {"color", "size", "face"},
	"footer":     nil,
	"h1":         {"align"},
	"h2":         {"align"},
	"h3":         {"align"},
	"h4":         {"align"},
	"h5":         {"align"},
	"h6":         {"align"},
	"header":     nil,
	"hr":         {"align", "width", "size", "color"},
	"i":          nil,
	"img":        {"alt", "width", "height", "align", "border", "title"},
	"ins":        nil,
	"kbd":        nil,
	"li":         {"type", "value"},
	"mark":       nil,
	"ol":         {"type", "start"},
	"p":          {"align"},
	"pre":        nil,
	"q":          nil,
	"s":          nil,
	"samp":       nil,
	"section":    nil,
	"small":      nil,
	"span":       nil,
	"strike":     nil,
	"strong":     nil,
	"sub":        nil,
	"sup":        nil,
	"table":      {"align", "bgcolor", "border", "cellpadding", "cellspacing", "width", "height"},
	"tbody":      {"align", "valign"},
	"td":         {"align", "bgcolor", "colspan", "rowspan", "valign", "width", "height", "nowrap"},
	"tfoot":      {"align", "valign"},
	"th":         {"align", "bgcolor", "colspan", "rowspan", "valign", "width", "height", "nowrap"},
	"thead":      {"align", "valign"},
	"tr":         {"align", "bgcolor", "valign", "height"},
	"tt":         nil,
	"u":          nil,
	"ul":         {"type"},
	"var":        nil,
	"wbr":        nil,
}

// dropped are the elements that go with everything in them: what they hold is no text for people.
var dropped = map[string]bool{
	"applet":    true,
	"area":      true,
	"audio":     true,
	"base":      true,
	"button":    true,
	"canvas":    true,
	"datalist":  true,
	"dialog":    true,
	"embed":     true,
	"frame":     true,
	"frameset":  true,
	"head":      true,
	"iframe":    true,
	"input":     true,
	"link":      true,
	"map":       true,
	"math":      true,
	"meta":      true,
	"noembed":   true,
	"noframes":  true,
	"noscript":  true,
	"object":    true,
	"option":    true,
	"param":     true,
	"plaintext": true,
	"portal":    true,
	"script":    true,
	"select":    true,
	"source":    true,
	"style":     true,
	"svg":       true,
	"template":  true,
	"textarea":  true,
	"title":     true,
	"track":     true,
	"video":     true,
	"xmp":       true,
}

// plainValue is what an attribute without an address may hold: numbers, colours, words.
var plainValue = newPattern(`^[\p{L}\p{N} #%.,*+\-]{0,80}$`)

// keeper carries a letter over.
type keeper struct {
	options Options
	fold    fold
	blocked int
}

// carryOver makes a new tree out of what may be kept; nothing of the old one is in it.
func (k *keeper) carryOver(root *nethtml.Node) *nethtml.Node {
	body := newElement("div")
	k.keepChildren(body, root)
	return body
}

func (k *keeper) keepChildren(into, from *nethtml.Node) {
	for n := from.FirstChild; n != nil; n = n.NextSibling {
		switch n.Type {
		case nethtml.TextNode:
			into.AppendChild(newText(n.Data))
		case nethtml.ElementNode:
			k.keepElement(into, n)
		}
	}
}

func (k *keeper) keepElement(into, n *nethtml.Node) {
	attributes, known := kept[n.Data]
	switch {
	case n.Namespace != "" || dropped[n.Data] || isHidden(n):
		return
	case n == k.fold.at:
		k.keepFolded(into, n)
		return
	case n.Data == "img":
		k.keepImage(into, n)
		return
	case !known:
		k.keepChildren(into, n)
		return
	}
	out := newElement(n.Data)
	copyAttributes(out, n, attributes)
	into.AppendChild(out)
	k.keepChildren(out, n)
}

// copyAttributes takes the listed attributes, the direction of writing, the harmless part of the style, and addresses
// of links.
func copyAttributes(out, n *nethtml.Node, names []string) {
	for _, name := range append([]string{"dir", "lang"}, names...) {
		value := strings.TrimSpace(attributeOf(n, name))
		if name == "href" {
			setLink(out, value)
			continue
		}
		if value != "" && (plainValue().MatchString(value) || name == "alt" || name == "title") {
			setAttribute(out, name, value)
		}
	}
	if style := safeStyle(attributeOf(n, "style")); style != "" {
		setAttribute(out, "style", style)
	}
}

// setLink makes a link of an address that leads where it says. The address is shown when the mouse rests on it, because
// the words of a link may lie.
func setLink(out *nethtml.Node, address string) {
	u, err := url.Parse(dropSpaces(address))
	if err != nil {
		return
	}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme == "http" || scheme == "https":
		if u.Host == "" {
			return
		}
		setAttribute(out, "title", u.String())
	case scheme != "mailto" && scheme != "tel":
		return
	}
	setAttribute(out, "href", u.String())
}

// dropSpaces takes out white space and control characters, which browsers ignore inside of a scheme.
func dropSpaces(address string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, address)
}

// keepImage shows a picture, or the words that stand for it.
func (k *keeper) keepImage(into, n *nethtml.Node) {
	address, ok := k.pictureAddress(imageAddress(attributeOf(n, "src")))
	if !ok {
		if alt := strings.TrimSpace(attributeOf(n, "alt")); alt != "" {
			into.AppendChild(newText(alt))
		}
		return
	}
	out := newElement("img")
	setAttribute(out, "src", address)
	copyAttributes(out, n, kept["img"])
	into.AppendChild(out)
}

func (k *keeper) pictureAddress(src source) (address string, ok bool) {
	if k.options.CID != nil && (src.kind == fromLetter || src.kind == fromElsewhere) {
		if address, ok := k.options.CID(src.text); ok {
			return address, true
		}
	}
	switch {
	case src.kind == embedded:
		return src.text, true
	case src.kind != fromElsewhere:
		return "", false
	case !k.options.Pictures:
		k.blocked++
		return "", false
	case k.options.Remote != nil:
		return k.options.Remote(src.text), true
	}
	return src.text, true
}

// source is where a picture comes from.
type source struct {
	kind sourceKind
	text string // the Content-ID, or the whole address
}

type sourceKind int

const (
	nowhere       sourceKind = iota // nothing that can be shown
	fromLetter                      // it came with the letter
	fromElsewhere                   // it would be loaded
	embedded                        // its bytes stand in the address
)

// pictureData are pictures whose bytes stand in the address. Only formats that cannot hold script are shown.
var pictureData = newPattern(`^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$`)

// imageAddress reads the address of a picture as lenient as browsers do.
func imageAddress(src string) source {
	src = dropSpaces(src)
	lower := strings.ToLower(src)
	switch {
	case src == "":
		return source{}
	case strings.HasPrefix(lower, "cid:"):
		id := src[len("cid:"):]
		if plain, err := url.PathUnescape(id); err == nil {
			id = plain
		}
		return source{fromLetter, strings.Trim(id, "<>")}
	case strings.HasPrefix(lower, "data:"):
		if pictureData().MatchString(src) {
			return source{embedded, src}
		}
		return source{}
	case strings.HasPrefix(src, "//"):
		src = "https:" + src
	}
	u, err := url.Parse(src)
	if err != nil || u.User != nil {
		return source{}
	}
	switch {
	case u.Scheme == "" && u.Host == "":
		return source{fromLetter, src}
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return source{fromElsewhere, u.String()}
	}
	return source{}
}

func newElement(name string) *nethtml.Node {
	return &nethtml.Node{Type: nethtml.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
}

func newText(s string) *nethtml.Node { return &nethtml.Node{Type: nethtml.TextNode, Data: s} }

func setAttribute(n *nethtml.Node, name, value string) {
	n.Attr = append(n.Attr, nethtml.Attribute{Key: name, Val: value})
}

// attributeOf is the value of the first attribute of that name, as browsers take it.
func attributeOf(n *nethtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}
