// Package carrier is the contract between the desk and the vendors that carry messages. It lies below both: the desk calls
// a Connection, a vendor's package implements a Driver.
//
// A Driver translates and states facts: what it can do, and of an error what class it is. It never retries, logs, stores
// or knows the desk. All policy (limits, time limits, capability checks, concurrency) sits once, in Connection. Whatever a
// vendor offers beyond the Driver is an optional interface (Handshaker, MediaFetcher, …) that Connection finds by assertion,
// so no code above asks which vendor it talks to. What "works" means is providers/drivertest.
package carrier

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"pult/domain"
)

// Driver speaks to one vendor for one channel. It is safe for many callers.
type Driver interface {
	// Capabilities says what the channel can do. It is constant for a driver.
	Capabilities() Capabilities
	// Verify checks the signature over the raw bytes; anything but nil means the webhook is refused. It wraps ErrSignature.
	Verify(Webhook) error
	// Parse translates a verified webhook. Parts that are not understood become placeholders or Batch.Unknown;
	// an error means that nothing at all could be read and the entry is parked.
	Parse(Webhook) (Batch, error)
	// Send hands one message to the vendor. Errors are *Error.
	Send(context.Context, Outgoing) (Receipt, error)
}

// Handshaker answers the GET request by which a vendor verifies a webhook address.
type Handshaker interface {
	// Handshake gives the body to answer with, or an error when the request does not prove knowledge of the verify token.
	Handshake(url.Values) (string, error)
}

// Answerer is for vendors that act on what a webhook is answered with: a reply to the customer, or what a call does next.
type Answerer interface {
	// Answer gives what is answered to a webhook that was taken in: media type and body, both "" when the status says it all.
	Answer(Webhook) (mime, body string)
}

// Receiver is for vendors that call nobody: the desk keeps a connection open and fetches.
type Receiver interface {
	// Receive fetches what came since place and hands it to in, the oldest first, until ctx ends or the connection breaks.
	// It never returns nil before ctx ends. Errors are *Error: Unauthorised ones need a person, others are tried again.
	Receive(ctx context.Context, place string, in Intake) error
}

// Intake is where a Receiver puts what it fetched.
type Intake interface {
	// Take keeps a delivery and the place from which the next Receive goes on, both in one step. When it returns nil they are on
	// the disk and the vendor may be told. A delivery with an empty body only moves the place.
	Take(ctx context.Context, w Webhook, place string) error
	// Connected tells that the vendor answers and that everything up to now was handed over.
	Connected()
}

// Extractor takes a file out of a delivery that was kept whole (InboundMessage.Source), for vendors that send files along.
type Extractor interface {
	// Extract opens the file that the driver called vendorID when it parsed the delivery. Errors are *Error.
	Extract(source io.Reader, vendorID string) (Media, error)
}

// MediaFetcher downloads a file the vendor keeps.
type MediaFetcher interface {
	// Fetch opens the file; the caller closes it. Errors are *Error; NotFound-like ones are Permanent.
	Fetch(ctx context.Context, vendorID string) (Media, error)
}

// MediaUploader uploads a file before it is sent, so that a retry of the send does not upload again.
type MediaUploader interface {
	Upload(ctx context.Context, m OutgoingMedia) (vendorID string, err error)
}

// TemplateLister lists the templates that were approved at the vendor.
type TemplateLister interface {
	Templates(context.Context) ([]domain.MessageTemplate, error)
}

// ReadMarker tells the vendor that a customer's message (and all before it) was read, optionally that we are typing.
type ReadMarker interface {
	MarkRead(ctx context.Context, vendorMessageID string, typing bool) error
}

// Poller asks the vendor what happened, where webhooks cannot reach the desk or were missed while it was away.
type Poller interface {
	// Poll gives what people said since then, the oldest first, and the states of messages sent since then. It may give more than
	// was asked for and what webhooks told already: callers recognise both by the vendor's ids. Errors are *Error.
	Poll(ctx context.Context, since time.Time) (Batch, error)
}

// Tester proves that the credentials work, without sending anything.
type Tester interface {
	Test(context.Context) (Account, error)
}

// Account is what a vendor says of the connected account.
type Account struct {
	Number  string // E.164
	Name    string // verified name
	Quality string // green, yellow, red or ""
	Status  string // the vendor's word
}

// Webhook is one request from a vendor. Body holds the raw bytes as read from the socket.
type Webhook struct {
	URL        string // as the vendor called it: scheme, public host, escaped path and raw query; some vendors sign it
	Header     http.Header
	Query      url.Values
	Body       []byte
	ReceivedAt time.Time // when it was taken in, for vendors that tell no time of their own; zero before that
}

// ErrSignature says that a webhook is not proven to come from the vendor.
var ErrSignature = errors.New("carrier: signature missing or wrong")

// Batch is what one webhook says, in the vendor's order.
type Batch struct {
	Messages []InboundMessage
	Statuses []InboundStatus
	Changes  []Change
	Calls    []InboundCall
	Unknown  []Unknown // parts not understood that are not messages; kept for the administrator
}

