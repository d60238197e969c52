package views

import (
	"io"
	"time"

	"pult/domain"
)

// WidgetPage is the chat on a shop's page: in its frame with script, as a page of its own without.
type WidgetPage struct {
	Lang    string
	Title   string // the company's name, or a greeting when it has none
	Key     string // of the channel, for addresses
	Origin  string // of the page around the frame; "" = this is a page of its own
	Colours string // address of the style sheet with the channel's colour
	Accept  string // media types of files, for the file chooser
	ID      string // of the message that the form will send, so that sending twice is sending once
	Thread  WidgetThread
	Form    WidgetForm
	Preview bool // drawn in the settings: nothing can be sent
	Left    bool // the button stands at the left, for the preview
}

// WidgetForm is what the visitor writes into, with what was typed before and what was wrong with it.
type WidgetForm struct {
	AskName, AskEmail bool
	Name, Email, Text string
	Faults            map[string]string // by field, in the visitor's language
}

// WidgetThread is the conversation.
type WidgetThread struct {
	Lang     string
	Title    string // who speaks when no operator does
	Seq      uint64
	Seen     string // the visitor's newest message that was read, by its page's name
	AskName  bool
	AskEmail bool
	Greeting string // shown while nothing was said
	Items    []WidgetMessage
}

// WidgetMessage is one message of the conversation.
type WidgetMessage struct {
	ID    domain.ID
	Said  string // what the visitor's page called it; "" for ours
	Own   bool
	Name  string // who wrote it, for ours
	Text  []Segment
	At    time.Time
	Files []WidgetFile
}

// WidgetFile is a file of a message.
type WidgetFile struct {
	Path  string // of its bytes; "" = not here yet
	Name  string
	Size  int64
	Image bool
}

// WidgetGone says why there is no chat here.
type WidgetGone struct {
	Lang string
	Text string // in the visitor's language
}

// WidgetPage draws the whole page.
func (v *Views) WidgetPage(w io.Writer, p WidgetPage) error {
	return v.render(w, p.Lang, "widget/page", p)
}

// WidgetThread draws the conversation.
func (v *Views) WidgetThread(w io.Writer, t WidgetThread) error {
	return v.render(w, t.Lang, "widget/thread", t)
}

// WidgetMessage draws one message: the same as in the conversation.
func (v *Views) WidgetMessage(w io.Writer, lang string, m WidgetMessage) error {
	return v.render(w, lang, "widget/message", m)
}

// WidgetGone draws the whole page.
func (v *Views) WidgetGone(w io.Writer, p WidgetGone) error {
	return v.render(w, p.Lang, "widget/gone", p)
}

// AppearancePage is how a web chat looks and what it says by itself.
type AppearancePage struct {
	Shell
	ChannelHead
	Colour   string
	Left     bool
	Details  []Choice
	Greeting []AppearanceText
	FollowUp []AppearanceText
	Spoken   []Choice // languages of the preview
	Preview  string   // address of the preview as it is stored
	Faults   map[string]string
}

// Loads is as of [Shell.Loads].
func (AppearancePage) Loads() []string { return settingsLoads }

// AppearanceText is a text in one language.
type AppearanceText struct {
	Field    string
	Language string // its code
	Words    string // its name in the reader's language
	Value    string
	BuiltIn  string // what is said without a text of the shop's own
}

// AppearancePage draws the whole page.
func (v *Views) AppearancePage(w io.Writer, p AppearancePage) error {
	return v.render(w, p.Lang, "widget/appearance", p)
}
