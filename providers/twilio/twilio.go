// Package twilio speaks to Twilio's Programmable Messaging for one number: WhatsApp by way of Twilio, or SMS. Both are
// the same driver, told apart by Config.Kind, because the vendor treats them as one product with two kinds of address.
//
// # Limits
//
// They come from the vendor's documentation as read in 2026 and are facts about the vendor, not choices of ours:
//
//	text            1,600 characters, captions too; longer ones are refused with 21617
//	SMS segments    160 GSM-7 characters or 70 UCS-2 units; 153 or 67 in each part of a longer message. One letter outside GSM-7
//	                (ř, ě, ê, ë, lower-case ç; not é, è, à, ù) makes the whole message UCS-2. Each segment is charged.
//	WhatsApp files  one per message, 16 MB; no upload: the vendor fetches them from a public address
//	window          24 hours after the customer's last message, then approved Content templates only; SMS has none
//	MMS             exists in few countries, so the SMS kind receives files and sends none
//	media           a received file stays until deleted; the address it redirects to lives some hours
//	webhook         one message in each, form encoded, answered within 15 seconds, hardly ever repeated: Poll finds what
//	                was missed
//
// There is no idempotency key: a send that ends without an answer is Uncertain. Our message id travels in the query of
// the status callback's address, which the vendor signs, and comes back with every status.
//
// # People
//
// A customer is known by a telephone number or by WhatsApp's business-scoped id, which stands in the same field. Ids
// are kept with the account as their scope.
//
// # Files
//
//	twilio.go, product.go           the driver for messages, and what it takes to connect a number
//	request.go, wire.go, errors.go  the API over HTTP, its words, and its table of error codes
//	address.go                      people and numbers as the vendor writes them
//	signature.go                    what the vendor signs
//	inbound.go, inbound_status.go   a webhook about a message, or about one of ours
//	form_product.go                 which product a webhook is about: they share an account
//	poll.go, media.go, templates.go what is asked: missed messages, files, templates
//	outbound.go                     a message to send
//	voice.go                        the driver for telephone calls
//	voice_call.go, voice_inbound.go calls set up and changed, and what webhooks tell of them
//	voice_markup.go                 what a call does next
//	account.go                      credentials tried
package twilio

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// Where the vendor listens.
const (
	DefaultBaseURL    = "https://api.twilio.com"
	DefaultContentURL = "https://content.twilio.com"
)

// Config is what one number needs. AccountSID, AuthToken, Number and Kind are required.
type Config struct {
	BaseURL string // of the REST API; DefaultBaseURL when empty
	// of the Content API; DefaultContentURL when empty, BaseURL when only that one is another server
	ContentURL     string
	AccountSID     string
	AuthToken      domain.Secret      // the account's primary token: it signs webhooks
	Number         string             // E.164
	Kind           domain.ChannelKind // domain.WhatsApp or domain.SMS
	StatusCallback string             // public address for status reports; "" = none come, and only Poll tells states
	// Publish gives a file that is about to be sent a public https address that cannot be guessed, from which the
	// vendor can fetch it without signing in. nil = the desk has no public address, and files are refused with
	// provider.twilio.no_public_address.
	Publish    func(context.Context, carrier.OutgoingMedia) (string, error)
	HTTPClient *http.Client // its transport is used; redirects and time limits are the driver's and the caller's
}

// Driver speaks for one number. It holds no state that changes and is safe for many callers.
type Driver struct {
	cfg       Config
	base      *url.URL // of the REST API
	templates *url.URL // of the Content API
	client    *http.Client
	redactor  *strings.Replacer // stars out the token
}

var (
	_ carrier.Driver         = (*Driver)(nil)
	_ carrier.MediaFetcher   = (*Driver)(nil)
	_ carrier.TemplateLister = (*Driver)(nil)
	_ carrier.Tester         = (*Driver)(nil)
	_ carrier.Poller         = (*Driver)(nil)
	_ carrier.Answerer       = (*Driver)(nil)
)

