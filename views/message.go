package views

import (
	"fmt"
	"io"
	"strings"
	"time"

	"pult/domain"
)

// ThreadView is the part of a conversation that is shown: its lines, oldest first.
type ThreadView struct {
	ConversationID domain.ID
	Older          string // cursor of the page before the first line; "" = the beginning is shown
	Newer          string // cursor of the page after the last line; "" = the end is shown
	Lines          []LineView
	Selected       domain.ID // request whose messages stand out; zero = none
	Empty          bool
}

// LineView is one line of the thread: exactly one of Day, Unread, Message and After is set.
type LineView struct {
	Key     string // sorts it among the lines of the thread; see LineKey
	Day     *DayView
	Unread  bool // "unread from here"
	Message *MessageView
	After   *AfterView
}

// DayView is the heading before the first message of a day.
type DayView struct {
	ID string // date in the readers' zone, 2026-11-20: one heading per day, however often it is drawn
	At time.Time
}

// LineKey orders the lines of a thread as texts: by time, then by identifier, a heading before what it heads and a line
// about a message right after it. Live lines find their place by it.
func LineKey(at time.Time, id domain.ID) string { return fmt.Sprintf("%013d-%s", at.UnixMilli(), id) }

// KeyBefore sorts right before every message of the moment; rank orders several such lines.
func KeyBefore(at time.Time, rank int) string {
	return fmt.Sprintf("%013d!%d", at.UnixMilli(), rank) // "!" sorts before "-"
}

// KeyAfter sorts right after the line with the key.
func KeyAfter(key string) string { return key + "~" }

// MessageView is one message as a reader of a language sees it. Nothing else of the reader goes into it, so that one
// drawing serves everybody who looks at the conversation.
type MessageView struct {
	ID             domain.ID
	ConversationID domain.ID
	Key            string
	At             time.Time
	From           string // them or us
	Kind           domain.MessageKind
	Author         string // shown above the text; "" = nobody
	OnPhone        bool   // written on the business telephone, outside the desk
	Activity       string // the whole line, for KindActivity and KindSystem
	Text           []Segment
	Large          bool // one to three emoji and nothing else
	Attachments    []AttachmentView
	Location       *domain.Location
	Cards          []domain.ContactCard
	Order          *OrderView
	Choice         *domain.Choice
	Referral       *ReferralView
	Template       string // name of the template it was made from
	Buttons        []string
	Unsupported    bool
	Forwarded      bool
	Edited         bool
	Deleted        bool
	Quote          *QuoteView
	Letter         *LetterView // nil on channels without letters
	Reactions      []ReactionView
	Requests       []domain.RequestRef
	Tick           *TickView // nil for what customers wrote
	Failure        *FailureView
	Wait           *WaitView // nil = it does not wait to leave
	Call           *CallView // nil for everything but telephone calls
	Can            MessageCan
}

// MessageCan says what the menu of a message offers.
type MessageCan struct{ Reply, React, Retry, MarkSent bool }

// RequestIDs are the requests the message is filed under, for the page's script, separated by spaces.
func (m MessageView) RequestIDs() string {
	ids := make([]string, len(m.Requests))
	for i, r := range m.Requests {
		ids[i] = r.ID.String()
	}
	return strings.Join(ids, " ")
}

// WaitView says what keeps a message from leaving, in the reader's language, the vendor's code, and until when it waits.
type WaitView struct {
	Sentence string
	Code     string
	Until    time.Time
}

// FailureView says why a message did not arrive, in the reader's language, and the vendor's code.
type FailureView struct {
	Sentence string
	Code     string
}

// AttachmentView is one file of a message.
type AttachmentView struct {
	Show      string // image, sticker, audio, video or file
	State     domain.AttachmentState
	MessageID domain.ID
	Index     int
	FileID    domain.ID
	Name      string
	Size      int64
	Voice     bool
	Failure   string // sentence; "" when State is not FileFailed
}

// QuoteView is the message that another one answers.
type QuoteView struct {
	ConversationID domain.ID
	ID             domain.ID // zero = the quoted message is not here
	Author         string
	Kind           domain.MessageKind
	Text           string
}

// ReactionView is one emoji under a message and how many put it there.
type ReactionView struct {
	Emoji string
	Count int
	Ours  bool
}

// OrderView is a basket, with prices written for the reader.
type OrderView struct {
	Text  string
	Items []OrderItemView
}

// OrderItemView is an item of a basket.
type OrderItemView struct {
	Product  string
	Quantity int
	Price    string // "" = not told
}

// ReferralView is the advertisement a customer came from. Link is empty unless the address is an ordinary web address.
type ReferralView struct {
	Headline, Body string
	Link           []Segment
}

