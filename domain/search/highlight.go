package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a part of a text in bytes: text[Start:End].
type Span struct{ Start, End int }

// Highlight gives the parts of text that made it a result for terms: whole words, codes and telephone numbers, however they
// are written, one of whose forms begins with a term (folded here if it is not yet). Spans lie on rune borders, ascend, and
// neither overlap nor touch.
func Highlight(text string, terms []string) []Span {
	wanted := foldedTerms(terms)
	if len(wanted) == 0 {
		return nil
	}
	s := scan(text)
	var spans []Span
	s.eachForm(func(f form) bool {
		for _, t := range wanted {
			if strings.HasPrefix(s.folded[f.lo:f.hi], t) {
				spans = append(spans, s.span(f, len(t)))
			}
		}
		return true
	})
	return merged(spans)
}

// foldedTerms brings terms into the form that the index has and drops those that are empty.
func foldedTerms(terms []string) []string {
	var folded []string
	for _, t := range terms {
		if f := cut(scan(t).folded, maxTerm); f != "" {
			folded = append(folded, f)
		}
	}
	return folded
}

// span covers the words that the first size bytes of a form come from, so that a number joined with the one after it does
// not light up both.
func (s scanned) span(f form, size int) Span {
	last := f.first
	for s.words[last].hi < f.lo+size {
		last++
	}
	return Span{Start: s.words[f.first].start, End: s.words[last].end}
}

// merged sorts spans and unites those that overlap or touch.
func merged(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	out := spans[:0]
	for _, sp := range spans {
		if n := len(out); n > 0 && sp.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, sp.End)
			continue
		}
		out = append(out, sp)
	}
	return out
}

// Snippet chooses the part text[start:end] to show for a result: at most the given number of runes around the first hit, cut
// between words where there are any, without white space at its ends. Without a hit it is the beginning of the text. A hit
// longer than the window shows its beginning.
func Snippet(text string, terms []string, runes int) (start, end int) {
	var hit Span
	if spans := Highlight(text, terms); len(spans) > 0 {
		hit = spans[0]
	}
	room := max(0, runes-utf8.RuneCountInString(text[hit.Start:hit.End]))
	start = back(text, hit.Start, leadIn(text, hit, room))
	if start > 0 {
		start = wordStart(text, start, hit.Start)
	}
	end = forward(text, start, runes)
	if end < len(text) {
		end = wordEnd(text, end, max(start, hit.End))
	}
	return trimmed(text, start, end)
}

// leadIn is how many of the spare runes to show before the hit: a third of them, or more where the text ends soon.
func leadIn(text string, hit Span, room int) int {
	const share = 3
	after := utf8.RuneCountInString(text[hit.End:forward(text, hit.End, room)])
	return max(room/share, room-after)
}

// back and forward move a position by up to n runes.
func back(text string, pos, n int) int {
	for ; n > 0 && pos > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:pos])
		pos -= size
	}
	return pos
}

func forward(text string, pos, n int) int {
	for ; n > 0 && pos < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[pos:])
		pos += size
	}
	return pos
}

// wordStart moves a position that is inside a word to the next word, or to the limit, where the hit begins.
func wordStart(text string, pos, limit int) int {
	if r, _ := utf8.DecodeLastRuneInString(text[:pos]); unicode.IsSpace(r) {
		return pos
	}
	if i := strings.IndexFunc(text[pos:limit], unicode.IsSpace); i >= 0 {
		return pos + i
	}
	return limit
}

// wordEnd moves a position that is inside a word to the end of the word before, but not below the limit. Text without spaces
// there is cut where it is.
func wordEnd(text string, pos, limit int) int {
	if r, _ := utf8.DecodeRuneInString(text[pos:]); unicode.IsSpace(r) || pos <= limit {
		return pos
	}
	if i := strings.LastIndexFunc(text[limit:pos], unicode.IsSpace); i >= 0 {
		return limit + i
	}
	return pos
}

// trimmed takes white space off both ends.
func trimmed(text string, start, end int) (int, int) {
	start = end - len(strings.TrimLeftFunc(text[start:end], unicode.IsSpace))
	return start, start + len(strings.TrimRightFunc(text[start:end], unicode.IsSpace))
}
