package views

import (
	"io"
	"time"

	"pult/domain"
)

// ConversationPage is the page of one conversation: its requests, its messages with the place to write, and the open
// request or the form of a new one.
type ConversationPage struct {
	Shell
	ID       domain.ID
	Pane     string // which pane a narrow window shows first: requests, messages or request
	Head     HeadView
	Requests RequestsView
	Thread   ThreadView
	Composer ComposerView
	Viewers  ViewersView
	Side     SideView
	At       domain.ID // message to show and to flash; zero = the end
	Quotes   bool      // the channel can quote a message
	Reacts   bool      // the channel knows reactions
	Calls    bool      // the channel is a telephone: nothing can be written
	Emoji    string    // asset with the signs and their names in the reader's language
}

// Loads is as of [Shell.Loads].
func (ConversationPage) Loads() []string { return conversationLoads }

// HeadView is the head of a conversation, above its messages: who, on which channel, and where the work stands.
type HeadView struct {
	ID           domain.ID
	Number       uint64
	ContactID    domain.ID
	Name         string
	Address      string
	Subject      string // of the letters; "" on channels that know none
	To           string // whom the next letter goes to; "" on channels without letters
	Cc           string // and who gets it besides: the place to write follows both
	Channel      string
	Kind         domain.ChannelKind
	Status       domain.Status
	Statuses     []StatusChoice
	Phone        string // the contact can be called; "" = no number is known
	Assignee     domain.ID
	AssigneeName string
	Operators    []OperatorChoice
	Others       int           // how many operators there are besides; they are chosen in a dialog
	WaitingSince time.Time     // zero = nobody waits
	Waiting      time.Duration // how long, at the time of drawing
}

// Tone is the colour of the conversation's status.
func (h HeadView) Tone() string { return Tone(h.Status) }

// Open reports whether the conversation can be resolved with one click.
func (h HeadView) Open() bool { return !h.Status.IsDone() }

// Final reports whether the status cannot change any more.
func (h HeadView) Final() bool { return h.Status == domain.StatusClosed }

// StatusChoice is one entry of the status menu.
type StatusChoice struct {
	Status  domain.Status
	Current bool
	Allowed bool
}

// ViewersView says who else looks at the conversation. It holds the reader too: the page hides them by script, so one
// drawing serves everybody.
type ViewersView struct {
	Viewers []ViewerView
}

// ViewerView is one operator with the conversation open, or the customer while they type.
type ViewerView struct {
	ID       domain.ID
	Name     string
	Typing   bool
	Customer bool
}

// ConversationPage draws the whole page.
func (v *Views) ConversationPage(w io.Writer, p ConversationPage) error {
	return v.compose(w, p.Lang, func(s *sheet) {
		s.openShell(&p.Shell, p)
		s.keep("conversation/open", &panesPiece{
			ID: hole(0), ReaderID: hole(1), Quotes: p.Quotes, Reacts: p.Reacts, At: p.At,
		}, p.ID.String(), p.Reader.ID.String())
		s.draw("conversation/name", p.Head.Name)
		s.keep("conversation/switch", &switchPiece{p.Pane, p.Side.Request != nil})
		s.writeRequestPane(&p.Requests)
		s.keep("conversation/messages-open", struct{}{})
		s.writeHead(&p.Head)
		s.writeThread(&p.Thread)
		s.keep("conversation/viewers", &p.Viewers)
		s.keep("conversation/foot-open", struct{}{})
		if p.Calls {
			s.draw("call/foot", &p.Head)
		} else {
			s.writeComposer(&p.Composer)
		}
		s.keep("conversation/foot-close", struct{}{})
		s.writeSide(&p.Side)
		s.keep("conversation/close", &toolsOfTalk{p.Emoji})
		s.closeShell(&p.Shell)
	})
}

// The values of the page's pieces.
type (
	panesPiece struct {
		ID, ReaderID   domain.ID
		Quotes, Reacts bool
		At             domain.ID
	}
	switchPiece struct {
		Pane     string
		Selected bool // a request is open
	}
	threadPiece struct {
		ConversationID domain.ID
		Older          string
		Empty          bool
		Selected       domain.ID
	}
	threadEndPiece struct {
		ConversationID domain.ID
		Newer          string
	}
	toolsOfTalk struct{ Emoji string }
)

func (s *sheet) writeHead(h *HeadView) {
	shown := *h
	shown.Waiting = shownWait(h.Waiting)
	s.keep("conversation/head", &shown)
}

func (s *sheet) writeThread(t *ThreadView) {
	s.draw("conversation/thread-open", &threadPiece{t.ConversationID, t.Older, t.Empty, t.Selected})
	s.writeLines(t.Lines)
	s.draw("conversation/thread-close", &threadEndPiece{t.ConversationID, t.Newer})
}

// Head draws a bundle that replaces the head of the conversation.
func (v *Views) Head(w io.Writer, lang string, h HeadView) error {
	return v.compose(w, lang, func(s *sheet) {
		s.keep("conversation/head-open", struct{}{})
		s.writeHead(&h)
		s.keep("message/partial-close", struct{}{})
	})
}

// AssignView is the choice of an assignee where there are more operators than a menu holds.
type AssignView struct {
	Shell
	ConversationID domain.ID
	Text           string // looked for
	Operators      []OperatorChoice
	More           string // address of the next ones, "" when these are all
	// Part is what to draw: the dialog; the page, when it was opened by its address; the list that was found; the rows
	// after those that are shown; done, which takes the dialog away.
	Part string
}

// Loads is as of [Shell.Loads].
func (AssignView) Loads() []string { return conversationLoads }

// Assign draws the part that was asked for.
func (v *Views) Assign(w io.Writer, a AssignView) error {
	return v.render(w, a.Lang, "conversation/assign-"+a.Part, a)
}

// Viewers draws a bundle that replaces the names of those who look or type.
func (v *Views) Viewers(w io.Writer, lang string, p ViewersView) error {
	return v.render(w, lang, "conversation/viewers-changed", p)
}

// EmojiGroup is a button of the emoji picker.
type EmojiGroup struct {
	Name, Sign string
	Words      string // message key
}

// EmojiGroups are the groups of the picker, in order.
func (toolsOfTalk) EmojiGroups() []EmojiGroup {
	return []EmojiGroup{
		{"recent", "🕘", "emoji.recent"}, {"smileys", "😀", "emoji.smileys"}, {"people", "👋", "emoji.people"},
		{"animals", "🐻", "emoji.animals"}, {"food", "🍎", "emoji.food"}, {"travel", "🚗", "emoji.travel"},
		{"activities", "⚽", "emoji.activities"}, {"objects", "💡", "emoji.objects"}, {"symbols", "❤️", "emoji.symbols"},
		{"flags", "🏳️", "emoji.flags"},
	}
}

// QuickReactions are the six signs that a message's menu offers at once.
func (toolsOfTalk) QuickReactions() []string {
	return []string{"👍", "❤️", "😂", "😮", "🙏", "✅"}
}
