package domain

import "time"

// Draft is what an operator has typed and not sent, kept per operator and conversation.
type Draft struct {
	Operator       ID        `cbor:"1,keyasint,omitzero"`
	ConversationID ID        `cbor:"2,keyasint,omitzero"`
	Text           string    `cbor:"3,keyasint,omitzero"`
	ReplyTo        ID        `cbor:"4,keyasint,omitzero"`
	Files          []ID      `cbor:"5,keyasint,omitzero"`
	UpdatedAt      time.Time `cbor:"6,keyasint,omitzero"`
	Cc             *string   `cbor:"7,keyasint,omitzero"` // as typed; nil = as the conversation says
}
