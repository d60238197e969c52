package domain

import (
	"time"
)

// Conversation is everything said between one contact and one channel. It doubles as the ready-made row of the chats
// table: what a row shows is kept here by the writes, so that a page of rows reads one record each.
type Conversation struct {
	ID        ID       `cbor:"1,keyasint,omitzero"`
	Number    uint64   `cbor:"2,keyasint,omitzero"` // what people see
	ChannelID ID       `cbor:"3,keyasint,omitzero"`
	ContactID ID       `cbor:"4,keyasint,omitzero"`
	To        Identity `cbor:"5,keyasint,omitzero"` // where answers go

	Name    string `cbor:"6,keyasint,omitzero"` // the contact's title, kept for the table
	Address string `cbor:"7,keyasint,omitzero"` // number, mail address or user name under the name

	Status       Status `cbor:"8,keyasint,omitzero"`
	Assignee     ID     `cbor:"9,keyasint,omitzero"`  // who is responsible; zero = nobody
	LastOperator ID     `cbor:"10,keyasint,omitzero"` // who answered last; zero = nobody yet
	// the customer's oldest unanswered message; zero = nobody waits (the beacon is dark)
	WaitingSince time.Time `cbor:"11,keyasint,omitzero"`
	// the vendor's time of the customer's last message: the window counts from here
	LastInbound time.Time `cbor:"12,keyasint,omitzero"`
	Unread      int       `cbor:"13,keyasint,omitzero"` // customer messages since an operator last opened it
	Tags        []string  `cbor:"14,keyasint,omitzero"`

	LastMessage MessageGlance `cbor:"15,keyasint,omitzero"`
	// the customer's last message; "no reply needed" and "new request" refer to it
	LastInboundID ID        `cbor:"16,keyasint,omitzero"`
	CreatedAt     time.Time `cbor:"17,keyasint,omitzero"`
	ActiveAt      time.Time `cbor:"18,keyasint,omitzero"` // when something was last said: the order of the table
	MessageCount  int       `cbor:"19,keyasint,omitzero"`
	// from the first customer message to our first answer; 0 = none yet
	FirstResponseIn time.Duration `cbor:"20,keyasint,omitzero"`
	// of the letters, without "Re:"; "" on channels that know none
	Subject string `cbor:"21,keyasint,omitzero"`
	// who else gets the next letter, unless its author says otherwise
	Cc []MailAddress `cbor:"22,keyasint,omitzero"`
	// addresses, in lower case, of those who took part by letter; others are strangers to it
	Parties []string `cbor:"23,keyasint,omitzero"`
	// what the contact refuses on this channel, kept for those who write
	Refuses Refusal `cbor:"24,keyasint,omitzero"`
}

// MessageGlance is what the chats table shows of the last message.
type MessageGlance struct {
	ID        ID           `cbor:"1,keyasint,omitzero"`
	Direction Direction    `cbor:"2,keyasint,omitzero"`
	Kind      MessageKind  `cbor:"3,keyasint,omitzero"`
	Text      string       `cbor:"4,keyasint,omitzero"` // at most GlanceLength characters
	State     MessageState `cbor:"5,keyasint,omitzero"`
	At        time.Time    `cbor:"6,keyasint,omitzero"`
	Call      CallState    `cbor:"7,keyasint,omitzero"` // for KindCall
}

// GlanceLength bounds the preview in characters.
const GlanceLength = 140

// IsWaiting reports whether the customer waits for an answer: the beacon is lit.
func (c *Conversation) IsWaiting() bool { return !c.WaitingSince.IsZero() }

// WindowUntil is the end of the time in which the channel lets us write freely; zero when the channel knows no window.
// The margin is kept back because a message takes a moment to reach the vendor.
func (c *Conversation) WindowUntil(window, margin time.Duration) time.Time {
	if window == 0 || c.LastInbound.IsZero() {
		return time.Time{}
	}
	return c.LastInbound.Add(window - margin)
}

// IsWindowOpen reports whether free text may be sent now. A channel without a window is always open.
func (c *Conversation) IsWindowOpen(window, margin time.Duration, now time.Time) bool {
	return window == 0 || now.Before(c.WindowUntil(window, margin))
}

// Show makes a message the one that lists show of the conversation.
func (c *Conversation) Show(m *Message) { c.LastMessage, c.ActiveAt = m.Glance(), m.HappenedAt() }
