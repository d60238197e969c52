package views

import (
	"bytes"
	"html/template"
	"io"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

// HelpPage is a page of help, written in Markdown.
type HelpPage struct {
	Shell
	Markdown []byte // ours, never a customer's
}

// Loads is as of [Shell.Loads].
func (HelpPage) Loads() []string { return settingsLoads }

// HelpPage draws the whole page.
func (v *Views) HelpPage(w io.Writer, p HelpPage) error {
	return v.render(w, p.Lang, "help/page", p)
}

var (
	markdown = goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	)
	// articles is what Markdown may become: text, lists, tables, headings with a name, and links to pages of ours and
	// to the web.
	articles = func() *bluemonday.Policy {
		p := bluemonday.NewPolicy()
		p.AllowElements(
			"h1",
			"h2",
			"h3",
			"h4",
			"p",
			"ul",
			"ol",
			"li",
			"strong",
			"em",
			"code",
			"pre",
			"blockquote",
			"table",
			"thead",
			"tbody",
			"tr",
			"th",
			"td",
			"br",
			"hr",
		)
		p.AllowAttrs("id").Matching(bluemonday.Paragraph).OnElements("h1", "h2", "h3", "h4")
		p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
		p.AllowStandardURLs()
		p.AllowRelativeURLs(true)
		p.AllowAttrs("href").OnElements("a")
		p.RequireNoReferrerOnFullyQualifiedLinks(true)
		p.AddTargetBlankToFullyQualifiedLinks(true)
		return p
	}()
)

// HTML is the page as the sanitiser let it through: the one place where a text becomes markup.
func (p HelpPage) HTML() (template.HTML, error) {
	var out bytes.Buffer
	if err := markdown.Convert(p.Markdown, &out); err != nil {
		return "", err
	}
	return template.HTML(articles.SanitizeBytes(out.Bytes())), nil
}
