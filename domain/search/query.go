package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxQueryTerms = 8
	maxQuery      = 1 << 10 // bytes of a query that are read

	openQuotes  = `"“„«`
	closeQuotes = `"”“»`
)

// Term is one thing that a result must have.
type Term struct {
	Text   string // folded, as Terms would give it
	Prefix bool   // any indexed term that begins with Text will do; otherwise it must be Text itself
}

// Query is a search understood: a result has all of its terms. Without terms it asks for nothing and finds nothing.
type Query struct {
	Terms []Term // distinct, at most eight, in the order typed
}

// Texts are the terms' texts, for Highlight.
func (q Query) Texts() []string {
	texts := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		texts[i] = t.Text
	}
	return texts
}

// Parse understands what a person typed. Words of two letters or more find what begins with them, as does the last
// word, which may be half typed. Words between quotes (of any of the three languages) are found only as they are; a
// quote that is not closed yet counts for nothing. Codes and telephone numbers become one term, so that their
// punctuation does not matter. Of more than eight terms the longest, which tell most, are kept. No input is refused.
func Parse(q string) Query {
	var terms []Term
	for rest := cutText(q, maxQuery); rest != ""; {
		var plain, quoted string
		plain, quoted, rest = nextQuoted(rest)
		terms = appendPlain(terms, plain, quoted == "" && rest == "")
		terms = appendExact(terms, quoted)
	}
	return Query{Terms: keepLongest(dropRepeated(terms))}
}

// nextQuoted cuts a query at its first pair of quotes.
func nextQuoted(q string) (plain, quoted, rest string) {
	from := strings.IndexAny(q, openQuotes)
	if from < 0 {
		return q, "", ""
	}
	_, size := utf8.DecodeRuneInString(q[from:])
	inside := q[from+size:]
	to := strings.IndexAny(inside, closeQuotes)
	if to < 0 {
		return q, "", ""
	}
	_, size = utf8.DecodeRuneInString(inside[to:])
	return q[:from], inside[:to], inside[to+size:]
}

// appendPlain adds the terms of words outside quotes; last says that the end of the query is among them.
func appendPlain(terms []Term, plain string, last bool) []Term {
	s := scanText(plain)
	for i := 0; i < len(s.words); {
		f, next := s.queryForm(i)
		text := s.folded[f.lo:f.hi]
		prefix := utf8.RuneCountInString(text) > 1 || last && next == len(s.words)
		terms = append(terms, Term{Text: text, Prefix: prefix})
		i = next
	}
	return terms
}

// queryForm is the one form, among those that eachForm gives for a text, by which word i and those that belong to it
// are looked for, and the index of the word after them.
func (s scannedText) queryForm(i int) (f form, next int) {
	w := s.words[i]
	if last, code := s.compoundEnd(i); last > i && code && !s.isNumberRun(i, last) {
		return s.cutForm(form{i, w.lo, s.words[last].hi}), s.compoundNext(last)
	}
	if !w.digits {
		return s.cutForm(form{i, w.lo, w.hi}), i + 1
	}
	last := s.numberEnd(i)
	if s.words[last].hi-w.lo < phoneDigits {
		last = i
	}
	return s.withoutTrunk(s.cutForm(form{i, w.lo, s.words[last].hi})), last + 1
}

// compoundNext passes over what a compound's term had no room for.
func (s scannedText) compoundNext(last int) int {
	for last+1 < len(s.words) && s.isTied(last) {
		last++
	}
	return last + 1
}

// appendExact adds the words between quotes, each as it was written.
func appendExact(terms []Term, quoted string) []Term {
	s := scanText(quoted)
	for i, w := range s.words {
		f := s.cutForm(form{i, w.lo, w.hi})
		terms = append(terms, Term{Text: s.folded[f.lo:f.hi]})
	}
	return terms
}

// dropRepeated drops what was typed twice. The exact one of two equal texts stays: it is the narrower wish.
func dropRepeated(terms []Term) []Term {
	var kept []Term
	for _, t := range terms {
		i := slices.IndexFunc(kept, func(k Term) bool { return k.Text == t.Text })
		if i < 0 {
			kept = append(kept, t)
			continue
		}
		kept[i].Prefix = kept[i].Prefix && t.Prefix
	}
	return kept
}

// keepLongest drops the shortest terms above the limit, later ones first, and keeps the order of the others.
func keepLongest(terms []Term) []Term {
	for len(terms) > maxQueryTerms {
		shortest := 0
		for i, t := range terms {
			if utf8.RuneCountInString(t.Text) <= utf8.RuneCountInString(terms[shortest].Text) {
				shortest = i
			}
		}
		terms = slices.Delete(terms, shortest, shortest+1)
	}
	return terms
}
