package views

import (
	"io"
	"time"

	"pult/domain"
)

// ContactCard is what the desk knows of a person, in a dialog over the conversation or on a page of its own.
type ContactCard struct {
	Shell
	ID         domain.ID
	Name       string
	Username   string
	Employer   string // the company they belong to
	Phones     []string
	Others     []IdentityView
	Picture    domain.ID    // file of the profile's picture; zero = none
	Details    []DetailView // what the customer or their profile told
	CreatedAt  time.Time
	Alike      []LookalikeView
	Standalone bool // a page, not a dialog
}

// LookalikeView is another contact who may be the same person.
type LookalikeView struct {
	ID       domain.ID
	Name     string
	MayMerge bool // the reader may make one person of both
}

// DetailView is something that a customer or their profile told.
type DetailView struct {
	Label string // in the reader's language
	Value string
}

// IdentityView is a way in which a vendor knows the person.
type IdentityView struct {
	Words string // message key of what it is
	Value string
}

// ContactCard draws the card: a dialog for a fragment, a whole page otherwise.
func (v *Views) ContactCard(w io.Writer, c ContactCard) error {
	if c.Standalone {
		return v.render(w, c.Lang, "contact/page", c)
	}
	return v.render(w, c.Lang, "contact/dialog", c)
}

// StartPage is the beginning of a conversation by us: on which channel, with whom, with which template.
type StartPage struct {
	Shell
	Channels   []StartChannel
	Text       string // search, a number, or an address of mail
	Mail       bool   // the channel carries letters
	Results    StartResults
	To         RecipientView
	Chosen     bool // the recipient is known: the templates are offered
	List       TemplateListView
	Form       *TemplateFormView
	Letter     *LetterForm // where no template is needed, once the recipient is known
	Standalone bool
}

// Loads is as of [Shell.Loads].
func (StartPage) Loads() []string { return conversationLoads }

// StartChannel is one channel on which a conversation may be begun.
type StartChannel struct {
	ID      domain.ID
	Name    string
	Number  string
	Current bool
}

// StartResults is whom a search found.
type StartResults struct {
	ChannelID domain.ID
	Text      string
	Contacts  []StartContact
	Number    string // the text read as a telephone number, in E.164; "" = it is none
	Address   string // the text read as an address of mail; "" = it is none, or the channel has no letters
	Searched  bool
}

// StartContact is one contact that can be written to.
type StartContact struct {
	ID      domain.ID
	Name    string
	Number  string
	Address string // of mail, on channels with letters
	Company string
}

// Start draws the dialog, or the page when it was opened by its address.
func (v *Views) Start(w io.Writer, p StartPage) error {
	if p.Standalone {
		return v.render(w, p.Lang, "contact/start-page", p)
	}
	return v.render(w, p.Lang, "contact/start-dialog", p)
}

// StartResults draws what the search found.
func (v *Views) StartResults(w io.Writer, lang string, r StartResults) error {
	return v.render(w, lang, "contact/results", r)
}

// RecipientName is how the recipient is called on the page.
func (p StartPage) RecipientName() string {
	if p.To.Name != "" {
		return p.To.Name
	}
	return p.To.Number
}