// accountSID guards the path of every request: an account's id becomes part of it.
var accountSID = regexp.MustCompile(`^AC[0-9A-Za-z]{8,40}$`)

// New checks the configuration and makes a driver. The error is a *domain.Error of kind Invalid whose Fields name every
// fault: base_url, account_sid, auth_token, number, kind, status_callback.
func New(cfg Config) (*Driver, error) {
	if cfg.ContentURL == "" {
		cfg.ContentURL = cfg.BaseURL
	}
	if cfg.ContentURL == "" {
		cfg.ContentURL = DefaultContentURL
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	f := domain.FieldErrors{}
	d := &Driver{
		cfg:       cfg,
		base:      readServer(f, cfg.BaseURL),
		templates: readServer(f, cfg.ContentURL),
		client:    wire.WithoutRedirects(cfg.HTTPClient),
	}
	cfg.validate(f)
	if err := f.Err(); err != nil {
		return nil, err
	}
	d.redactor = wire.NewRedactor(cfg.AuthToken)
	return d, nil
}

func readServer(f domain.FieldErrors, address string) *url.URL {
	u, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		f.Add("base_url", "error.field.url")
	}
	return u
}

func (cfg Config) validate(f domain.FieldErrors) {
	if !accountSID.MatchString(cfg.AccountSID) {
		f.Add("account_sid", "provider.twilio.account_sid")
	}
	if strings.TrimSpace(cfg.AuthToken.Reveal()) == "" {
		f.Add("auth_token", "error.field.required")
	}
	if !strings.HasPrefix(cfg.Number, "+") || parsePhone(cfg.Number) == "" {
		f.Add("number", "error.field.number")
	}
	if cfg.Kind != domain.WhatsApp && cfg.Kind != domain.SMS {
		f.Add("kind", "error.field.choice")
	}
	if u, err := url.Parse(cfg.StatusCallback); err != nil || (cfg.StatusCallback != "" && u.Host == "") {
		f.Add("status_callback", "error.field.url")
	}
}

const (
	kilobyte = 1 << 10
	megabyte = 1 << 20

	textLength = 1600 // characters
)

// Capabilities says what the kind of channel can do.
func (d *Driver) Capabilities() carrier.Capabilities {
	if d.cfg.Kind == domain.SMS {
		return carrier.Capabilities{TextLength: textLength, StartFree: true, Delivered: true, Segments: true, RefusalLocks: true}
	}
	c := carrier.Capabilities{
		TextLength: textLength, CaptionLength: textLength,
		Window: 24 * time.Hour, WindowMargin: 5 * time.Minute,
		Templates: true, StartTemplate: true, Delivered: true, Read: true,
	}
	if d.cfg.Publish == nil {
		c.NoFiles = noPublicAddress
		return c
	}
	c.FilesPerSend = 1
	c.Files = []carrier.FileRule{
		{Kind: domain.KindImage, MIME: []string{"image/jpeg", "image/png"}, MaxSize: 16 * megabyte},
		{
			Kind:    domain.KindAudio,
			MIME:    []string{"audio/mpeg", "audio/aac", "audio/mp4", "audio/amr", "audio/ogg"},
			MaxSize: 16 * megabyte,
		},
		{Kind: domain.KindVideo, MIME: []string{"video/mp4"}, MaxSize: 16 * megabyte},
		{
			Kind:    domain.KindDocument,
			MIME:    append([]string{"application/pdf"}, wire.OfficeTypes()...),
			MaxSize: 16 * megabyte,
		},
		{Kind: domain.KindSticker, MIME: []string{"image/webp"}, MaxSize: 500 * kilobyte},
	}
	return c
}

// noPublicAddress says why files cannot be sent: the vendor would have nowhere to fetch them.
const noPublicAddress = "provider.twilio.no_public_address"

// Answer is an empty reply in the vendor's markup. Any other text could be sent to the customer as one.
func (d *Driver) Answer(carrier.Webhook) (mime, body string) {
	return "text/xml; charset=utf-8", `<?xml version="1.0" encoding="UTF-8"?><Response/>`
}
