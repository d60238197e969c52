package carrier

import (
	"time"

	"pult/domain"
)

// InboundMessage is something a person said: a customer, or (From == ByPhone) staff on the business telephone.
type InboundMessage struct {
	Account string // the vendor's id of the receiving end: finds the channel
	// of the channel it is for, when one account of the vendor carries several products; "" = of the one it came in at
	Driver   string
	Contact  Person
	From     domain.AuthorKind // ByCustomer or ByPhone
	VendorID string
	At       time.Time // the vendor's time, UTC
	Kind     domain.MessageKind
	Text     string
	// for KindSystem: message key of the sentence, "" when only Text tells what happened
	Key         string
	Attachments []domain.Attachment // State FileFetching, with VendorID
	Location    *domain.Location
	Cards       []domain.ContactCard
	Order       *domain.Order
	Choice      *domain.Choice
	Referral    *domain.Referral
	Forwarded   bool
	ReplyTo     string  // the vendor's id of the quoted message
	Target      string  // for reactions, edits and deletions: the vendor's id of the message concerned
	Emoji       string  // for reactions; "" removes
	Edit        bool    // Text replaces the text of Target
	Delete      bool    // Target was deleted by its author
	Renamed     *Person // the same person under new ids, such as another telephone number; nil = nothing changed
	// the customer did something that lets us write freely again, although there is nothing to answer
	Opens   bool
	History bool // from an import of older messages: no beacon, no sound
	Raw     []byte
	Mail    *domain.Mail // for letters; the desk fills in Source, HTML and Stranger
	HTML    string       // of a letter, as it came
	// what the answer token in the address of a letter says: the conversation it belongs to; "" = none
	Thread    string
	Source    bool // the whole delivery is kept as a file, out of which Extractor takes the attachments
	Polled    bool // was asked for by Poll, which tells less than a webhook does; the desk sets it
	Automatic bool // written by a machine: nobody is greeted, nothing is answered by itself
	Answered  bool // the vendor has answered it already, as it does to STOP: nobody is greeted
}

// InboundStatus is a report about a message we sent. Ours is our message id where the vendor echoes it.
type InboundStatus struct {
	Account  string
	Driver   string // as of InboundMessage
	VendorID string
	Ours     string
	State    domain.MessageState
	At       time.Time
	Failure  *domain.Failure
	// Until is set by vendors that name no message but a moment: everything sent to Contact up to then has the state,
	// and VendorID is empty.
	Until   time.Time
	Contact domain.Identity
}
