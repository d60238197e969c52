package domain

import (
	"strings"
	"time"
)

// Direction is who speaks.
type Direction string

// The directions.
const (
	Incoming Direction = "in"
	Outgoing Direction = "out"
	Activity Direction = "activity" // a line between the messages: assigned, resolved, …
)

// AuthorKind is the kind of author who wrote a message.
type AuthorKind string

// The kinds of author.
const (
	ByCustomer AuthorKind = "customer"
	ByOperator AuthorKind = "operator"
	ByPhone    AuthorKind = "phone" // staff, on the business telephone, outside the desk
	BySystem   AuthorKind = "system"
)

// MessageKind is the shape of what was said.
type MessageKind string

// The kinds of message.
const (
	KindText        MessageKind = "text"
	KindImage       MessageKind = "image"
	KindAudio       MessageKind = "audio" // a file; a recording made in the chat is KindVoice
	KindVoice       MessageKind = "voice"
	KindVideo       MessageKind = "video"
	KindDocument    MessageKind = "document"
	KindSticker     MessageKind = "sticker"
	KindLocation    MessageKind = "location"
	KindContacts    MessageKind = "contacts"
	KindChoice      MessageKind = "choice" // a tapped button or list row, or a filled form
	KindOrder       MessageKind = "order"
	KindTemplate    MessageKind = "template"
	KindSystem      MessageKind = "system"      // the vendor tells something, such as a changed number
	KindUnsupported MessageKind = "unsupported" // shown as a placeholder, raw data kept
	KindActivity    MessageKind = "activity"
	KindCall        MessageKind = "call"
	KindReaction    MessageKind = "reaction" // only in transit: stored on the message it is about
)

// IsMedia reports whether the kind carries a file.
func (k MessageKind) IsMedia() bool {
	switch k {
	case KindImage, KindAudio, KindVoice, KindVideo, KindDocument, KindSticker:
		return true
	}
	return false
}

// MessageState is how far an outgoing message came. It never moves backwards, whatever order callbacks arrive in.
type MessageState string

// The states of an outgoing message; incoming ones are Received.
const (
	StateReceived    MessageState = "received"
	StateQueued      MessageState = "queued"
	StateSending     MessageState = "sending"
	StateUncertain   MessageState = "uncertain" // the vendor may or may not have taken it
	StateSent        MessageState = "sent"
	StateDelivered   MessageState = "delivered"
	StateRead        MessageState = "read"
	StatePlayed      MessageState = "played" // a voice message was listened to; shown as read
	StateFailed      MessageState = "failed"
	StateUndelivered MessageState = "undelivered" // taken by the vendor, not delivered
	StateTimedOut    MessageState = "timed_out"   // taken by the vendor, not delivered in time
)

// stateRank orders the states. A failure ranks above "sent", which it contradicts, and below proof of delivery, which
// contradicts it.
var stateRank = map[MessageState]int{
	StateQueued: 1, StateSending: 2, StateUncertain: 3, StateSent: 4,
	StateFailed: 5, StateUndelivered: 5, StateTimedOut: 5,
	StateDelivered: 6, StateRead: 7, StatePlayed: 8,
}

// IsValid reports whether the state exists.
func (s MessageState) IsValid() bool { return s == StateReceived || stateRank[s] > 0 }

// CanAdvanceTo reports whether a vendor's report may move a message from s to t.
func (s MessageState) CanAdvanceTo(t MessageState) bool { return stateRank[t] > stateRank[s] }

// NeedsAttention reports whether a person should look: it failed, was not delivered, or nobody knows.
func (s MessageState) NeedsAttention() bool {
	return s == StateFailed || s == StateUndelivered || s == StateTimedOut || s == StateUncertain
}

// IsPending reports whether the message has not left the desk for certain.
func (s MessageState) IsPending() bool { return s == StateQueued || s == StateSending }

// Author is who wrote a message.
type Author struct {
	Kind     AuthorKind `cbor:"1,keyasint,omitzero"`
	Operator ID         `cbor:"2,keyasint,omitzero"` // for ByOperator
	Name     string     `cbor:"3,keyasint,omitzero"` // as it was when written
}

