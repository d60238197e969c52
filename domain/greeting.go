package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Greeting is what a channel says by itself when a customer begins a conversation. The zero value says nothing.
type Greeting struct {
	On   bool   `cbor:"1,keyasint,omitzero"`
	Text string `cbor:"2,keyasint,omitzero"` // kept while it is off, for when it is switched on again
}

// Clean is the greeting as it may be stored: accents, emoji and line breaks stay, characters that cannot be seen or would break a
// vendor's format go. Invalid names the text when it is longer than limit characters, or missing although the greeting is on.
func (g Greeting) Clean(limit int) (Greeting, error) {
	g.Text = strings.TrimSpace(printable(g.Text))
	f := FieldErrors{}
	switch {
	case g.On && g.Text == "":
		f.Add("text", "error.field.required")
	case utf8.RuneCountInString(g.Text) > limit:
		f.Add("text", "error.field.too_long")
	}
	return g, f.Err()
}

// printable is a text with one kind of line break and no other control characters but the tabulator.
func printable(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, ""))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
