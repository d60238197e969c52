// Package search turns texts into index terms, what a person typed into a query, and posting lists into results.
//
// It is pure: no store, no clock, no shared state. The store keeps one posting per (term, key) and offers each term's
// postings as a List; everything that decides what finds what is here, so that indexing, searching and highlighting
// cannot disagree.
//
// # What a term is
//
// A text is folded (case, diacritics, compatibility forms, letters such as ß, œ, ł) and split at everything that is
// neither letter nor digit. Besides its words, a text also gives joined forms, so that it is found however it was
// spelt:
//
//	P-2041             p 2041 p2041
//	jan.novak@shop.cz  jan novak shop cz jannovakshopcz
//	+420 601 234 567   420 601 234 567 420601234567 601234567 234567
//	+33 (0)6 01 23     33 6 01 23 3360123 (an optional zero counts for nothing)
//	0601000222         0601000222 601000222 (a trunk or international zero is optional)
//	+33601000222       33601000222 and what is left without one, two or three digits of country code
//
// Chinese characters, kana and bopomofo are written without spaces: each of them is a term. Korean is written with
// spaces; its words are terms, spelt in jamo, so that a half-typed syllable already finds. Symbols and emoji are
// ignored.
package search
