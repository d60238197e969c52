package present

import (
	"strings"
	"unicode/utf8"

	"pult/domain/desk/chats"
	"pult/views"
)

// An excerpt shows some words before the first find and about two lines in all; both in bytes.
const (
	excerptBefore = 60
	excerptLength = 220
)

// cutExcerpt cuts out the part of a text around what was looked for, with every find marked. Texts without a find show
// their beginning.
func cutExcerpt(text string, terms []string) []views.ExcerptPart {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return nil
	}
	spans := chats.Highlight(text, terms)
	from := 0
	if len(spans) > 0 {
		from = findWordStart(text, spans[0].Start-excerptBefore)
	}
	to := findWordEnd(text, from+excerptLength)
	var parts []views.ExcerptPart
	add := func(s string, marked bool) {
		if s != "" {
			parts = append(parts, views.ExcerptPart{Text: s, Marked: marked})
		}
	}
	at := from
	if from > 0 {
		add("…", false)
	}
	for _, s := range spans {
		if s.End > to {
			break
		}
		add(text[at:s.Start], false)
		add(text[s.Start:s.End], true)
		at = s.End
	}
	add(text[at:to], false)
	if to < len(text) {
		add("…", false)
	}
	return parts
}

// findWordStart finds the start of the word at i, or of the text; a word longer than any word is cut between
// characters.
func findWordStart(s string, i int) int {
	if i <= 0 {
		return 0
	}
	if space := strings.LastIndexByte(s[:i], ' '); i-space < excerptBefore {
		return space + 1
	}
	for !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// findWordEnd finds the end of the last whole word before i, or of the text.
func findWordEnd(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	if space := strings.LastIndexByte(s[:i], ' '); space > 0 && i-space < excerptBefore {
		return space
	}
	for !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}
