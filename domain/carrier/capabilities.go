package carrier

import (
	"cmp"
	"time"

	"pult/domain"
)

// Capabilities is what a channel can do; pages, limits and windows follow from it and from nothing else.
type Capabilities struct {
	TextLength    int           // characters; 0 = no limit
	CaptionLength int           // characters; 0 = no limit
	NoCaptions    bool          // files carry no words: the text is a message of its own
	Window        time.Duration // free writing after the customer's last message; 0 = always
	WindowMargin  time.Duration // kept back from the window
	// PersonalWindow is how long after the customer's last message a person, and no machine, may still write; 0 = as
	// long as Window.
	PersonalWindow time.Duration
	Templates      bool
	StartTemplate  bool // we may start a conversation, with a template only
	StartFree      bool // we may start a conversation freely
	Reactions      bool
	Locations      bool // we can send a location
	Cards          bool // we can send contact cards
	Quotes         bool
	ReadReceipts   bool // we can tell the customer that we read
	Typing         bool
	Delivered      bool // the channel reports delivery
	Read           bool // the channel reports reading
	Segments       bool // texts are counted and paid in segments
	RefusalLocks   bool // to a customer who refused messages the vendor takes none
	Mail           bool // messages are letters: with subject, copies and signature
	Calls          bool // the desk can set up telephone calls
	CallsOnly      bool // it is a telephone: nothing can be written
	Visitors       bool // customers write on pages of the desk's own
	FilesPerSend   int  // attachments in one message; 0 and 1 both mean one
	// message key: why no files can be sent just now, although the product could carry them; "" = Files says all
	NoFiles    string
	Parallel   int   // requests at a time that the vendor takes of one channel; 0 = the usual number
	FilesTotal int64 // bytes of all attachments of one message together; 0 = no limit
	Files      []FileRule
}

// FileRule is a kind of file the channel takes.
type FileRule struct {
	Kind    domain.MessageKind
	MIME    []string // exact types, or "*/*" for any
	MaxSize int64    // bytes
}

// RuleFor finds what the channel would send a file of this type as; the second result is false when it takes no such
// file.
func (c Capabilities) RuleFor(mime string) (FileRule, bool) {
	for _, r := range c.Files {
		for _, m := range r.MIME {
			if m == mime || m == "*/*" {
				return r, true
			}
		}
	}
	return FileRule{}, false
}

// PersonalUntil is the end of the time in which a person, and no machine, may still write after the window is over;
// zero on channels that know no such time.
func (c Capabilities) PersonalUntil(conversation *domain.Conversation) time.Time {
	if c.Window == 0 || c.PersonalWindow <= c.Window {
		return time.Time{}
	}
	return conversation.WindowUntil(c.PersonalWindow, c.WindowMargin)
}

// CanWrite reports whether an operator may write freely now, and whether only as a person.
func (c Capabilities) CanWrite(conversation *domain.Conversation, now time.Time) (ok, personal bool) {
	if conversation.IsWindowOpen(c.Window, c.WindowMargin, now) {
		return true, false
	}
	personal = now.Before(c.PersonalUntil(conversation))
	return personal, personal
}

// WindowOver refuses what comes too late, and says what can be done instead.
func (c Capabilities) WindowOver() error {
	if c.Templates {
		return domain.Refuse(domain.Invalid, "error.window_closed")
	}
	return domain.Refuse(domain.Invalid, "error.window_over")
}

// CanGreet reports whether a channel can say something by itself: one that is written on, and not on pages of the
// desk's own, which begin with a first message anyway.
func (c Capabilities) CanGreet() bool { return !c.Visitors && !c.Calls && !c.CallsOnly }

// greetingLength bounds a greeting on channels whose texts have no limit, in characters.
const greetingLength = 1000

// GreetingLimit bounds a greeting in characters.
func (c Capabilities) GreetingLimit() int { return cmp.Or(c.TextLength, greetingLength) }
