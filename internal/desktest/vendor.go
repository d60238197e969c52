package desktest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// Signature is what the test vendor's webhooks are signed with.
const Signature = "sha256=right"

// Vendor is a vendor that does what the test says. Its webhooks are batches in JSON. It is safe for many callers.
type Vendor struct {
	mu      sync.Mutex
	sent    []carrier.Outgoing
	read    []string
	parsed  []carrier.Webhook
	answer  func(carrier.Outgoing) (carrier.Receipt, error)
	media   map[string]string
	late    string // id of a file that is not ready yet
	listing []domain.MessageTemplate
	test    func() (carrier.Account, error)
	poll    func(since time.Time) (carrier.Batch, error)

	// Stops says that the vendor takes nothing to a customer who refused messages, as vendors of SMS do. Set it before the
	// desk connects.
	Stops bool
}

// NewVendor takes every message and has two templates.
func NewVendor() *Vendor {
	return &Vendor{media: map[string]string{}, listing: []domain.MessageTemplate{
		{
			Name:     "pripominka",
			Language: "cs",
			Category: "utility",
			Status:   domain.TemplateApproved,
			Body:     "Dobrý den {{1}}, čekáme vás v {{2}}.",
		},
		{Name: "sleva", Language: "cs", Category: "marketing", Status: domain.TemplatePending, Body: "Sleva"},
	}}
}

var (
	_ carrier.Driver         = (*Vendor)(nil)
	_ carrier.Handshaker     = (*Vendor)(nil)
	_ carrier.MediaFetcher   = (*Vendor)(nil)
	_ carrier.ReadMarker     = (*Vendor)(nil)
	_ carrier.TemplateLister = (*Vendor)(nil)
	_ carrier.Tester         = (*Vendor)(nil)
	_ carrier.Poller         = (*Vendor)(nil)
)

// Capabilities are those of a chat channel with a window of a day.
func (v *Vendor) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{
		TextLength:    4096,
		CaptionLength: 1024,
		Window:        24 * time.Hour,
		WindowMargin:  time.Minute,
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
		RefusalLocks:  v.Stops,
		FilesPerSend:  1,
		Files: []carrier.FileRule{
			{Kind: domain.KindImage, MIME: []string{"image/png", "image/jpeg"}, MaxSize: 64 << 10},
			{Kind: domain.KindAudio, MIME: []string{"audio/ogg"}, MaxSize: 64 << 10},
			{Kind: domain.KindDocument, MIME: []string{"text/plain", "application/pdf"}, MaxSize: 900 << 10},
		},
	}
}

// Verify accepts Signature.
func (v *Vendor) Verify(w carrier.Webhook) error {
	if w.Header.Get("X-Hub-Signature-256") != Signature {
		return carrier.ErrSignature
	}
	return nil
}

// Parsed lists the webhooks that were given to Parse.
func (v *Vendor) Parsed() []carrier.Webhook {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.parsed)
}

// Parse reads a batch.
func (v *Vendor) Parse(w carrier.Webhook) (b carrier.Batch, err error) {
	v.mu.Lock()
	v.parsed = append(v.parsed, w)
	v.mu.Unlock()
	return b, json.Unmarshal(w.Body, &b)
}

// Handshake answers when the token is "token".
func (v *Vendor) Handshake(q url.Values) (string, error) {
	if q.Get("hub.verify_token") != "token" {
		return "", carrier.ErrSignature
	}
	return q.Get("hub.challenge"), nil
}

// Answer makes the vendor answer sends in a way of the test's; nil = it takes everything.
func (v *Vendor) Answer(fn func(carrier.Outgoing) (carrier.Receipt, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.answer = fn
}

// Send notes the message and answers.
func (v *Vendor) Send(_ context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	v.mu.Lock()
	v.sent = append(v.sent, m)
	n, answer := len(v.sent), v.answer
	v.mu.Unlock()
	if answer != nil {
		return answer(m)
	}
	return carrier.Receipt{VendorID: fmt.Sprintf("out-%d", n)}, nil
}

// Sent lists every send so far, tries that failed included.
func (v *Vendor) Sent() []carrier.Outgoing {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]carrier.Outgoing(nil), v.sent...)
}

