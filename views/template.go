package views

import (
	"io"

	"pult/domain"
)

// TemplatesDialog is the choice of a message template: the list, and beside it the form of the chosen one.
type TemplatesDialog struct {
	Lang      string
	List      TemplateListView
	Form      *TemplateFormView // nil until one is chosen
	Sync      bool              // the reader may fetch the list from the vendor again
	ChannelID domain.ID
}

// TemplateListView is the list, templates that may be sent first.
type TemplateListView struct {
	Path      string // address the search asks
	Text      string // search
	Begins    bool   // these are the first; otherwise they follow those that are shown
	Templates []TemplateRow
	More      string // address of the next ones, "" when these are all
}

// TemplateRow is one template of the list.
type TemplateRow struct {
	Name     string
	Language string
	Category string // the vendor's word: utility, marketing, authentication
	Status   domain.TemplateStatus
	Custom   bool // it has values to fill in
	Sendable bool
	Reason   string // sentence: why it cannot be sent; "" = it can
	Preview  string // the beginning of its text
	Form     string // address of its form
	Selected bool
}

// Tone is the colour of the vendor's verdict.
func (t TemplateRow) Tone() string {
	switch t.Status {
	case domain.TemplateApproved:
		return "green"
	case domain.TemplatePending:
		return "amber"
	case domain.TemplateRejected:
		return "red"
	}
	return ""
}

// CategoryWords is the message key of the category; "" when the interface has no word for it, and it is shown as the
// vendor writes it.
func (t TemplateRow) CategoryWords() string {
	switch t.Category {
	case "utility":
		return "template.category.utility"
	case "marketing":
		return "template.category.marketing"
	case "authentication":
		return "template.category.authentication"
	}
	return ""
}

// TemplateFormView is the form with every value of a template.
type TemplateFormView struct {
	Action    string    // where it is posted to
	Preview   string    // where the preview is asked
	MessageID domain.ID // made by the desk: posting the form twice sends once
	ChannelID domain.ID
	To        RecipientView // whom a new conversation is with; zero for an existing one
	Name      string
	Language  string
	Slots     []SlotView
	Shown     TemplatePreview
	Sentence  string // a fault of the whole form
}

// RecipientView is whom a new conversation is begun with.
type RecipientView struct {
	ContactID domain.ID
	Name      string
	Number    string // E.164
	Address   string // of mail, on channels with letters
}

// SlotView is one value of a template.
type SlotView struct {
	Input   string // name of the input
	Label   SlotLabel
	Value   string
	Example string
	Media   string // image, video or document: a file is asked for
	Accept  string // types the chooser of files offers
	Error   string // sentence
}

// SlotLabel says where in the message the value stands.
type SlotLabel struct {
	Words string // message key with the place {{.name}}
	Name  string
}

// TemplatePreview is the message as the customer will read it.
type TemplatePreview struct {
	Media   string // kind of the header's file; "" = none
	Header  []PreviewPiece
	Body    []PreviewPiece
	Footer  string
	Buttons []string
}

// PreviewPiece is a piece of the text; Open marks a place whose value is missing, Filled one that was filled in.
type PreviewPiece struct {
	Text         string
	Open, Filled bool
}

// Templates draws the dialog.
func (v *Views) Templates(w io.Writer, d TemplatesDialog) error {
	return v.render(w, d.Lang, "template/dialog", d)
}

// TemplateList draws the list alone, which is the answer to a search, or what follows in it.
func (v *Views) TemplateList(w io.Writer, lang string, l TemplateListView) error {
	if !l.Begins {
		return v.render(w, lang, "template/lines", l)
	}
	return v.render(w, lang, "template/list", l)
}

// TemplateForm draws the form of a chosen template, or the form again with its faults.
func (v *Views) TemplateForm(w io.Writer, lang string, f TemplateFormView) error {
	return v.render(w, lang, "template/form", f)
}

// TemplatePreview draws the preview alone.
func (v *Views) TemplatePreview(w io.Writer, lang string, p TemplatePreview) error {
	return v.render(w, lang, "template/preview", p)
}

// TemplatesDone draws a bundle that closes the dialog.
func (v *Views) TemplatesDone(w io.Writer) error {
	return v.render(w, "en", "template/done", struct{}{})
}
