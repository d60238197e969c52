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
