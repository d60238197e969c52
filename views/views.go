// Package views draws pages and fragments.
//
// Each noun has a <noun>.html with blocks named noun/part, and a <noun>.go with one struct per page and fragment and
// one method of Views that renders it, so that the compiler checks callers and a test checks the templates against the
// structs. A page embeds Shell and stands between the blocks shell/top and shell/bottom; a fragment has one root
// element with a stable id, and serves first paint, the answer to an action and live events alike.
//
// Where things stand, from the bottom up:
//
//   - views.go: the parsed sets of templates and the way to render a block; sheet.go: pages written in pieces, of which
//     those drawn before are kept (the package kept below);
//     funcs.go, form.go: what templates can call; linkify.go: links in what people wrote.
//   - status.go, ticks.go: colours and signs that several pages share; call.go, message.go, letter.go, template.go,
//     composer.go, request.go, summary.go, health.go: parts of pages.
//   - shell.go: the frame of every page, with toasts and the page of an error; stream.go: what the live stream changes.
//   - chats.go, conversation.go, call_page.go, contact.go, search.go, palette.go: the pages of the daily work.
//   - channel*.go, module.go, journal.go, operator.go, profile.go, help.go: the settings; signin.go: the way in.
//   - widget.go: the chat on a shop's page, and how it looks.
//
// Templates hold no words (t and n find them in i18n), no style, no script and no expression that the browser would
// have to evaluate. What customers wrote is plain text in an element with hx-ignore; names stand in <bdi>.
package views

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"sync"
	"time"

	"pult/i18n"
	"pult/views/kept"
)

//go:embed *.html
var files embed.FS

// Options are what every page needs besides its data.
type Options struct {
	Zone *time.Location   // in which people read times
	Now  func() time.Time // the clock: "today" and "yesterday" depend on it
}

// Views holds the parsed templates, one set per language with its words and formats bound. It is safe for many callers.
type Views struct {
	// parsed at the first use: few desks read all languages, and each takes memory
	sets map[string]func() (*template.Template, error)
	zone *time.Location
	now  func() time.Time
	// what was drawn before; nil in tests that compare with it
	pieces *kept.Pieces

	// watch sees, and may replace, what is rendered: tests learn from it which struct each block is given.
	watch func(block string, data any) any
}

// fallback is the language of a reader whose own we do not have.
const fallback = "en"

// New prepares the templates; each language's are parsed when its first reader comes. One that does not parse would be
// an error of that page, so a test parses them all.
func New(o Options) (*Views, error) {
	if o.Zone == nil || o.Now == nil {
		return nil, errors.New("views: a zone and a clock are missing")
	}
	v := &Views{
		sets:   map[string]func() (*template.Template, error){},
		zone:   o.Zone,
		now:    o.Now,
		pieces: kept.New(piecesKept),
		watch:  func(_ string, data any) any { return data },
	}
	for _, lang := range i18n.Languages {
		v.sets[lang] = sync.OnceValues(func() (*template.Template, error) {
			return parseFiles(template.New("views").Funcs(v.templateFuncs(lang, o)).Option("missingkey=error"))
		})
	}
	return v, nil
}

// indentation is for engineers; a page of fifty rows would carry a kilobyte of it.
var indentation = regexp.MustCompile(`\n[ \t]+`)

// parseFiles adds all templates of this folder without their indentation. Lines stay lines, so that an error names the right one.
func parseFiles(set *template.Template) (*template.Template, error) {
	names, err := fs.Glob(files, "*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if _, err := set.New(name).Parse(indentation.ReplaceAllString(string(text), "\n")); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// templateFuncs are what templates can call: those of every language, and row, which needs the templates themselves.
func (v *Views) templateFuncs(lang string, o Options) template.FuncMap {
	funcs := languageFuncs(lang, o.Zone, o.Now)
	funcs["row"] = func(row RowView) (template.HTML, error) { return v.drawRow(lang, row) }
	return funcs
}

// loadTemplates is the templates in a language.
func (v *Views) loadTemplates(lang string) (*template.Template, error) {
	parse, ok := v.sets[lang]
	if !ok {
		parse = v.sets[fallback]
	}
	return parse()
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largeBuffer is the size above which a buffer is left to the collector: one long page must not be kept for ever.
const largeBuffer = 1 << 20

func takeBuffer() *bytes.Buffer {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	return buf
}

func returnBuffer(buf *bytes.Buffer) {
	if buf.Cap() <= largeBuffer {
		buffers.Put(buf)
	}
}

// render draws a block into a buffer and only then writes it, so that a failure never leaves half a page.
func (v *Views) render(w io.Writer, lang, block string, data any) error {
	buf := takeBuffer()
	defer returnBuffer(buf)
	if err := v.execute(buf, lang, block, v.watch(block, data)); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}
