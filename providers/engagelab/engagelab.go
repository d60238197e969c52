// Package engagelab speaks WhatsApp by way of EngageLab for one business number.
//
// # What is documented, and what is refused because it is not
//
// EngageLab's public documentation is thin. What it tells is used; what it does not tell is not guessed:
//
//	text               4,096 characters
//	image              JPEG, PNG                    5 MB
//	video              MP4, 3GPP                    16 MB
//	audio              AAC, AMR, MP3, MP4, OGG/Opus 16 MB, no caption
//	document           100 MB; the types are those of the Cloud API
//	sticker            WebP                         100 KB still, 500 KB animated, no caption
//	files              are named by a public https address; there is no upload (Config.Publish)
//	recipients         always exactly one: how ids map to several is told nowhere
//	window             24 hours after the customer's last message, then approved templates only
//	templates          variables by position; named variables and copied codes are not described and not sendable
//	not offered        locations, business cards, reactions, quotes, read receipts and typing from us to the customer
//	received files     their shape is unverified: an address is downloaded, a bare id cannot be turned into bytes
//	deleted messages   the event exists, its contents are not described: kept as unknown
//	account            no request tells names, numbers or a balance
//	history            there is no list to catch up from: a callback that is lost is a message that is lost
//
// There is no idempotency promise: a send that ends without an answer is Uncertain. Our message id travels along in
// custom_args and comes back with statuses, which settles such cases. An answer of 200 only means that the message was
// accepted: a closed window, a wrong number and Meta's refusals arrive by callback.
//
// # What a callback proves
//
// Nothing about its contents. The unguessable address of the channel is the real protection: whoever knows it can write
// what they like. Where the console was given a user name and a secret, Verify additionally demands EngageLab's
// signature, which covers a time, a nonce and the user name but not the body. It proves that somebody with the secret
// made that header within the last five minutes. A header belongs to the first body it came with, so one that was
// overheard cannot be used again with another; one that was intercepted before it arrived can. The memory of headers
// does not outlive the program.
//
// # Files
//
//	engagelab.go, product.go  the driver, and what it takes to connect a number
//	request.go, errors.go     the API over HTTP, and its table of error codes
//	verify.go, answer.go      callbacks: whether they are the vendor's, and what they are answered with
//	inbound.go                a callback taken apart; inbound_message.go what was said, inbound_status.go reports
//	outbound.go               a message to send; outbound_template.go one with values
//	media.go, templates.go    files, and templates, by which credentials are tried as well
//	wire.go                   the vendor's JSON
package engagelab

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
	"pult/providers/wire"
)

// DefaultBaseURL is the one host that is known to serve WhatsApp.
const DefaultBaseURL = "https://wa.api.engagelab.cc"

// Config is what one business number needs. Number, BusinessID, DevKey and DevSecret are required; spaces around what
// was pasted are dropped.
type Config struct {
	BaseURL    string // without the version; DefaultBaseURL when empty
	Number     string // E.164, the sender; it also names the channel on everything that comes in (Account)
	BusinessID string // the business account (WABA)
	DevKey     domain.Secret
	DevSecret  domain.Secret // of the same key

	// What the console's callback form holds, each empty when it is empty there. User name and secret come together.
	CallbackUsername      string
	CallbackSecret        domain.Secret
	CallbackAuthorization domain.Secret // the whole value of the Authorization header

	// Publish puts a file where EngageLab can fetch it and gives its public https address, which must work for a few
	// minutes and should not be guessable. When it is nil the channel sends no files.
	Publish func(context.Context, carrier.OutgoingMedia) (string, error)
	// Now is the clock against which callbacks must be fresh; the machine's when nil.
	Now func() time.Time
	// its transport is used for EngageLab's own host; redirects and time limits are the driver's and the caller's
	HTTPClient *http.Client
}

// Driver speaks for one business number. It is safe for many callers; all it remembers are the callbacks of the last
// minutes.
type Driver struct {
	cfg      Config
	number   string // E.164
	base     *url.URL
	client   *http.Client
	files    *http.Client      // for strangers' addresses: reaches the public internet only
	redactor *strings.Replacer // stars out every secret
	seen     *memory
}

var (
	_ carrier.Driver         = (*Driver)(nil)
	_ carrier.MediaFetcher   = (*Driver)(nil)
	_ carrier.TemplateLister = (*Driver)(nil)
	_ carrier.Tester         = (*Driver)(nil)
	_ carrier.Answerer       = (*Driver)(nil)
)

// New checks the configuration and makes a driver. The error is a *domain.Error of kind Invalid whose Fields name every
// fault: base_url, number, business_id, dev_key, dev_secret, callback_username, callback_secret.
func New(cfg Config) (*Driver, error) {
	cfg = cfg.trimSpace()
	base, err := url.Parse(strings.TrimRight(cfg.BaseURL, "/"))
	if err := cfg.validate(base, err); err != nil {
		return nil, err
	}
	return &Driver{
		cfg:      cfg,
		number:   parsePhone(cfg.Number),
		base:     base,
		client:   wire.WithoutRedirects(cfg.HTTPClient),
		files:    publicOnly(),
		redactor: wire.NewRedactor(cfg.DevSecret, cfg.DevKey, cfg.CallbackSecret, cfg.CallbackAuthorization),
		seen:     newMemory(),
	}, nil
}

func (cfg Config) trimSpace() Config {
	for _, s := range []*string{&cfg.BaseURL, &cfg.BusinessID, &cfg.CallbackUsername} {
		*s = strings.TrimSpace(*s)
	}
	for _, s := range []*domain.Secret{&cfg.DevKey, &cfg.DevSecret, &cfg.CallbackSecret, &cfg.CallbackAuthorization} {
		*s = domain.Secret(strings.TrimSpace(s.Reveal()))
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}

func (cfg Config) validate(base *url.URL, parseErr error) error {
	f := domain.FieldErrors{}
	if parseErr != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		f.Add("base_url", "error.field.url")
	}
	if parsePhone(cfg.Number) == "" {
		f.Add("number", "error.field.number")
	}
	for field, value := range map[string]string{
		"business_id": cfg.BusinessID,
		"dev_key":     cfg.DevKey.Reveal(),
		"dev_secret":  cfg.DevSecret.Reveal(),
	} {
		if value == "" {
			f.Add(field, "error.field.required")
		}
	}
	if cfg.CallbackUsername == "" && cfg.CallbackSecret != "" {
		f.Add("callback_username", "error.field.required")
	}
	if cfg.CallbackUsername != "" && cfg.CallbackSecret == "" {
		f.Add("callback_secret", "error.field.required")
	}
	return f.Err()
}

// requiresSignature reports whether callbacks must carry a signature.
func (d *Driver) requiresSignature() bool { return d.cfg.CallbackSecret != "" }

// Capabilities says what EngageLab can do. Reading is not promised: it is reported only where the console was told to,
// and counts when it is.
func (d *Driver) Capabilities() carrier.Capabilities {
	c := carrier.Capabilities{
		TextLength: 4096, CaptionLength: 1024,
		Window: 24 * time.Hour, WindowMargin: 5 * time.Minute,
		Templates: true, StartTemplate: true, Delivered: true,
	}
	if d.cfg.Publish == nil {
		c.NoFiles = noLink
		return c
	}
	c.FilesPerSend = 1
	c.Files = cloudapi.FileRules()
	return c
}

// noLink says why files cannot be sent: EngageLab would have nowhere to fetch them.
const noLink = "provider.engagelab.no_link"
