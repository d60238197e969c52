// Package messenger speaks to the Messenger Platform (Meta's Graph API) for the inbox of one Facebook page.
//
// # Limits
//
// They come from Meta's developer documentation as read between November 2025 and August 2026 and are facts about the
// vendor, not choices of ours:
//
//	text               2,000 characters; text and file never in one message                    (Send a message)
//	image              JPEG, PNG, GIF                    8 MB                                  (Saving assets, channel tables)
//	audio, video, file                                  25 MB                                  (Saving assets)
//	window             24 hours after the customer's last action; then, for messages that a person wrote and with a feature the
//	                   app must be granted, until 7 days after it                              (Policy overview, Message tags)
//	start              never: customers write first                                            (Policy overview)
//	read, delivered    watermarks: everything sent up to a time                                (Webhooks)
//	files received     at addresses that expire after hours to days, open to anybody           (Messages webhook)
//	webhook            200 within 5 s; after an hour of failures the page is unsubscribed      (Webhooks, FAQ)
//	older messages     the newest 20 of a conversation                                         (Conversations API)
//
// There is no idempotency key: a send that ends without an answer is Uncertain. Our message id travels along as
// metadata and comes back with the echo of the message, which settles such cases; Find looks for the rest.
//
// # People
//
// A customer is a number that means something for one page only (the PSID). There is no telephone number and no name in
// webhooks: Profile looks names up. Numbers of 17 digits do not fit a float and are read as texts everywhere.
//
// # Files
//
//	messenger.go, product.go  the driver, and what it takes to connect a page
//	login.go                  signing in at the vendor instead of copying credentials
//	account.go                credentials tried, webhooks subscribed and inspected, profiles of people
//	errors.go                 the vendor's table of error codes
//	verify.go                 signature and handshake of webhooks
//	inbound.go                a webhook taken apart; inbound_message.go what was said, inbound_news.go what happened
//	poll.go                   what was missed
//	outbound.go, media.go     a message to send, and files
//	wire.go                   the vendor's JSON
package messenger

import (
	"net/http"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// Config is what one page needs. PageID, AppSecret, VerifyToken and PageToken are required.
type Config struct {
	BaseURL     string // of the Graph API, without the version; graph.DefaultBaseURL when empty
	Version     string // of the Graph API; graph.DefaultVersion when empty
	PageID      string
	AppID       string // of the app that owns the secret; without it a token's end cannot be asked for
	AppSecret   domain.Secret
	VerifyToken domain.Secret
	PageToken   domain.Secret
	HumanAgent  bool // the app has the feature "Human Agent": people may answer for seven days
	Now         func() time.Time
	HTTPClient  *http.Client // its transport is used; redirects and time limits are the driver's and the caller's
}

// Driver speaks for one page. It holds no state that changes and is safe for many callers.
type Driver struct {
	cfg Config
	api *graph.API
}

var (
	_ carrier.Driver        = (*Driver)(nil)
	_ carrier.Handshaker    = (*Driver)(nil)
	_ carrier.MediaFetcher  = (*Driver)(nil)
	_ carrier.MediaUploader = (*Driver)(nil)
	_ carrier.PersonMarker  = (*Driver)(nil)
	_ carrier.Poller        = (*Driver)(nil)
	_ carrier.Tester        = (*Driver)(nil)
	_ carrier.Inspector     = (*Driver)(nil)
	_ carrier.Profiler      = (*Driver)(nil)
	_ carrier.Finder        = (*Driver)(nil)
	_ carrier.Subscriber    = (*Driver)(nil)
)

// New checks the configuration and makes a driver. The error is a *domain.Error of kind Invalid whose Fields name every
// fault: base_url, version, page_id, app_secret, verify_token, page_token.
func New(cfg Config) (*Driver, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	api, faults := graph.New(graph.Config{
		BaseURL: cfg.BaseURL, Version: cfg.Version, BadVersion: badVersion, HTTPClient: cfg.HTTPClient,
		Token: cfg.PageToken, Secrets: []domain.Secret{cfg.AppSecret, cfg.VerifyToken}, Classify: classifyFault,
	})
	for field, value := range map[string]string{
		"page_id":      cfg.PageID,
		"app_secret":   cfg.AppSecret.Reveal(),
		"verify_token": cfg.VerifyToken.Reveal(),
		"page_token":   cfg.PageToken.Reveal(),
	} {
		if value == "" {
			faults.Add(field, "error.field.required")
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return &Driver{cfg: cfg, api: api.WithProof(cfg.AppSecret)}, nil
}

// badVersion complains about a version of the Graph API.
const badVersion = "provider.messenger.error.version"

const (
	megabyte = 1 << 20
	day      = 24 * time.Hour
)

// Capabilities says what a page can do in Messenger.
func (d *Driver) Capabilities() carrier.Capabilities {
	c := carrier.Capabilities{
		TextLength: 2000, NoCaptions: true, Window: day, WindowMargin: 5 * time.Minute,
		Reactions: true, Quotes: true, ReadReceipts: true, Typing: true, Delivered: true, Read: true, FilesPerSend: 1,
		Files: []carrier.FileRule{
			{Kind: domain.KindImage, MIME: []string{"image/jpeg", "image/png", "image/gif"}, MaxSize: 8 * megabyte},
			{
				Kind:    domain.KindAudio,
				MIME:    []string{"audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav", "audio/wave"},
				MaxSize: 25 * megabyte,
			},
			{
				Kind:    domain.KindVideo,
				MIME:    []string{"video/mp4", "video/quicktime", "video/webm"},
				MaxSize: 25 * megabyte,
			},
			{
				Kind: domain.KindDocument,
				MIME: append(
					[]string{"application/pdf", "text/plain", "text/csv", "application/zip"},
					wire.OfficeTypes()...),
				MaxSize: 25 * megabyte,
			},
		},
	}
	if d.cfg.HumanAgent {
		c.PersonalWindow = 7 * day
	}
	return c
}
