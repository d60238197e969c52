package views

import (
	"io"

	"pult/domain"
)

// SigninPage is the card before the desk.
type SigninPage struct {
	Lang, Theme string
	Title       string // in the reader's language
	Company     string
	Next        string // where to go afterwards; a path of ours
	Email       string // as entered before
	Failure     string // why the last attempt was refused, in the reader's language
	Demo        bool
}

// SigninPage draws the whole page.
func (v *Views) SigninPage(w io.Writer, p SigninPage) error {
	return v.render(w, p.Lang, "signin/page", p)
}

// SigninAgain draws the dialog that asks for the password over a page whose session has ended.
func (v *Views) SigninAgain(w io.Writer, lang string) error {
	return v.render(w, lang, "signin/again", lang)
}

// SetupPage is the first visit: who the company is and who administers the desk.
type SetupPage struct {
	Lang, Theme string
	Title       string // in the reader's language
	Locked      bool   // the reader did not come by the address with the token
	Company     string
	Language    domain.Language
	Name, Email string
	Fields      map[string]string // faults by field, in the reader's language
}

// SetupPage draws the whole page.
func (v *Views) SetupPage(w io.Writer, p SetupPage) error {
	return v.render(w, p.Lang, "setup/page", p)
}
