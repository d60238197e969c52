package domain

import "time"

// Mail is what a letter has beside its text and its files. Message.Text holds what its author wrote, without what they quoted.
type Mail struct {
	Subject    string        `cbor:"1,keyasint,omitzero"`
	From       MailAddress   `cbor:"2,keyasint,omitzero"`
	To         []MailAddress `cbor:"3,keyasint,omitzero"`
	Cc         []MailAddress `cbor:"4,keyasint,omitzero"`
	ReplyTo    MailAddress   `cbor:"5,keyasint,omitzero"` // where the author wants answers; zero = From
	MessageID  string        `cbor:"6,keyasint,omitzero"` // without angle brackets
	InReplyTo  string        `cbor:"7,keyasint,omitzero"`
	References []string      `cbor:"8,keyasint,omitzero"` // oldest first, without angle brackets
	Date       time.Time     `cbor:"9,keyasint,omitzero"` // as the author's machine says: to be shown, never to order by
	Quoted     string        `cbor:"10,keyasint,omitzero"`
	HTML       ID            `cbor:"11,keyasint,omitzero"` // file of the HTML as it came, not sanitised; zero = plain text only
	Source     ID            `cbor:"12,keyasint,omitzero"` // file of the whole letter as it came
	Automatic  string        `cbor:"13,keyasint,omitzero"` // why it counts as written by a machine: the header's name; "" = by a person
	Stranger   bool          `cbor:"14,keyasint,omitzero"` // the author was no party to the conversation before
	Unverified bool          `cbor:"15,keyasint,omitzero"` // our own mail server could not confirm the sender
	Pictures   bool          `cbor:"16,keyasint,omitzero"` // the HTML asks for pictures from elsewhere
	Signature  string        `cbor:"17,keyasint,omitzero"` // of a letter of ours: what stands under the answer
}

// MailAddress is a mailbox with the name it was written with.
type MailAddress struct {
	Name    string `cbor:"1,keyasint,omitzero"`
	Address string `cbor:"2,keyasint,omitzero"`
}
