package domain

import (
	"strings"
	"unicode/utf8"
)

// Greeting is what a channel says by itself when a customer begins a conversation. The zero value says nothing.
type Greeting struct {
	On   bool   `cbor:"1,keyasint,omitzero"`
	Text string `cbor:"2,keyasint,omitzero"` // kept while it is off, for when it is switched on again
}

// Clean is the greeting as it may be stored: accents, emoji and line breaks stay, characters that cannot be seen or
// would break a vendor's format go. Invalid names the text when it is longer than limit characters, or missing although
// the greeting is on.
func (g Greeting) Clean(limit int) (Greeting, error) {
	g.Text = strings.TrimSpace(cleanText(g.Text))
	f := FieldErrors{}
	switch {
	case g.On && g.Text == "":
		f.Add("text", "error.field.required")
	case utf8.RuneCountInString(g.Text) > limit:
		f.Add("text", "error.field.too_long")
	}
	return g, f.Err()
}
