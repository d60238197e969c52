package search

import (
	"cmp"
	"slices"
	"strings"
)

// Span is a part of a text in bytes: text[Start:End].
type Span struct{ Start, End int }

// Highlight gives the parts of text that made it a result for terms: whole words, codes and telephone numbers, however
// they are written, one of whose forms begins with a term (folded here if it is not yet). Spans lie on rune borders,
// ascend, and neither overlap nor touch.
func Highlight(text string, terms []string) []Span {
	wanted := foldTerms(terms)
	if len(wanted) == 0 {
		return nil
	}
	s := scanText(text)
	var spans []Span
	s.eachForm(func(f form) bool {
		for _, t := range wanted {
			if strings.HasPrefix(s.folded[f.lo:f.hi], t) {
				spans = append(spans, s.spanOf(f, len(t)))
			}
		}
		return true
	})
	return mergeSpans(spans)
}

// foldTerms brings terms into the form that the index has and drops those that are empty.
func foldTerms(terms []string) []string {
	var folded []string
	for _, t := range terms {
		if f := cutText(scanText(t).folded, maxTerm); f != "" {
			folded = append(folded, f)
		}
	}
	return folded
}

// spanOf covers the words that the first size bytes of a form come from, so that a number joined with the one after it
// does not light up both.
func (s scannedText) spanOf(f form, size int) Span {
	last := f.first
	for s.words[last].hi < f.lo+size {
		last++
	}
	return Span{Start: s.words[f.first].start, End: s.words[last].end}
}

// mergeSpans sorts spans and unites those that overlap or touch.
func mergeSpans(spans []Span) []Span {
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
