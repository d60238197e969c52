package search

import (
	"strings"
	"unicode"
)

const (
	maxTerm   = 40 // bytes of one term
	trunkZero = "(0)"

	joinDigits     = 6  // from here on, digits written in groups are indexed joined
	phoneDigits    = 7  // from here on, digits written in groups are looked for as one number
	unspacedDigits = 11 // from here on, digits written together include a country code
	maxDigits      = 15 // the longest telephone number (E.164)
	maxGap         = 3  // runes between two groups of one number, as in "420) - 601"
)

// form is one spelling under which a text is found: folded[lo:hi], beginning in the word with index first.
type form struct{ first, lo, hi int }

// eachForm gives every form of the text, in text order, until emit says false. Terms stores them and Highlight looks
// among them, so whatever is found can be shown.
func (s scannedText) eachForm(emit func(form) bool) {
	for i := range s.words {
		if !s.emitWord(i, emit) || !s.emitNumbers(i, emit) || !s.emitCompound(i, emit) {
			return
		}
	}
}

func (s scannedText) emitWord(i int, emit func(form) bool) bool {
	return s.emitForm(form{i, s.words[i].lo, s.words[i].hi}, emit)
}

// emitNumbers gives the joined forms of the number that goes on from group i: "+420 601 234 567" is also found by
// 601234567 or 234567, because a join begins at each group.
func (s scannedText) emitNumbers(i int, emit func(form) bool) bool {
	if !s.words[i].digits {
		return true
	}
	last := s.numberEnd(i)
	f := form{i, s.words[i].lo, s.words[last].hi}
	if last > i && f.hi-f.lo >= joinDigits && !s.emitForm(f, emit) {
		return false
	}
	return s.emitNational(f, emit)
}

// emitNational gives what is left of an international number without its country code, of which nobody can tell the
// length without a table: one, two or three digits. Where the code stands alone, the joins already do this.
func (s scannedText) emitNational(f form, emit func(form) bool) bool {
	w := s.words[f.first]
	marked := strings.HasSuffix(s.text[:w.start], "+") || w.hi-w.lo >= unspacedDigits
	if strings.HasPrefix(s.folded[f.lo:f.hi], "00") {
		marked, f.lo = true, f.lo+2
	}
	const longestCode = 3
	if !marked || w.hi-f.lo <= longestCode || f.hi-f.lo < phoneDigits+longestCode {
		return true
	}
	for d := 1; d <= longestCode; d++ {
		if !s.emitForm(form{f.first, f.lo + d, f.hi}, emit) {
			return false
		}
	}
	return true
}

// emitForm gives a form, cut to a term's length, and before it, if it is a number, what is left without its leading
// zeroes: when the limit on terms falls between the two, the one that a query looks for is there.
func (s scannedText) emitForm(f form, emit func(form) bool) bool {
	f = s.cutForm(f)
	if short := s.withoutTrunk(f); short != f && !emit(short) {
		return false
	}
	return emit(f)
}

// withoutTrunk drops the zeroes before a telephone number ("0" inside a country, "00" to leave it). A number that is
// too short, or nearly nothing but zeroes, keeps them, as does what is no number.
func (s scannedText) withoutTrunk(f form) form {
	const fewestLeft = 5
	text := s.folded[f.lo:f.hi]
	rest := strings.TrimLeft(text, "0")
	if len(text) < phoneDigits || len(rest) < fewestLeft || !isNumber(text) {
		return f
	}
	f.lo = f.hi - len(rest)
	return f
}

// numberEnd is the last of the groups that, from group i on, are written as one number of at most fifteen digits. It
// depends on nothing before i, so a query for the end of a number joins its groups as the text's index did.
func (s scannedText) numberEnd(i int) int {
	last := i
	for last+1 < len(s.words) && s.words[last+1].digits &&
		s.words[last+1].hi-s.words[i].lo <= maxDigits && isNumberGap(s.gapAfter(last)) {
		last++
	}
	return last
}

// emitCompound gives "p2041" for P-2041. A code is also found from each of its parts on; of a compound of words, whose
// parts a query looks for one by one, only the whole is worth a term.
func (s scannedText) emitCompound(i int, emit func(form) bool) bool {
	last, code := s.compoundEnd(i)
	if last == i || s.isNumberRun(i, last) {
		return true
	}
	if begins := i == 0 || !s.isTied(i-1); !begins && !code {
		return true
	}
	return s.emitForm(form{i, s.words[i].lo, s.words[last].hi}, emit)
}

// compoundEnd is the last word that hangs together with word i, as far as a term can tell, and whether digits are among
// them.
func (s scannedText) compoundEnd(i int) (last int, code bool) {
	last, code = i, s.hasDigit(i)
	for last+1 < len(s.words) && s.words[last].hi-s.words[i].lo < maxTerm && s.isTied(last) {
		last++
		code = code || s.hasDigit(last)
	}
	return last, code
}

func (s scannedText) hasDigit(i int) bool {
	return strings.ContainsAny(s.folded[s.words[i].lo:s.words[i].hi], "0123456789")
}

func (s scannedText) isNumberRun(first, last int) bool {
	for _, w := range s.words[first : last+1] {
		if !w.digits {
			return false
		}
	}
	return true
}

// gapAfter is what stands between word i and the next. Two words can come out of one rune (½), with nothing between
// them.
func (s scannedText) gapAfter(i int) string {
	from, to := s.words[i].end, s.words[i+1].start
	if to < from {
		return ""
	}
	return s.text[from:to]
}

// isTied reports whether word i and the next are parts of one code, address or compound, by the sign between them. An
// ideograph is a term by itself, whatever stands beside it.
func (s scannedText) isTied(i int) bool {
	if s.words[i].ideograph || s.words[i+1].ideograph {
		return false
	}
	switch s.gapAfter(i) {
	case "-", ".", "_", "@", "/", "+", "\u2010", "\u2011":
		return true
	}
	return false
}

// isNumberGap reports whether people write this between the groups of a telephone number. A plus begins another number.
func isNumberGap(gap string) bool {
	before, after, trunk := strings.Cut(gap, trunkZero)
	runes := 0
	for _, r := range before + after {
		if !strings.ContainsRune(" ./()-", r) && !unicode.In(r, unicode.Zs, unicode.Pd, unicode.Cf) {
			return false
		}
		runes++
	}
	return (runes > 0 || trunk) && runes <= maxGap
}

// cutForm shortens a form to what a term may hold.
func (s scannedText) cutForm(f form) form {
	f.hi = f.lo + len(cutText(s.folded[f.lo:f.hi], maxTerm))
	return f
}
