package search

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// spelled holds the lower-case letters that Unicode does not decompose but that people type without their stroke or
// ligature.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ı': "i", 'ł': "l", 'ŋ': "n",
	'ŧ': "t", 'ƀ': "b", 'ǥ': "g", 'ɨ': "i", 'ʉ': "u", 'ƶ': "z", 'ȼ': "c", 'ɇ': "e", 'ɉ': "j", 'ɍ': "r", 'ɏ': "y",
	'ⱥ': "a", 'ⱦ': "t", 'ƚ': "l", 'ɵ': "o",
}

const zeroWidthSpace = '\u200b'

// Fold gives the form in which two spellings compare equal: lower case, without diacritics, in compatibility forms,
// with ligatures spelt out. Punctuation and spaces stay; invalid bytes become U+FFFD. Fold(Fold(s)) is Fold(s), and
// canonically equivalent texts (NFC, NFD) fold to the same. It is not a sorting key: see the collation of the reader's
// language.
func Fold(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		var size int
		out, size = appendFold(out, s[i:])
		i += size
	}
	return string(out)
}

// appendFold appends the folded form of the first rune of s, which is nothing for a diacritic, and says how many bytes
// of s that rune takes. Folding rune by rune, rather than through a transformer, needs no state to share and keeps
// offsets.
func appendFold(dst []byte, s string) (folded []byte, size int) {
	if c := s[0]; c < utf8.RuneSelf {
		return append(dst, lowerASCII(c)), 1
	}
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return utf8.AppendRune(dst, r), size
	}
	if isHangulSyllable(r) {
		return norm.NFKD.AppendString(dst, s[:size]), size // computed: the tables do not list it
	}
	form := norm.NFKD
	if unicode.In(r, unicode.So, unicode.Sm) {
		form = norm.NFD // "Pult™" must not become "pulttm"
	}
	parts := form.PropertiesString(s).Decomposition()
	if parts == nil {
		return appendBase(dst, r), size
	}
	for len(parts) > 0 {
		part, n := utf8.DecodeRune(parts)
		dst, parts = appendBase(dst, part), parts[n:]
	}
	return dst, size
}

// appendBase folds one rune that has no decomposition.
func appendBase(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(dst, lowerASCII(byte(r)))
	}
	if isDropped(r) {
		return dst
	}
	if unicode.IsDigit(r) {
		return append(dst, decimalDigit(r))
	}
	lower := unicode.ToLower(unicode.ToUpper(r)) // through upper case, so that ς and σ meet
	if s, ok := spelled[lower]; ok {
		return append(dst, s...)
	}
	return utf8.AppendRune(dst, lower)
}

// isDropped reports whether a rune leaves no trace, as do diacritics and invisible format characters. Marks of
// combining class zero stay (Indic vowel signs): they are letters in all but name, and normalisation never moves them.
func isDropped(r rune) bool {
	if r >= 0x300 && r <= 0x36f {
		return true
	}
	if unicode.In(r, unicode.Me, unicode.Variation_Selector) {
		return true
	}
	if unicode.Is(unicode.Cf, r) {
		return r != zeroWidthSpace
	}
	return unicode.Is(unicode.M, r) && combiningClass(r) != 0
}

func combiningClass(r rune) uint8 {
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	return norm.NFKD.Properties(buf[:n]).CCC()
}

// decimalDigit is the ASCII digit of any script's decimal digit. Unicode assigns them in blocks of ten from zero to
// nine.
func decimalDigit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if lo := rune(t.Lo); lo <= r && r <= rune(t.Hi) {
			return '0' + byte((r-lo)%10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if lo := rune(t.Lo); lo <= r && r <= rune(t.Hi) {
			return '0' + byte((r-lo)%10)
		}
	}
	return '0'
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isHangulSyllable(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }

// cutText shortens s to at most max bytes without splitting a rune.
func cutText(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}