// AfterView is the pair of boxes under the customer's last message.
type AfterView struct {
	ConversationID domain.ID
	MessageID      domain.ID
	Key            string
	NoReply        bool
	Selected       domain.RequestRef // zero = no request is selected, and the second box is hidden
	Filed          bool
}

// MapURL is the place on OpenStreetMap: a link that is only followed when somebody clicks it.
func (m MessageView) MapURL() string {
	return fmt.Sprintf(
		"https://www.openstreetmap.org/?mlat=%[1]f&mlon=%[2]f#map=17/%[1]f/%[2]f",
		m.Location.Latitude,
		m.Location.Longitude,
	)
}

// Coordinates are latitude and longitude in degrees, as maps and navigation take them.
func (m MessageView) Coordinates() string {
	return fmt.Sprintf("%.5f, %.5f", m.Location.Latitude, m.Location.Longitude)
}

// Message draws one message: for an action's answer, and for a page that shows it already.
func (v *Views) Message(w io.Writer, lang string, m MessageView) error {
	return v.compose(w, lang, func(s *sheet) { s.keep("message/line", &m) })
}

// MessageChanged draws a bundle that replaces the message on pages that show it and does nothing on others.
func (v *Views) MessageChanged(w io.Writer, lang string, m MessageView) error {
	return v.compose(w, lang, func(s *sheet) {
		s.draw("message/changed-open", m.ID)
		s.keep("message/line", &m)
		s.keep("message/partial-close", struct{}{})
	})
}

// Lines draws a bundle that puts lines into the thread at their places; lines that are there already are replaced.
func (v *Views) Lines(w io.Writer, lang string, lines []LineView) error {
	return v.compose(w, lang, func(s *sheet) {
		s.keep("message/lines-open", struct{}{})
		s.writeLines(lines)
		s.keep("message/partial-close", struct{}{})
	})
}

// writeLines writes lines of the thread. A message is the same piece wherever it stands.
func (s *sheet) writeLines(lines []LineView) {
	for i := range lines {
		if m := lines[i].Message; m != nil {
			s.keep("message/line", m)
		} else {
			s.keep("message/mark", &lines[i])
		}
	}
}

// Older draws the page of the thread before the one that is shown, in the place of the link that asked for it.
func (v *Views) Older(w io.Writer, lang string, t ThreadView) error {
	return v.compose(w, lang, func(s *sheet) {
		s.draw("message/earlier", &threadPiece{ConversationID: t.ConversationID, Older: t.Older})
		s.writeLines(t.Lines)
	})
}

// Newer draws the page of the thread after the one that is shown, in the place of the link that asked for it.
func (v *Views) Newer(w io.Writer, lang string, t ThreadView) error {
	return v.compose(w, lang, func(s *sheet) {
		s.writeLines(t.Lines)
		s.draw("message/later", &threadEndPiece{t.ConversationID, t.Newer})
	})
}

// MessageDetails is what is known of one message besides what it says.
type MessageDetails struct {
	Lang       string
	ID         domain.ID
	At         time.Time
	VendorAt   time.Time
	ReceivedAt time.Time
	State      domain.MessageState
	StateAt    time.Time
	Author     string
	VendorID   string
	Edited     []string // earlier texts, oldest first
	SeeRaw     bool     // the reader may see the attempts and what the vendor sent
	Attempts   []AttemptView
	Raw        string // indented JSON; "" = none kept
	Detail     string // the vendor's own words about a failure
}

// AttemptView is one try to deliver a message.
type AttemptView struct {
	Number    int
	StartedAt time.Time
	Took      time.Duration // 0 = it did not end
	Outcome   domain.MessageState
	Code      string
	Detail    string
}

// MessageDetails draws the dialog about one message.
func (v *Views) MessageDetails(w io.Writer, d MessageDetails) error {
	return v.render(w, d.Lang, "message/details", d)
}

// FilingView is the choice of the requests that a message is filed under.
type FilingView struct {
	Lang           string
	MessageID      domain.ID
	ConversationID domain.ID
	Requests       []FilingRow
	Before         domain.ID // where the next page begins; zero = these are all
	Next           bool      // a page after the first: rows in the place of the link that asked for them
}

// FilingRow is one request of the conversation.
type FilingRow struct {
	ID    domain.ID
	Code  string
	Title string
	Filed bool
}

// Filing draws the dialog in which a message is filed under requests.
func (v *Views) Filing(w io.Writer, f FilingView) error {
	if f.Next {
		return v.render(w, f.Lang, "message/filing-rows", f)
	}
	return v.render(w, f.Lang, "message/filing", f)
}
