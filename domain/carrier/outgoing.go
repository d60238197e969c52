package carrier

import (
	"io"

	"pult/domain"
)

// Outgoing is one message to send.
type Outgoing struct {
	ID domain.ID // echoed back by vendors that can: the key to an uncertain outcome
	To domain.Identity
	// text, image, audio, voice, video, document, sticker, location, contacts, template, reaction
	Kind     domain.MessageKind
	Text     string // body, or the caption of a file
	Media    *OutgoingMedia
	Location *domain.Location
	Cards    []domain.ContactCard
	Template *OutgoingTemplate
	ReplyTo  string // vendor id of the quoted message
	Target   string // for reactions
	Emoji    string // for reactions; "" removes

	Personal bool            // the window is over, but a person of ours wrote it within Capabilities.PersonalWindow
	Files    []OutgoingMedia // on channels that carry several in one message; Media is then nil
	Mail     *OutgoingMail   // for letters
}

// OutgoingMail is what a letter has beside its text and files.
type OutgoingMail struct {
	Subject    string
	ToName     string
	Cc         []domain.MailAddress
	FromName   string // the operator's; "" = the channel's
	MessageID  string // without angle brackets; the same on every try, so that receivers can drop the copy
	InReplyTo  string
	References []string
	Thread     string // token of the conversation, for the address answers go to
	Signature  string // plain text under the answer
	QuotedBy   string // the text line before what is quoted: who wrote it and when
	Quoted     string // what is answered, plain text without marks; "" = nothing is quoted
	Automatic  bool   // a greeting, a transcript: marked so that no machine answers it
}

// OutgoingMedia is a file to send, by the vendor's id when it was uploaded before.
type OutgoingMedia struct {
	VendorID string
	File     domain.ID // the desk's own id of the file
	Name     string
	MIME     string
	Size     int64
	Voice    bool
	Open     func() (io.ReadCloser, error)
}

// OutgoingTemplate is a template with its values by slot key (see domain.MessageTemplate.Slots).
type OutgoingTemplate struct {
	Template domain.MessageTemplate
	Values   map[string]string
	Media    *OutgoingMedia // for a header that is a file
}