// InboundMessage is something a person said: a customer, or (From == ByPhone) staff on the business telephone.
type InboundMessage struct {
	Account     string // the vendor's id of the receiving end: finds the channel
	Driver      string // of the channel it is for, when one account of the vendor carries several products; "" = of the one it came in at
	Contact     Person
	From        domain.AuthorKind // ByCustomer or ByPhone
	VendorID    string
	At          time.Time // the vendor's time, UTC
	Kind        domain.MessageKind
	Text        string
	Key         string              // for KindSystem: message key of the line, "" when only Text tells what happened
	Attachments []domain.Attachment // State FileFetching, with VendorID
	Location    *domain.Location
	Cards       []domain.ContactCard
	Order       *domain.Order
	Choice      *domain.Choice
	Referral    *domain.Referral
	Forwarded   bool
	ReplyTo     string // the vendor's id of the quoted message
	Target      string // for reactions, edits and deletions: the vendor's id of the message concerned
	Emoji       string // for reactions; "" removes
	Edit        bool   // Text replaces the text of Target
	Delete      bool   // Target was deleted by its author
	Renamed     *Person
	Opens       bool // the customer did something by which the vendor lets us write freely again, although there is nothing to answer
	History     bool // from an import of older messages: no beacon, no sound
	Raw         []byte
	Mail        *domain.Mail // for letters; the desk fills in Source, HTML and Stranger
	HTML        string       // of a letter, as it came
	Thread      string       // what the answer token in the address of a letter says: the conversation it belongs to; "" = none
	Source      bool         // the whole delivery is kept as a file, out of which Extractor takes the attachments
	Polled      bool         // was asked for, and is poorer than what the vendor tells by itself; the desk sets it
	Automatic   bool         // written by a machine: nobody is greeted, nothing is answered by itself
	Answered    bool         // the vendor answered it by itself, such as a word by which messages are refused: nobody is greeted
}

// Person is who wrote, by every id the vendor gave. At least one identity is present.
type Person struct {
	Name       string
	Username   string
	Identities []domain.Identity // the first is where an answer goes
	Details    map[string]string // see domain.Contact.Details
	Language   domain.Language   // "" = not told
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
	Until    time.Time       // of a watermark: the state is that of everything sent to Contact up to then; VendorID is empty
	Contact  domain.Identity // with Until: to whom it was sent
}

// Change is news that is not about one message.
type Change struct {
	Account string
	Kind    ChangeKind
	Detail  string
}

// ChangeKind names a piece of news.
type ChangeKind string

// The kinds of news.
const (
	TemplatesChanged ChangeKind = "templates" // fetch the list again
	AccountChanged   ChangeKind = "account"   // quality, name, ban, security
	ContactOptedOut  ChangeKind = "opt_out"   // refuses advertising; Detail is the identity
	ContactOptedIn   ChangeKind = "opt_in"    // accepts it again
)

// Unknown is a part of a webhook that is not understood.
type Unknown struct {
	What string // technical, in English
	Raw  []byte
}

// Outgoing is one message to send.
type Outgoing struct {
	ID       domain.ID // echoed back by vendors that can: the key to an uncertain outcome
	To       domain.Identity
	Kind     domain.MessageKind // text, image, audio, voice, video, document, sticker, location, contacts, template, reaction
	Text     string             // body, or the caption of a file
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
	QuotedBy   string // the line before what is quoted: who wrote it and when
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

// Receipt is the vendor's word that it took a message.
type Receipt struct {
	VendorID string
	Aliases  []domain.Identity // other ids of the recipient that the vendor told
}

// Media is a file the vendor keeps, opened for reading.
type Media struct {
	Body io.ReadCloser
	MIME string
	Size int64 // -1 when the vendor did not say
}

// Capabilities is what a channel can do; pages, limits and windows follow from it and from nothing else.
type Capabilities struct {
	TextLength    int           // characters; 0 = no limit
	CaptionLength int           // characters; 0 = no limit
	NoCaptions    bool          // files carry no words: the text is a message of its own
	Window        time.Duration // free writing after the customer's last message; 0 = always
	WindowMargin  time.Duration // kept back from the window
	// PersonalWindow is how long after the customer's last message a person, and no machine, may still write; 0 = as long as Window.
	PersonalWindow time.Duration
	Templates      bool
	StartTemplate  bool // we may start a conversation, with a template only
	StartFree      bool // we may start a conversation freely
	Reactions      bool
	Locations      bool // we can send a place
	Cards          bool // we can send contact cards
	Quotes         bool
	ReadReceipts   bool // we can tell the customer that we read
	Typing         bool
	Delivered      bool   // the channel reports delivery
	Read           bool   // the channel reports reading
	Segments       bool   // texts are counted and paid in segments
	Mail           bool   // messages are letters: with subject, copies and signature
	Calls          bool   // the desk can set up telephone calls
	CallsOnly      bool   // it is a telephone: nothing can be written
	Visitors       bool   // customers write on pages of the desk's own
	FilesPerSend   int    // attachments in one message; 0 and 1 both mean one
	NoFiles        string // message key: why no files can be sent just now, although the product could carry them; "" = Files says all
	Parallel       int    // calls at a time that the vendor takes of one channel; 0 = the usual number
	FilesTotal     int64  // bytes of all attachments of one message together; 0 = no limit
	Files          []FileRule
}

// FileRule is a kind of file the channel takes.
type FileRule struct {
	Kind    domain.MessageKind
	MIME    []string // exact types, or "*/*" for any
	MaxSize int64    // bytes
}

// RuleFor finds what the channel would send a file of this type as; the second result is false when it takes no such file.
func (c Capabilities) RuleFor(mime string) (FileRule, bool) {
	for _, r := range c.Files {
		for _, m := range r.MIME {
			if m == mime || m == "*/*" {
				return r, true
			}
		}
	}
	return FileRule{}, false
}
