package search_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"pult/domain/search"
)

// marked shows a text with its hits in brackets.
func marked(text string, spans []search.Span) string {
	var b strings.Builder
	last := 0
	for _, s := range spans {
		b.WriteString(text[last:s.Start] + "[" + text[s.Start:s.End] + "]")
		last = s.End
	}
	return b.String() + text[last:]
}

func TestHighlight_Table(t *testing.T) {
	for _, c := range []struct{ name, text, q, want string }{
		{"folded", "Vaše objednávka, OBJEDNÁVKY", "objednav", "Vaše [objednávka], [OBJEDNÁVKY]"},
		{"typed with diacritics", "un ete", "été", "un [ete]"},
		{"decomposed", norm.NFD.String("l'été!"), "ete", "l'[" + norm.NFD.String("été") + "]!"},
		{"ligature", "l’œuvre", "oeu", "l’[œuvre]"},
		{"not inside a word", "préété", "ete", "préété"},
		{"code", "viz P-2041-B.", "P2041", "viz [P-2041]-B."},
		{"spaced phone", "tel. +420 601 234 567, díky", "601234567", "tel. +420 [601 234 567], díky"},
		{"one of two phones", "601 234 567 / 602 345 678", "601234567", "[601 234 567] / 602 345 678"},
		{"trunk zero", "au 06 01 00 02 22", "+33 06 01", "au [06] [01] 00 02 22"},
		{"national typed, international written", "+33601000222", "06 01 00 02 22", "+[33601000222]"},
		{"ideographs unite", "在東京市", "東京", "在[東京]市"},
		{"emoji untouched", "👍🏽ok👍🏽", "ok", "👍🏽[ok]👍🏽"},
		{"nothing typed", "ahoj", " ", "ahoj"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := marked(c.text, search.Highlight(c.text, search.Parse(c.q).Texts()))
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What is found can be shown: each term of a text lights up something in it.
func TestHighlight_ShowsEveryTerm(t *testing.T) {
	for _, text := range corpus {
		for _, term := range search.Terms(text) {
			if len(search.Highlight(text, []string{term})) == 0 {
				t.Errorf("term %q of %q is not shown", term, text)
			}
		}
	}
}

func FuzzHighlight(f *testing.F) {
	for _, text := range corpus {
		f.Add(text, "o 601 東")
	}
	f.Add("½\u0301a\xff\xc5", "\xff1")
	f.Fuzz(func(t *testing.T, text, q string) {
		spans := search.Highlight(text, strings.Fields(q))
		last := -1
		for _, s := range spans {
			if s.Start <= last || s.End <= s.Start || s.End > len(text) || !isBorder(text, s.Start) || !isBorder(text, s.End) {
				t.Fatalf("bad span %v of %v in %q", s, spans, text)
			}
			last = s.End
		}
	})
}

// isBorder reports whether decoding the text rune by rune passes through the position.
func isBorder(text string, pos int) bool {
	if pos == len(text) {
		return true
	}
	borders := slices.Collect(func(yield func(int) bool) {
		for i := range text {
			if !yield(i) {
				return
			}
		}
	})
	_, found := slices.BinarySearch(borders, pos)
	return found
}