// Keep makes the vendor keep a file.
func (v *Vendor) Keep(id, content string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.media[id] = content
}

// Delay makes the vendor say of a file that it is not ready yet.
func (v *Vendor) Delay(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.late = id
}

// Fetch opens a kept file; one it does not keep has expired.
func (v *Vendor) Fetch(_ context.Context, id string) (carrier.Media, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if id != "" && id == v.late {
		return carrier.Media{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.temporary"}
	}
	content, ok := v.media[id]
	if !ok {
		return carrier.Media{}, &carrier.Error{Class: carrier.Permanent, Key: "provider.media_expired"}
	}
	return carrier.Media{Body: io.NopCloser(strings.NewReader(content)), Size: int64(len(content))}, nil
}

// MarkRead notes the receipt.
func (v *Vendor) MarkRead(_ context.Context, id string, _ bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.read = append(v.read, id)
	return nil
}

// ReadReceipts lists the messages we told the vendor that we read.
func (v *Vendor) ReadReceipts() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]string(nil), v.read...)
}

// Templates lists the templates.
func (v *Vendor) Templates(context.Context) ([]domain.MessageTemplate, error) { return v.listing, nil }

// TestWith makes the vendor answer tests of credentials in a way of the test's; nil = all work.
func (v *Vendor) TestWith(fn func() (carrier.Account, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.test = fn
}

// Test answers a test of credentials.
func (v *Vendor) Test(context.Context) (carrier.Account, error) {
	v.mu.Lock()
	test := v.test
	v.mu.Unlock()
	if test != nil {
		return test()
	}
	return carrier.Account{}, nil
}

// PollWith makes the vendor answer the question what happened in a way of the test's; nil = nothing did.
func (v *Vendor) PollWith(fn func(since time.Time) (carrier.Batch, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.poll = fn
}

// Poll tells what happened.
func (v *Vendor) Poll(_ context.Context, since time.Time) (carrier.Batch, error) {
	v.mu.Lock()
	poll := v.poll
	v.mu.Unlock()
	if poll == nil {
		return carrier.Batch{}, nil
	}
	return poll(since)
}

// Product is a product of the test vendor; all drivers' products ask for the same.
func Product(driver string) carrier.Product {
	return carrier.Product{
		Driver:        driver,
		Kind:          domain.WhatsApp,
		Label:         "provider.whatsapp.label",
		Events:        []string{"messages", "channels.waiting"},
		Prerequisites: []string{"provider.whatsapp.before.number"},
		Steps:         []string{"provider.whatsapp.step.paste"},
		Fields: []carrier.Field{
			{
				Name:     "account",
				Label:    "provider.whatsapp.field.phone_number_id",
				Required: true,
				Digits:   15,
				Into:     "account",
			},
			{Name: "number", Label: "provider.whatsapp.field.number", Number: true, Into: "number"},
			{
				Name:     driver + "_token",
				Label:    "provider.whatsapp.field.access_token",
				Secret:   true,
				Required: true,
				Into:     "secret:token",
			},
			{
				Name:     "verify",
				Label:    "provider.whatsapp.field.verify_token",
				Secret:   true,
				Generate: true,
				Required: true,
				Into:     "secret:verify",
			},
			{
				Name:     "once",
				Label:    "provider.webchat.field.identity_secret",
				Secret:   true,
				Generate: true,
				Once:     true,
				Advanced: true,
				Into:     "secret:once",
			},
			{
				Name:     "account2",
				Label:    "provider.whatsapp.field.phone_number_id2",
				Digits:   15,
				Advanced: true,
				Into:     "second:account",
			},
			{
				Name:     "number2",
				Label:    "provider.whatsapp.field.number2",
				Number:   true,
				Advanced: true,
				Into:     "second:number",
			},
			{
				Name:     driver + "_url",
				Label:    "provider.whatsapp.field.base_url",
				Address:  true,
				Advanced: true,
				Into:     "setting:base_url",
			},
		},
		Headers: []string{"X-Hub-Signature-256", "X-Twilio-Signature", "Content-Type"},
		Faults:  []carrier.Fault{{Code: "token", Field: driver + "_token", Words: "provider.whatsapp.test.token"}},
	}
}
