package views

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"html/template"
	"io"
	"time"

	"pult/domain"
	"pult/views/kept"
)

// sheet is a page or fragment that is written in pieces, one after another. Executing a template costs many times what
// its markup costs to copy, so a piece that was drawn before for the same value is written as it was: a line of the
// thread, a row of the table, the rail of a reader, a form. What is different every time is drawn.
type sheet struct {
	v    *Views
	lang string
	day  string // "yesterday" is another word tomorrow
	out  *bytes.Buffer
	err  error // the first failure; nothing is written after it
}

// piecesKept bounds what is kept of all languages together, in bytes: some thousand lines and rows.
const piecesKept = 8 << 20

// compose writes a sheet into a buffer and only then on, so that a failure never leaves half a page.
func (v *Views) compose(w io.Writer, lang string, fill func(*sheet)) error {
	buf := takeBuffer()
	defer returnBuffer(buf)
	if _, ok := v.sets[lang]; !ok {
		lang = fallback
	}
	s := sheet{v: v, lang: lang, day: v.now().In(v.zone).Format(time.DateOnly), out: buf}
	if fill(&s); s.err != nil {
		return s.err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// draw writes a block that is worth nothing to keep.
func (s *sheet) draw(block string, data any) {
	if s.err == nil {
		s.err = s.v.execute(s.out, s.lang, block, s.v.watch(block, data))
	}
}

// keep writes a block as it was drawn before for the same value, which is passed by pointer when it is large. All that
// the block shows must come from the value, the language and the day. Identifiers that differ from page to page are
// left out of the value: it holds hole(0), hole(1) … in their place, and what fills them is passed as it stands in the
// markup: the text of an identifier, or what escape gives. A hole stands between tags or in a quoted attribute; in an
// address only what the program made fills it.
func (s *sheet) keep(block string, data any, fill ...string) {
	if s.err != nil {
		return
	}
	data = s.v.watch(block, data)
	var print kept.Print
	if s.v.pieces != nil {
		print = kept.PrintOf(data, s.lang, s.day, block)
		if piece := s.v.pieces.Find(print); piece != nil {
			s.write(piece, fill)
			return
		}
	}
	piece, err := s.drawPiece(block, data, len(fill))
	if err != nil {
		s.err = err
		return
	}
	if s.v.pieces != nil {
		s.v.pieces.Keep(print, piece)
	}
	s.write(piece, fill)
}

// write writes a piece with its holes filled.
func (s *sheet) write(piece *kept.Piece, fill []string) {
	for i, cut := range piece.Cuts {
		s.out.Write(cut)
		if i < len(piece.Holes) {
			s.out.WriteString(fill[piece.Holes[i]])
		}
	}
}

// escape is a text as it stands in the markup.
func (s *sheet) escape(text string) string {
	return template.HTMLEscapeString(s.v.watch("", text).(string))
}

// text writes a text between tags.
func (s *sheet) text(text string) { s.out.WriteString(s.escape(text)) }

// drawPiece draws a block and cuts it at its holes.
func (s *sheet) drawPiece(block string, data any, holes int) (*kept.Piece, error) {
	buf := takeBuffer()
	defer returnBuffer(buf)
	if err := s.v.execute(buf, s.lang, block, data); err != nil {
		return nil, err
	}
	piece, rest := &kept.Piece{}, bytes.Clone(buf.Bytes())
	for {
		at, which := len(rest), -1
		for i := range holes {
			if found := bytes.Index(rest, []byte(hole(i).String())); found >= 0 && found < at {
				at, which = found, i
			}
		}
		piece.Cuts = append(piece.Cuts, rest[:at:at])
		if which < 0 {
			return piece, nil
		}
		piece.Holes = append(piece.Holes, which)
		rest = rest[at+len(hole(which).String()):]
	}
}

// holeSeed makes the text of a hole one that nobody can write into a message.
var holeSeed = func() (id domain.ID) {
	_, _ = rand.Read(id[:]) // crypto/rand never fails on the systems Go supports
	return id
}()

// holeText is hole for a text.
func holeText(i int) string { return hole(i).String() }

// hole is an identifier that stands in a value for one that is filled in later. No noun has it.
func hole(i int) domain.ID {
	id := holeSeed
	id[0], id[15] = 0xff, byte(i) // of the year 10889
	return id
}

// drawRow is a row of the chats table for a template that shows a single one.
func (v *Views) drawRow(lang string, row RowView) (template.HTML, error) {
	var b bytes.Buffer
	err := v.compose(&b, lang, func(s *sheet) { s.keep("chats/row", &row) })
	return template.HTML(b.String()), err // what the escaping template drew
}

// shownWait is a wait as long as it is shown: a piece is not drawn anew for seconds that it does not tell.
func shownWait(d time.Duration) time.Duration {
	switch {
	case d < 5*time.Minute:
		return d.Truncate(time.Second)
	case d < 48*time.Hour:
		return d.Truncate(time.Minute)
	}
	return d.Truncate(time.Hour)
}

// execute draws a block.
func (v *Views) execute(w io.Writer, lang, block string, data any) error {
	set, err := v.loadTemplates(lang)
	if err != nil {
		return fmt.Errorf("views: parse: %w", err)
	}
	if err := set.ExecuteTemplate(w, block, data); err != nil {
		return fmt.Errorf("views: render %s: %w", block, err)
	}
	return nil
}
