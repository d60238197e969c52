package views

import (
	"io"
	"time"

	"pult/domain"
)

// SearchPage looks through everything the reader may see.
type SearchPage struct {
	Shell
	Form  SearchForm
	Found SearchFound
}

// SearchForm is the question, as it was asked.
type SearchForm struct {
	Text       string
	Kinds      []FilterChoice
	Channels   []FilterChoice
	Directions []FilterChoice
	From, To   string // days as the browser's date field writes them: 2026-11-20
}

// SearchFound is the answer, newest first.
type SearchFound struct {
	Asked bool // there was something to look for
	Hits  []HitView
	More  string // address of the next hits, "" when these are all
}

// HitView is one thing that was found.
type HitView struct {
	Key     string // unique on the page
	Link    string
	Icon    string // of a request; people have an avatar instead
	Kind    domain.ChannelKind
	Hue     domain.ID // decides the colour of the avatar
	Title   string
	Note    string // message key of what kind of thing it is
	Detail  string // under the title when there is no excerpt: a number, a company
	Excerpt []ExcerptPart
	At      time.Time
}

// ExcerptPart is a piece of a text that was searched; what was looked for is marked.
type ExcerptPart struct {
	Text   string
	Marked bool
}

// The values of the page's pieces.
type (
	narrowPiece struct {
		Kinds, Channels, Directions []FilterChoice
		From, To                    string
	}
	foundPiece struct {
		Hits, Asked bool
		More        string
	}
)

func (s *sheet) writeFound(f *SearchFound) {
	end := foundPiece{len(f.Hits) > 0, f.Asked, f.More}
	s.keep("search/found-open", &foundPiece{Hits: end.Hits})
	s.writeHits(f.Hits)
	s.draw("search/found-close", &end)
}

func (s *sheet) writeHits(hits []HitView) {
	for i := range hits {
		s.draw("search/hit", &hits[i])
	}
}

// SearchPage draws the whole page.
func (v *Views) SearchPage(w io.Writer, p SearchPage) error {
	return v.compose(w, p.Lang, func(s *sheet) {
		s.openShell(&p.Shell, p)
		s.draw("search/open", p.Form.Text)
		s.keep("search/narrow", &narrowPiece{p.Form.Kinds, p.Form.Channels, p.Form.Directions, p.Form.From, p.Form.To})
		s.writeFound(&p.Found)
		s.keep("search/close", struct{}{})
		s.closeShell(&p.Shell)
	})
}

// SearchFound draws the answer to a changed question.
func (v *Views) SearchFound(w io.Writer, lang string, f SearchFound) error {
	return v.compose(w, lang, func(s *sheet) { s.writeFound(&f) })
}

// SearchMore draws the next hits.
func (v *Views) SearchMore(w io.Writer, lang string, f SearchFound) error {
	return v.compose(w, lang, func(s *sheet) {
		s.keep("search/next-open", struct{}{})
		s.writeHits(f.Hits)
		s.draw("search/next-close", f.More)
	})
}
