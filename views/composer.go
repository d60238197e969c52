package views

import (
	"io"
	"strconv"
	"strings"
	"time"

	"pult/domain"
)

// ComposerView is the place to write, with what was typed before.
type ComposerView struct {
	ConversationID domain.ID
	MessageID      domain.ID // identifier of the next message when there is no script to make one
	Window         WindowView
	Text           string
	Quote          *QuoteView // message that is answered
	Files          []UploadView
	DraftSaved     bool
	MaxLength      int // characters of a text; 0 = no limit
	MaxCaption     int // characters of a text that goes with a file; 0 = no limit
	MaxFiles       int
	Rules          []FileRuleView // what files the channel takes
	// why no files can be sent just now, in the reader's language; "" = they can, or the channel has none
	NoFiles    string
	Segments   bool // texts are counted in the parts that are charged for
	Templates  bool // the channel knows message templates
	EnterSends bool
	Error      string // sentence: why the text below could not be sent
	Author     string // how the reader's name stands above their bubbles
	Letter     *ComposerLetter
}

// ComposerLetter is what a letter needs beside its text; nil on channels without letters.
type ComposerLetter struct {
	To        string // who gets it
	Cc        string // who gets it besides, as ParseMailAddresses reads it
	Elsewhere bool   // the customer wants answers at another domain than they write from
	Signature string // the reader's own, which is put under the letter
}

// Locked reports whether nothing can be written freely now.
func (c ComposerView) Locked() bool { return c.Window.State == "closed" || c.Window.State == "refused" }

// Accept is the list of types for the chooser of files.
func (c ComposerView) Accept() string {
	var all []string
	for _, r := range c.Rules {
		all = append(all, r.MIME...)
	}
	return strings.Join(all, ",")
}

// FileRuleView is a kind of file the channel takes; the page checks it before anything is uploaded, the desk again.
type FileRuleView struct {
	MIME []string `json:"mime"`
	Max  int64    `json:"max"` // bytes
	Size string   `json:"size"`
}

// UploadView is a file that was uploaded and not sent.
type UploadView struct {
	ID             domain.ID
	ConversationID domain.ID
	Name           string
	Size           int64
	Image          bool
}

// WindowView is the time in which the channel lets us write freely.
type WindowView struct {
	// "" = no limit, open, closing (under an hour), personal (only what a person writes may be sent), closed, refused (the
	// customer takes no message)
	State string
	// Advertising is refused: what was not asked for must not be sent
	Advertising bool
	Until       time.Time
	// Personal is the end of the time after Until in which a person, and no machine, may still write; zero = there is
	// none.
	Personal time.Time
	// Patient: nothing can be sent after the end, because the channel knows no templates, so the customer has to write
	// first.
	Patient bool
	Now     time.Time // the desk's clock at the time of drawing; the page's own may differ
	Left    time.Duration
}

// UntilMS and NowMS are milliseconds since 1970 for the page's script; "" when there is no end.
func (w WindowView) UntilMS() string { return formatMilliseconds(w.Until) }

// PersonalMS is Personal, as UntilMS.
func (w WindowView) PersonalMS() string { return formatMilliseconds(w.Personal) }

// NowMS is the desk's clock.
func (w WindowView) NowMS() string { return formatMilliseconds(w.Now) }

func formatMilliseconds(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}

// writeComposer writes the place to write. The next message's identifier is new each time, so it fills a hole.
func (s *sheet) writeComposer(c *ComposerView) {
	shown := *c
	shown.ConversationID, shown.MessageID, shown.Window = hole(0), hole(1), WindowView{}
	if c.Locked() {
		shown.Window = WindowView{State: c.Window.State}
	}
	talk, next := c.ConversationID.String(), c.MessageID.String()
	s.keep("composer/open", &shown, talk, next)
	s.draw("composer/window", &c.Window)
	s.keep("composer/body", &shown, talk, next)
}

// ComposerError draws a bundle with the sentence that says why something could not be sent; "" takes it away.
func (v *Views) ComposerError(w io.Writer, lang, sentence string) error {
	return v.render(w, lang, "composer/error-changed", sentence)
}

// Window draws a bundle that replaces the time left for writing freely.
func (v *Views) Window(w io.Writer, lang string, p WindowView) error {
	return v.render(w, lang, "composer/window-changed", p)
}

// Upload draws the chip of a file that was uploaded.
func (v *Views) Upload(w io.Writer, lang string, u UploadView) error {
	return v.render(w, lang, "composer/upload", u)
}
