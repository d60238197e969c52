package email

import (
	"html"
	"strings"

	"pult/domain/mailhtml"
	"pult/providers/email/mime"
)

// block is one piece of what a letter says: as text, as HTML, or the same in both.
type block struct{ text, html string }

// contents are what people see of a letter: its words in their order, and its files.
type contents struct {
	blocks []block
	files  []*mime.Part
}

// gatherContents sorts the parts of a letter.
func gatherContents(p *mime.Part) *contents {
	c := &contents{}
	c.addPart(p)
	return c
}

func (c *contents) addPart(p *mime.Part) {
	switch {
	case p.Media == "multipart/alternative":
		c.addAlternative(p)
	case strings.HasPrefix(p.Media, "multipart/"):
		for _, child := range p.Children {
			c.addPart(child)
		}
	case c.isReadable(p):
		c.blocks = append(c.blocks, readBlock(p))
	case len(p.Body) > 0 || p.Filename() != "":
		c.files = append(c.files, p)
	}
}

// isReadable reports whether a part is text to be read and not a file that happens to be one.
func (c *contents) isReadable(p *mime.Part) bool {
	if p.Media != "text/plain" && p.Media != "text/html" {
		return false
	}
	disposition := p.Disposition()
	return disposition != "attachment" && (p.Filename() == "" || disposition == "inline" && len(c.blocks) == 0)
}

// addAlternative takes the same words once: as HTML and as text where both are there.
func (c *contents) addAlternative(p *mime.Part) {
	var same block
	for _, child := range p.Children {
		inner := gatherContents(child)
		for _, b := range inner.blocks {
			if b.html != "" {
				same.html += b.html
			} else if same.text == "" {
				same.text = b.text
			}
		}
		c.files = append(c.files, inner.files...)
	}
	if same != (block{}) {
		c.blocks = append(c.blocks, same)
	}
}

func readBlock(p *mime.Part) block {
	if p.Media == "text/html" {
		return block{html: mime.DecodeHTML(p.Content(), p.Params["charset"])}
	}
	text := strings.ReplaceAll(mime.DecodeText(p.Content(), p.Params["charset"]), "\r\n", "\n")
	if strings.EqualFold(p.Params["format"], "flowed") {
		text = joinFlowed(text, strings.EqualFold(p.Params["delsp"], "yes"))
	}
	return block{text: text}
}

// joinHTML is the whole letter as HTML, as it came; "" when no part of it is HTML.
func (c *contents) joinHTML() string {
	var out []string
	found := false
	for _, b := range c.blocks {
		if b.html != "" {
			found = true
			out = append(out, b.html)
			continue
		}
		out = append(out, `<div style="white-space: pre-wrap">`+html.EscapeString(b.text)+"</div>")
	}
	if !found {
		return ""
	}
	return strings.Join(out, "\n")
}

// joinText is the whole letter as text.
func (c *contents) joinText() string {
	var out []string
	for _, b := range c.blocks {
		text := b.text
		if strings.TrimSpace(text) == "" && b.html != "" {
			text = mailhtml.Text(b.html)
		}
		if strings.TrimSpace(text) != "" {
			out = append(out, strings.TrimRight(strings.TrimLeft(text, "\n"), "\n\t "))
		}
	}
	return strings.Join(out, "\n\n")
}

// joinFlowed joins lines that were only broken for the screen. A line that ends in a space goes on in the next of the
// same depth of quoting; the line before a signature ends in a space and does not.
func joinFlowed(text string, dropSpace bool) string {
	var out []string
	flowing, depth := false, 0
	for line := range strings.SplitSeq(text, "\n") {
		d := len(line) - len(strings.TrimLeft(line, ">"))
		content := strings.TrimPrefix(line[d:], " ")
		goesOn := strings.HasSuffix(content, " ") && content != "-- "
		if goesOn && dropSpace {
			content = strings.TrimSuffix(content, " ")
		}
		if flowing && d == depth && content != "-- " {
			out[len(out)-1] += content
		} else {
			prefix := strings.Repeat(">", d)
			if d > 0 {
				prefix += " "
			}
			out = append(out, prefix+content)
		}
		flowing, depth = goesOn, d
	}
	return strings.Join(out, "\n")
}
