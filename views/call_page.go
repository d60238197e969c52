package views

import (
	"io"

	"pult/domain"
)

// CallPage is what has to be said before a call: over which channel, at which number, from which telephone; and the way
// to write a call down that was made without the desk.
type CallPage struct {
	Shell
	ContactID      domain.ID
	ConversationID domain.ID // where a call that is written down becomes an entry
	Contact        string
	Numbers        []string // the contact's
	Channels       []CallChannel
	Phone          string // the reader's own, as typed; "" = not known
	KnowsPhone     bool   // it is in their profile
	Log            CallLogView
	Fields         map[string]string // faults by field, in the reader's language
	Standalone     bool              // a page, not a dialog
}

// CallChannel is a channel over which the reader can call.
type CallChannel struct {
	ID     domain.ID
	Name   string
	Number string
}

// CallLogView is the form of a call that is written down by hand.
type CallLogView struct {
	Once     domain.ID // names the form
	Open     bool
	Incoming bool
	At       string // as the browser's field for date and time takes it; "" = it has just ended
	Minutes  string
	Outcomes []Choice
	Note     string
}

// CanCall reports whether the desk can set the call up.
func (p CallPage) CanCall() bool { return len(p.Channels) > 0 && len(p.Numbers) > 0 }

// CallPage draws the dialog, or the page when it was opened by its address.
func (v *Views) CallPage(w io.Writer, p CallPage) error {
	if p.Standalone {
		return v.render(w, p.Lang, "call/page", p)
	}
	return v.render(w, p.Lang, "call/dialog", p)
}

// CallButton calls a contact.
type CallButton struct {
	ContactID      domain.ID
	ConversationID domain.ID // in which the reader decided to call; zero = none
	Standalone     bool      // on a page that has no place for dialogs
	Small          bool      // in a narrow place: the picture says it
}

// CallButton is the button in the head of a conversation.
func (h HeadView) CallButton() CallButton {
	return CallButton{ContactID: h.ContactID, ConversationID: h.ID, Small: true}
}

// FootButton is the button where others write.
func (h HeadView) FootButton() CallButton {
	return CallButton{ContactID: h.ContactID, ConversationID: h.ID}
}

// CallButton is the button on the card.
func (c ContactCard) CallButton() CallButton {
	return CallButton{ContactID: c.ID, Standalone: c.Standalone}
}
