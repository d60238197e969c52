package search

import "strings"

const (
	maxTerms = 400      // terms of one text
	maxText  = 32 << 10 // bytes of one text that are indexed: a long mail has named its matter by then
	minTail  = 3        // digits of the shortest fragment that finds a contact's number
)

// Terms gives the distinct terms under which a text is to be indexed, in order of first appearance: valid UTF-8, 1 to
// 40 bytes, at most 400, from the first 32 KiB. Each of them, typed as a query, finds the text. Safe for concurrent
// use.
func Terms(text string) []string {
	s := scanText(cutText(text, maxText))
	terms := make([]string, 0, min(len(s.words)+len(s.words)/4, maxTerms))
	seen := make(map[string]struct{}, cap(terms))
	s.eachForm(func(f form) bool {
		t := s.folded[f.lo:f.hi]
		if _, dup := seen[t]; !dup {
			seen[t] = struct{}{}
			terms = append(terms, t)
		}
		return len(terms) < maxTerms
	})
	return terms
}

// PhoneTerms gives the terms under which a contact's number is to be indexed: its digits and every end of them down to
// three. As queries match by prefix, any fragment of the number then finds the contact. That costs a term a digit,
// which a message is not worth; messages rely on the joins of Terms. The number is written as in E.164; anything but
// digits in it is passed over, and no digits give no terms.
func PhoneTerms(e164 string) []string {
	digits := strings.Map(onlyDigits, e164)
	digits = digits[:min(len(digits), maxTerm)]
	if digits == "" {
		return nil
	}
	terms := []string{digits}
	for i := 1; i <= len(digits)-minTail; i++ {
		terms = append(terms, digits[i:])
	}
	return terms
}

func onlyDigits(r rune) rune {
	if '0' <= r && r <= '9' {
		return r
	}
	return -1
}