// Message is one thing said in a conversation.
type Message struct {
	ID             ID            `cbor:"1,keyasint,omitzero"`
	ConversationID ID            `cbor:"2,keyasint,omitzero"`
	ChannelID      ID            `cbor:"3,keyasint,omitzero"`
	At             time.Time     `cbor:"4,keyasint,omitzero"` // its order in the conversation, UTC, milliseconds
	Direction      Direction     `cbor:"5,keyasint,omitzero"`
	Author         Author        `cbor:"6,keyasint,omitzero"`
	Kind           MessageKind   `cbor:"7,keyasint,omitzero"`
	Text           string        `cbor:"8,keyasint,omitzero"`
	Attachments    []Attachment  `cbor:"9,keyasint,omitzero"`
	Location       *Location     `cbor:"10,keyasint,omitzero"`
	Cards          []ContactCard `cbor:"11,keyasint,omitzero"`
	Order          *Order        `cbor:"12,keyasint,omitzero"`
	Choice         *Choice       `cbor:"13,keyasint,omitzero"`
	Referral       *Referral     `cbor:"14,keyasint,omitzero"`
	Template       *TemplateUse  `cbor:"15,keyasint,omitzero"`
	Forwarded      bool          `cbor:"16,keyasint,omitzero"`
	ReplyTo        ID            `cbor:"17,keyasint,omitzero"` // the quoted message, when we have it
	ReplyToVendor  string        `cbor:"18,keyasint,omitzero"` // the vendor's id of the quoted message
	Reactions      []Reaction    `cbor:"19,keyasint,omitzero"`
	State          MessageState  `cbor:"20,keyasint,omitzero"`
	StateAt        time.Time     `cbor:"21,keyasint,omitzero"`
	Failure        *Failure      `cbor:"22,keyasint,omitzero"`
	Attempts       []Attempt     `cbor:"23,keyasint,omitzero"`
	VendorID       string        `cbor:"24,keyasint,omitzero"` // the vendor's id of this message
	VendorAt       time.Time     `cbor:"25,keyasint,omitzero"` // the vendor's time
	ReceivedAt     time.Time     `cbor:"26,keyasint,omitzero"` // when the desk stored it
	Requests       []RequestRef  `cbor:"27,keyasint,omitzero"`
	NoReply        bool          `cbor:"29,keyasint,omitzero"` // an operator said that no reply is needed
	Edited         []string      `cbor:"30,keyasint,omitzero"`
	// the customer deleted it; the text is kept and shown as deleted
	Deleted bool `cbor:"31,keyasint,omitzero"`
	// what the vendor sent; kept beside the message, read only for its details
	Raw []byte `cbor:"-"`
	// for activities and what the vendor tells: the message key of the line
	ActivityCode string            `cbor:"33,keyasint,omitzero"`
	ActivityArgs map[string]string `cbor:"34,keyasint,omitzero"` // and its values
	Mail         *Mail             `cbor:"36,keyasint,omitzero"` // for e-mail: what a letter has beside its text
	Call         *Call             `cbor:"37,keyasint,omitzero"` // for KindCall
	// was asked for at the vendor, who tells more when it calls by itself
	Polled bool `cbor:"38,keyasint,omitzero"`
	// since when it waits to leave, because somebody wrote it or had it sent again
	WaitsSince time.Time `cbor:"39,keyasint,omitzero"`
}

// HappenedAt is when the message was written or came in: At, unless that lies ahead of the time at which the desk stored
// it, because it had to stand behind one that was written while the clock was ahead.
func (m *Message) HappenedAt() time.Time {
	const together = time.Second // the parts of one answer follow each other by milliseconds
	if !m.ReceivedAt.IsZero() && m.At.Sub(m.ReceivedAt) > together {
		return m.ReceivedAt
	}
	return m.At
}

// QuoteText is the text a quote or a preview shows: the text, else the file's name. Stickers and voice messages have
// none that says anything.
func (m *Message) QuoteText() string {
	if m.Text != "" {
		return m.Text
	}
	if len(m.Attachments) > 0 && m.Kind != KindSticker && m.Kind != KindVoice {
		return m.Attachments[0].Name
	}
	if m.Location != nil {
		return strings.TrimSpace(m.Location.Name + " " + m.Location.Address)
	}
	if len(m.Cards) > 0 {
		return m.Cards[0].Name
	}
	return ""
}

// Glance is what the chats table shows of the message.
func (m *Message) Glance() MessageGlance {
	g := MessageGlance{
		ID:        m.ID,
		Direction: m.Direction,
		Kind:      m.Kind,
		Text:      Clip(strings.Join(strings.Fields(m.QuoteText()), " "), GlanceLength),
		State:     m.State,
		At:        m.At,
	}
	if m.Call != nil {
		g.Call = m.Call.State
	}
	return g
}

// IsFiledUnder reports whether the message belongs to the request.
func (m *Message) IsFiledUnder(request ID) bool {
	for _, r := range m.Requests {
		if r.ID == request {
			return true
		}
	}
	return false
}

// AttachmentState is how far the file of a message came. It is a state of its own: the message can be here before it.
type AttachmentState string

// The states of an attachment.
const (
	FileFetching AttachmentState = "fetching"
	FileStored   AttachmentState = "stored"
	FileFailed   AttachmentState = "failed" // a person can try again while the vendor keeps the file
)

