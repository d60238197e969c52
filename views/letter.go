package views

import (
	"html"
	"io"
	"strings"
	"time"

	"pult/domain"
)

// LetterView is what a letter shows besides its text and its files.
type LetterView struct {
	MessageID  domain.ID
	Subject    string // "" = that of the conversation
	Name       string // of the author, or of the recipient of a letter of ours
	Address    string
	From       []string // whole mailboxes, as people write them
	To         []string
	Cc         []string
	Date       time.Time // by the author's machine; zero = not told
	AnswerTo   string    // where answers go, when that is another domain than the letter comes from; else ""
	Automatic  bool
	Stranger   bool
	Unverified bool
	Quoted     []Segment
	Signature  string
	Written    bool   // there is an HTML form to look at
	Only       bool   // and no text: it is shown at once
	Height     string // of its frame: short, middle or tall
	Pictures   bool   // it asks for pictures from elsewhere
	Source     domain.ID
}

// Frame is the name of the letter's frame, which the link for pictures leads to.
func (l LetterView) Frame() string { return "letter-" + l.MessageID.String() }

// letterStyle is how a letter looks in its frame: on white in every theme, because letters are written for that.
const letterStyle = `:root{color-scheme:light}` +
	`body{margin:12px;background:#fff;color:#17211f;font:14px/1.5 "Segoe UI",system-ui,-apple-system,"Noto Sans",sans-serif;overflow-wrap:anywhere}` +
	`img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}a{color:#0b6b63}` +
	`blockquote{margin:8px 0;padding-left:12px;border-left:3px solid #c6d2cd}` +
	`summary{width:fit-content;padding:2px 10px;border:1px solid #818f8a;border-radius:99px;cursor:pointer;font-size:12px}`

// LetterDocument writes the document that stands in the frame of a letter. body must come from the sanitiser; the
// answer's policy lets nothing run in it and nothing load, so that even a fault of the sanitiser stays without effect.
func (v *Views) LetterDocument(w io.Writer, lang, title, body string) error {
	_, err := io.WriteString(w, strings.Join([]string{
		`<!doctype html><html lang="`, html.EscapeString(lang), `"><head><meta charset="utf-8"><title>`, html.EscapeString(title),
		`</title><base target="_blank"><meta name="viewport" content="width=device-width"><style>`, letterStyle,
		`</style></head><body>`, body, `</body></html>`,
	}, ""))
	return err
}

// LetterForm is the first letter of a conversation, or the first message where any text may be written.
type LetterForm struct {
	MessageID domain.ID // made by the desk: posting the form twice sends once
	ChannelID domain.ID
	To        RecipientView
	Plain     bool // no letter: a text alone
	Subject   string
	Cc        string
	Text      string
	Signature string
	Fields    map[string]string // faults by field, in the reader's language
	Sentence  string            // a fault of the whole form
}

// Fault is what is wrong with a field; "" when nothing is.
func (f LetterForm) Fault(field string) string { return f.Fields[field] }

// LetterForm draws the form again, for an answer that names its faults.
func (v *Views) LetterForm(w io.Writer, lang string, f LetterForm) error {
	return v.render(w, lang, "letter/form", f)
}
