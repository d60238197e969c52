// Package whatsapp speaks to the WhatsApp Business Cloud API (Meta's Graph API) for one business number.
//
// # Limits
//
// They come from Meta's developer documentation as read in August 2026 and are facts about the vendor, not choices of
// ours:
//
//	text               4,096 characters; captions 1,024; audio and stickers take no caption   (pages per message type)
//	image              JPEG, PNG                         5 MB                                  (Media)
//	audio, voice       AAC, AMR, MP3, MP4, OGG/Opus mono 16 MB; voice notes only OGG/Opus      (Media)
//	video              MP4, 3GPP                         16 MB                                 (Media)
//	document           text, PDF, Office old and new     100 MB                                (Media)
//	sticker            WebP                              100 KB still, 500 KB animated         (Media)
//	window             24 hours after the customer's last message, then approved templates only (Send messages)
//	media              an address lives 5 minutes, a received file 7 days, an uploaded one 30   (Media)
//	webhook            at most 3 MB, up to 1,000 updates, repeated until answered 200           (Webhooks)
//
// There is no idempotency key: a send that ends without an answer is Uncertain. Our message id travels along as
// biz_opaque_callback_data and comes back with every status, which settles such cases.
//
// # People
//
// A customer is known by a set of identities: a telephone number, a business-scoped user id, and for linked businesses
// a parent id. Any of them may be missing, and a user id may stand where a number is expected. Telephone numbers are
// kept as the vendor tells them, as E.164 with the plus sign. Mexico, Brazil and Argentina have two spellings of one
// mobile number; the answer to a send names the vendor's spelling, which Receipt.Aliases passes on.
//
// # Files
//
//	whatsapp.go, product.go   the driver, and what it takes to connect a number
//	errors.go                 the vendor's table of error codes
//	inbound.go                a webhook taken apart; inbound_*.go its parts: messages, files, people, reports, news
//	outbound.go               a message to send; outbound_template.go one with values
//	media.go                  files uploaded and fetched
//	templates.go, account.go  templates listed, credentials tried
//	wire.go, wire_out.go      the vendor's JSON in both directions
package whatsapp

import (
	"net/http"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
	"pult/providers/graph"
)

// Config is what one business number needs. Everything but BaseURL, Version, Number, Now and HTTPClient is
// required.
type Config struct {
	BaseURL       string // of the Graph API, without the version; graph.DefaultBaseURL when empty
	Version       string // of the Graph API; graph.DefaultVersion when empty
	PhoneNumberID string // the vendor's id of the number
	BusinessID    string // the vendor's id of the business account (WABA) that owns number and templates
	Number        string // E.164; tells our own messages apart in imported history
	AppSecret     domain.Secret
	VerifyToken   domain.Secret
	AccessToken   domain.Secret
	Now           func() time.Time // the clock; time.Now when nil
	HTTPClient    *http.Client     // its transport is used; redirects and time limits are the driver's and the caller's
}

// Driver speaks for one business number. It holds no state that changes and is safe for many callers.
type Driver struct {
	cfg Config
	api *graph.API
}

var (
	_ carrier.Driver         = (*Driver)(nil)
	_ carrier.Handshaker     = (*Driver)(nil)
	_ carrier.MediaFetcher   = (*Driver)(nil)
	_ carrier.MediaUploader  = (*Driver)(nil)
	_ carrier.TemplateLister = (*Driver)(nil)
	_ carrier.ReadMarker     = (*Driver)(nil)
	_ carrier.Tester         = (*Driver)(nil)
	_ carrier.Inspector      = (*Driver)(nil)
)

// New checks the configuration and makes a driver. The error is a *domain.Error of kind Invalid whose Fields name every
// fault: base_url, version, phone_number_id, business_id, app_secret, verify_token, access_token.
func New(cfg Config) (*Driver, error) {
	api, faults := graph.New(graph.Config{
		BaseURL:    cfg.BaseURL,
		Version:    cfg.Version,
		BadVersion: "provider.whatsapp.error.version",
		HTTPClient: cfg.HTTPClient,
		Token:      cfg.AccessToken,
		Secrets:    []domain.Secret{cfg.AppSecret, cfg.VerifyToken},
		Classify:   classifyFault,
	})
	for field, value := range map[string]string{
		"phone_number_id": cfg.PhoneNumberID, "business_id": cfg.BusinessID, "app_secret": cfg.AppSecret.Reveal(),
		"verify_token": cfg.VerifyToken.Reveal(), "access_token": cfg.AccessToken.Reveal(),
	} {
		if strings.TrimSpace(value) == "" {
			faults.Add(field, "error.field.required")
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Driver{cfg: cfg, api: api}, nil
}

// Capabilities says what the Cloud API can do.
func (d *Driver) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{
		TextLength:    4096,
		CaptionLength: 1024,
		Window:        24 * time.Hour,
		WindowMargin:  5 * time.Minute,
		Templates:     true,
		StartTemplate: true,
		Reactions:     true,
		Locations:     true,
		Cards:         true,
		Quotes:        true,
		ReadReceipts:  true,
		Typing:        true,
		Delivered:     true,
		Read:          true,
		FilesPerSend:  1,
		Files:         cloudapi.FileRules(),
	}
}
