package world

import (
	"slices"
	"time"

	"pult/domain"
)

// Message is what is truly known of one message, in either direction.
type Message struct {
	ID           string // the vendor's
	Number       string
	Customer     string
	FromCustomer bool
	Echo         bool // written by staff past the desk, on the business telephone
	Kind         domain.MessageKind
	Text         string // also caption, title of a choice, or a template as the customer reads it
	File         *File
	Location     *domain.Location
	Cards        []domain.ContactCard
	Choice       string   // id of the tapped button
	Postback     bool     // the button is the business's own, not one under a message
	Tag          string   // by which a message was let through outside the window
	Buttons      []string // of a template
	Template     string   // its name
	ReplyTo      string   // id of the quoted message
	Target       string   // of a reaction being said
	Emoji        string   // of a reaction being said; "" removes
	Opaque       string   // what the sender wanted to hear back
	At           time.Time
	State        domain.MessageState
	FailCode     int
	ReadByDesk   bool // the desk marked it as read
	Edits        int  // how often the customer changed it
	Deleted      bool
	ByCustomer   string // the customer's reaction on it
	ByDesk       string // the desk's reaction on it
	Acknowledged bool   // the desk answered 200 to the webhook
	Statuses     []domain.MessageState
}

// clone shares only what is never changed after it was stored.
func (m *Message) clone() Message {
	out := *m
	out.Statuses = slices.Clone(m.Statuses)
	return out
}

// Message finds a message by the vendor's id; nil when there is none.
func (s *State) Message(id string) *Message { return s.messages[id] }

// Store adds a message. One without an id gets the vendor's. What the desk wrote
// ends its typing.
func (s *State) Store(m *Message) {
	if b := s.business(m.Number); m.ID == "" && b != nil {
		m.ID = b.dialect.NewMessageID(s, m)
	}
	m.At = s.Now()
	t := s.makeThread(m.Number, m.Customer)
	t.Messages = append(t.Messages, m)
	s.messages[m.ID] = m
	if !m.FromCustomer {
		t.typingUntil = m.At
	}
	s.notify()
}

// StoreReaction puts a reaction on the message it is about. It has no place of its own in the thread; the desk's is
// known by its id, because its states are reported.
func (s *State) StoreReaction(m *Message) {
	if b := s.business(m.Number); m.ID == "" && b != nil {
		m.ID = b.dialect.NewMessageID(s, m)
	}
	m.At = s.Now()
	target := s.messages[m.Target]
	switch {
	case m.FromCustomer && target != nil:
		target.ByCustomer = m.Emoji
	case target != nil:
		target.ByDesk = m.Emoji
		s.messages[m.ID] = m
		s.makeThread(m.Number, m.Customer).typingUntil = m.At
	}
	s.notify()
}

// SetDeskReaction puts the desk's reaction on a message, of vendors to whom that is no message; "" takes it away.
func (s *State) SetDeskReaction(m *Message, emoji string) {
	m.ByDesk = emoji
	s.notify()
}

// MarkRead marks what the customer wrote as read by the desk, up to a message; nil means all of it.
func (s *State) MarkRead(number, customer string, last *Message) {
	t := s.Thread(number, customer)
	if t == nil {
		return
	}
	for _, m := range t.Messages {
		m.ReadByDesk = m.ReadByDesk || m.FromCustomer
		if m == last {
			break
		}
	}
	s.notify()
}
