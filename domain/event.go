package domain

import "time"

// EventKind says what an event is about.
type EventKind string

// The kinds of event. They tell that something changed, not what it holds: a page fetches that with its reader's
// rights.
const (
	EventMessageAdded        EventKind = "message.added"
	EventMessageChanged      EventKind = "message.changed"
	EventConversationChanged EventKind = "conversation.changed" // also added
	EventRequestChanged      EventKind = "request.changed"      // also added
	EventOperatorChanged     EventKind = "operator.changed"
	EventChannelChanged      EventKind = "channel.changed"
	EventTemplatesChanged    EventKind = "templates.changed"
	EventCallChanged         EventKind = "call.changed"    // a telephone call began, went on or ended
	EventJournalChanged      EventKind = "journal.changed" // something was parked or replayed
	EventModuleChanged       EventKind = "module.changed"  // the module Chats was switched on or off
	EventPresence            EventKind = "presence"        // who views or types; never stored, Seq 0
)

// Event is a numbered fact. Numbers rise by commit and have no gaps.
type Event struct {
	Seq            uint64    `cbor:"1,keyasint,omitzero"`
	Kind           EventKind `cbor:"2,keyasint,omitzero"`
	At             time.Time `cbor:"3,keyasint,omitzero"`
	ChannelID      ID        `cbor:"4,keyasint,omitzero"` // decides who may learn of it; zero = everybody signed in
	ConversationID ID        `cbor:"5,keyasint,omitzero"`
	MessageID      ID        `cbor:"6,keyasint,omitzero"`
	RequestID      ID        `cbor:"7,keyasint,omitzero"`
	OperatorID     ID        `cbor:"8,keyasint,omitzero"` // who did it, or whom it is about
	Fresh          bool      `cbor:"9,keyasint,omitzero"` // message.added: from a customer, just now: worth a sound
}
