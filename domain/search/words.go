package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a text: where it stands in the text, and where its folded form stands in the folded text.
type word struct {
	start, end int  // bytes of the original, diacritics included
	lo, hi     int  // bytes of the folded text
	digits     bool // nothing but digits
	ideograph  bool // one rune that is a term by itself
}

// scannedText is a text taken apart. The folded text holds the words' folded forms end to end with nothing between
// them, so that every joined form is a substring of it and costs no allocation.
type scannedText struct {
	text   string
	folded string
	words  []word
}

// scanner builds a scanned text.
type scanner struct {
	folded strings.Builder
	words  []word
	open   bool // the last word may still grow
}

// scanText takes a text apart. An optional trunk zero, as in "+33 (0)6", is skipped: it is dialled in one country only.
func scanText(text string) scannedText {
	var s scanner
	s.folded.Grow(len(text))
	s.words = make([]word, 0, len(text)/6+1)
	var buf [64]byte // the longest decomposition, U+FDFA, takes 33 bytes
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case isASCIIWord(c):
			s.growWord(i, i+1)
			s.folded.WriteByte(lowerASCII(c))
			i++
		case c >= utf8.RuneSelf:
			folded, size := appendFold(buf[:0], text[i:])
			s.addFolded(i, i+size, folded)
			i += size
		case c == '(' && strings.HasPrefix(text[i:], trunkZero):
			s.closeWord()
			i += len(trunkZero)
		default:
			s.closeWord()
			i++
		}
	}
	s.closeWord()
	return scannedText{text: text, folded: s.folded.String(), words: markDigits(s.words, s.folded.String())}
}

// addFolded takes one rune of the text, at from to to, in its folded form.
func (s *scanner) addFolded(from, to int, folded []byte) {
	if len(folded) == 0 && s.open {
		s.words[len(s.words)-1].end = to // a diacritic belongs to the letter before it
	}
	for len(folded) > 0 {
		r, n := utf8.DecodeRune(folded)
		switch {
		case isIdeograph(r):
			s.closeWord()
			s.growWord(from, to)
			s.words[len(s.words)-1].ideograph = true
			s.folded.Write(folded[:n])
			s.closeWord()
		case isWordRune(r), s.open && unicode.Is(unicode.M, r):
			s.growWord(from, to)
			s.folded.Write(folded[:n])
		default:
			s.closeWord()
		}
		folded = folded[n:]
	}
}

// growWord makes room for one more folded rune: the last word grows or a new one begins.
func (s *scanner) growWord(from, to int) {
	if s.open {
		s.words[len(s.words)-1].end = to
		return
	}
	s.open = true
	s.words = append(s.words, word{start: from, end: to, lo: s.folded.Len()})
}

func (s *scanner) closeWord() {
	if s.open {
		s.words[len(s.words)-1].hi = s.folded.Len()
		s.open = false
	}
}

func markDigits(words []word, folded string) []word {
	for i := range words {
		words[i].digits = isNumber(folded[words[i].lo:words[i].hi])
	}
	return words
}

func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isASCIIWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func isWordRune(r rune) bool {
	return r < utf8.RuneSelf && isASCIIWord(byte(r)) || r >= utf8.RuneSelf && unicode.IsLetter(r)
}

// isIdeograph reports whether a rune carries meaning alone, in a script that is written without spaces. The long-vowel
// sign is used by both kana and therefore in neither's table.
func isIdeograph(r rune) bool {
	const firstIdeograph, longVowel = 0x2e80, 'ー'
	if r < firstIdeograph {
		return false
	}
	return r == longVowel || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}
