package views

import (
	"io"
	"strings"
	"time"

	"pult/domain"
	"pult/i18n"
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

// hitPiece is a find with holes for everything that differs from one to the next: finds are seldom seen twice, but they
// are all of a few shapes.
type hitPiece struct {
	Key, Link, Title, Initials string
	Icon                       string
	Kind                       domain.ChannelKind
	Hue                        string
	Note                       string
	Exact, Short, Machine      string // when
}

func (s *sheet) writeHits(hits []HitView) {
	f := formats{l: i18n.For(s.lang), zone: s.v.zone, now: s.v.now}
	for i := range hits {
		s.writeHit(&hits[i], f)
	}
}

func (s *sheet) writeHit(h *HitView, f formats) {
	shape := hitPiece{
		Key: holeText(0), Link: holeText(1), Title: holeText(2), Initials: holeText(3),
		Icon: h.Icon, Kind: h.Kind, Note: h.Note,
	}
	if h.Icon == "" {
		shape.Hue = pickHue(h.Hue)
	}
	fill := []string{s.escape(h.Key), s.escape(h.Link), s.escape(h.Title), s.escape(domain.Initials(h.Title))}
	if !isOwnAddress(h.Link) { // the template decides what may stand there
		shape.Link = h.Link
	}
	s.keep("search/hit", &shape, fill...)
	switch {
	case len(h.Excerpt) > 0:
		s.keep("search/excerpt-open", struct{}{})
		for _, part := range h.Excerpt {
			s.writeExcerpt(part)
		}
		s.keep("search/excerpt-close", struct{}{})
	case h.Detail != "":
		s.keep("search/excerpt-open", struct{}{})
		s.text(f.l.Phone(h.Detail))
		s.keep("search/excerpt-close", struct{}{})
	}
	s.keep("search/hit-close", &hitPiece{Machine: holeText(0), Exact: holeText(1), Short: holeText(2)},
		s.escape(formatISO(h.At)), s.escape(f.formatDateTime(h.At)), s.escape(f.formatWhen(h.At)))
}

func (s *sheet) writeExcerpt(part ExcerptPart) {
	if !part.Marked {
		s.text(part.Text)
		return
	}
	s.keep("search/mark-open", struct{}{})
	s.text(part.Text)
	s.keep("search/mark-close", struct{}{})
}

// isOwnAddress reports whether a link is made of nothing but what the desk's own addresses are made of.
func isOwnAddress(link string) bool {
	return strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") &&
		strings.Trim(link, "abcdefghijklmnopqrstuvwxyz0123456789/?=&#-") == ""
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