// Attachment is a file that belongs to a message.
type Attachment struct {
	FileID   ID              `cbor:"1,keyasint,omitzero"` // zero until stored
	State    AttachmentState `cbor:"2,keyasint,omitzero"`
	Name     string          `cbor:"3,keyasint,omitzero"` // as the sender called it; metadata only, never a path
	MIME     string          `cbor:"4,keyasint,omitzero"` // as the sender said, without parameters
	Size     int64           `cbor:"5,keyasint,omitzero"` // bytes
	VendorID string          `cbor:"6,keyasint,omitzero"` // the vendor's media id
	Voice    bool            `cbor:"7,keyasint,omitzero"`
	Animated bool            `cbor:"8,keyasint,omitzero"`
	Failure  *Failure        `cbor:"9,keyasint,omitzero"`
	// ContentID names a picture that belongs into the HTML of a letter, without angle brackets; "" = a file of its own.
	ContentID string `cbor:"10,keyasint,omitzero"`
}

// Location is a place.
type Location struct {
	Latitude  float64 `cbor:"1,keyasint,omitzero"` // degrees, WGS 84
	Longitude float64 `cbor:"2,keyasint,omitzero"` // degrees, WGS 84
	Name      string  `cbor:"3,keyasint,omitzero"`
	Address   string  `cbor:"4,keyasint,omitzero"`
	URL       string  `cbor:"5,keyasint,omitzero"`
}

// ContactCard is a business card.
type ContactCard struct {
	Name         string   `cbor:"1,keyasint,omitzero"`
	Organisation string   `cbor:"2,keyasint,omitzero"`
	Phones       []string `cbor:"3,keyasint,omitzero"`
	Emails       []string `cbor:"4,keyasint,omitzero"`
}

// Order is what a customer put into a basket.
type Order struct {
	Text  string      `cbor:"1,keyasint,omitzero"`
	Items []OrderItem `cbor:"2,keyasint,omitzero"`
}

// OrderItem is an item of an order. Price is for one piece.
type OrderItem struct {
	Product  string  `cbor:"1,keyasint,omitzero"`
	Quantity int     `cbor:"2,keyasint,omitzero"`
	Price    float64 `cbor:"3,keyasint,omitzero"`
	Currency string  `cbor:"4,keyasint,omitzero"`
}

// Choice is what the customer tapped.
type Choice struct {
	ID          string            `cbor:"1,keyasint,omitzero"` // the vendor's or our id of the choice
	Description string            `cbor:"2,keyasint,omitzero"`
	Fields      map[string]string `cbor:"3,keyasint,omitzero"` // of a filled form
}

// Referral is the advertisement a customer came from.
type Referral struct {
	URL      string `cbor:"1,keyasint,omitzero"`
	Headline string `cbor:"2,keyasint,omitzero"`
	Body     string `cbor:"3,keyasint,omitzero"`
}

// Reaction is an emoji put on a message.
type Reaction struct {
	Emoji    string    `cbor:"1,keyasint,omitzero"`
	From     Direction `cbor:"2,keyasint,omitzero"` // Incoming: the customer; Outgoing: the business
	Operator ID        `cbor:"3,keyasint,omitzero"`
	At       time.Time `cbor:"4,keyasint,omitzero"`
}

// RequestRef names a request a message is filed under.
type RequestRef struct {
	ID   ID     `cbor:"1,keyasint,omitzero"`
	Code string `cbor:"2,keyasint,omitzero"`
}

// Attempt is one try to deliver a message, recorded before the first byte goes out.
type Attempt struct {
	Number    int          `cbor:"1,keyasint,omitzero"`
	StartedAt time.Time    `cbor:"2,keyasint,omitzero"`
	EndedAt   time.Time    `cbor:"3,keyasint,omitzero"` // zero while it runs or when the program died in it
	Outcome   MessageState `cbor:"4,keyasint,omitzero"`
	Failure   *Failure     `cbor:"5,keyasint,omitzero"`
}

// MaxAttempts is how many attempts are kept of a message that waits for its vendor for long: the first and the last.
const MaxAttempts = 20

// BeginAttempt begins an attempt to deliver the message.
func (m *Message) BeginAttempt(now time.Time) {
	n := len(m.Attempts)
	next := Attempt{Number: 1, StartedAt: now}
	if n > 0 {
		next.Number = m.Attempts[n-1].Number + 1
	}
	if n >= MaxAttempts {
		m.Attempts = append(m.Attempts[:1:1], m.Attempts[2:]...)
	}
	m.Attempts = append(m.Attempts, next)
}

// MaxFiles is how many files one reply may carry; the desk makes as many messages of them as the channel needs.
const MaxFiles = 10
