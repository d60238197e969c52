package domaintest

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
	"pult/providers"
)

// Signature is what the test vendor's webhooks are signed with.
const Signature = "sha256=right"

// Vendor is a vendor that does what the test says. Its webhooks are batches in JSON. It is safe for many callers.
type Vendor struct {
	mu      sync.Mutex
	sent    []providers.Outgoing
	read    []string
	parsed  []providers.Webhook
	answer  func(providers.Outgoing) (providers.Receipt, error)
	media   map[string]string
	late    string // id of a file that is not ready yet
	listing []domain.MessageTemplate
	test    func() (providers.Account, error)
	poll    func(since time.Time) (providers.Batch, error)
}

// NewVendor takes every message and has two templates.
func NewVendor() *Vendor {
	return &Vendor{media: map[string]string{}, listing: []domain.MessageTemplate{
		{Name: "pripominka", Language: "cs", Category: "utility", Status: domain.TemplateApproved, Body: "Dobrý den {{1}}, čekáme vás v {{2}}."},
		{Name: "sleva", Language: "cs", Category: "marketing", Status: domain.TemplatePending, Body: "Sleva"},
	}}
}

var (
	_ providers.Driver         = (*Vendor)(nil)
	_ providers.Handshaker     = (*Vendor)(nil)
	_ providers.MediaFetcher   = (*Vendor)(nil)
	_ providers.ReadMarker     = (*Vendor)(nil)
	_ providers.TemplateLister = (*Vendor)(nil)
	_ providers.Tester         = (*Vendor)(nil)
	_ providers.Poller         = (*Vendor)(nil)
)

// Capabilities are those of a chat channel with a window of a day.
func (v *Vendor) Capabilities() providers.Capabilities {
	return providers.Capabilities{
		TextLength: 4096, CaptionLength: 1024, Window: 24 * time.Hour, WindowMargin: time.Minute, Templates: true, StartTemplate: true,
		Reactions: true, Locations: true, Cards: true, Quotes: true, ReadReceipts: true, Typing: true, Delivered: true, Read: true, FilesPerSend: 1,
		Files: []providers.FileRule{
			{Kind: domain.KindImage, MIME: []string{"image/png", "image/jpeg"}, MaxSize: 64 << 10},
			{Kind: domain.KindAudio, MIME: []string{"audio/ogg"}, MaxSize: 64 << 10},
			{Kind: domain.KindDocument, MIME: []string{"text/plain", "application/pdf"}, MaxSize: 900 << 10},
		},
	}
}

// Verify accepts Signature.
func (v *Vendor) Verify(w providers.Webhook) error {
	if w.Header.Get("X-Hub-Signature-256") != Signature {
		return providers.ErrSignature
	}
	return nil
}

// Parsed lists the webhooks that were given to Parse.
func (v *Vendor) Parsed() []providers.Webhook {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.parsed)
}

// Parse reads a batch.
func (v *Vendor) Parse(w providers.Webhook) (b providers.Batch, err error) {
	v.mu.Lock()
	v.parsed = append(v.parsed, w)
	v.mu.Unlock()
	return b, json.Unmarshal(w.Body, &b)
}

// Handshake answers when the token is "token".
func (v *Vendor) Handshake(q url.Values) (string, error) {
	if q.Get("hub.verify_token") != "token" {
		return "", providers.ErrSignature
	}
	return q.Get("hub.challenge"), nil
}

// Answer makes the vendor answer sends in a way of the test's; nil = it takes everything.
func (v *Vendor) Answer(fn func(providers.Outgoing) (providers.Receipt, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.answer = fn
}

// Send notes the message and answers.
func (v *Vendor) Send(_ context.Context, m providers.Outgoing) (providers.Receipt, error) {
	v.mu.Lock()
	v.sent = append(v.sent, m)
	n, answer := len(v.sent), v.answer
	v.mu.Unlock()
	if answer != nil {
		return answer(m)
	}
	return providers.Receipt{VendorID: fmt.Sprintf("out-%d", n)}, nil
}

// Sent lists every send so far, tries that failed included.
func (v *Vendor) Sent() []providers.Outgoing {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]providers.Outgoing(nil), v.sent...)
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
func (v *Vendor) Fetch(_ context.Context, id string) (providers.Media, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if id != "" && id == v.late {
		return providers.Media{}, &providers.Error{Class: providers.Temporary, Key: "provider.temporary"}
	}
	content, ok := v.media[id]
	if !ok {
		return providers.Media{}, &providers.Error{Class: providers.Permanent, Key: "provider.media_expired"}
	}
	return providers.Media{Body: io.NopCloser(strings.NewReader(content)), Size: int64(len(content))}, nil
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
func (v *Vendor) TestWith(fn func() (providers.Account, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.test = fn
}

// Test answers a test of credentials.
func (v *Vendor) Test(context.Context) (providers.Account, error) {
	v.mu.Lock()
	test := v.test
	v.mu.Unlock()
	if test != nil {
		return test()
	}
	return providers.Account{}, nil
}

// PollWith makes the vendor answer the question what happened in a way of the test's; nil = nothing did.
func (v *Vendor) PollWith(fn func(since time.Time) (providers.Batch, error)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.poll = fn
}

// Poll tells what happened.
func (v *Vendor) Poll(_ context.Context, since time.Time) (providers.Batch, error) {
	v.mu.Lock()
	poll := v.poll
	v.mu.Unlock()
	if poll == nil {
		return providers.Batch{}, nil
	}
	return poll(since)
}

// Kind is a product of the test vendor; all drivers' products ask for the same.
func Kind(driver string) providers.Kind {
	return providers.Kind{
		Driver: driver, Kind: domain.WhatsApp, Label: "provider.whatsapp.label", Events: []string{"messages", "channels.waiting"},
		Prerequisites: []string{"provider.whatsapp.before.number"}, Steps: []string{"provider.whatsapp.step.paste"},
		Fields: []providers.Field{
			{Name: "account", Label: "provider.whatsapp.field.phone_number_id", Required: true, Digits: 15, Into: "account"},
			{Name: "number", Label: "provider.whatsapp.field.number", Number: true, Into: "number"},
			{Name: driver + "_token", Label: "provider.whatsapp.field.access_token", Secret: true, Required: true, Into: "secret:token"},
			{Name: "verify", Label: "provider.whatsapp.field.verify_token", Secret: true, Generate: true, Required: true, Into: "secret:verify"},
			{Name: "account2", Label: "provider.whatsapp.field.phone_number_id2", Digits: 15, Advanced: true, Into: "second:account"},
			{Name: "number2", Label: "provider.whatsapp.field.number2", Number: true, Advanced: true, Into: "second:number"},
			{Name: driver + "_url", Label: "provider.whatsapp.field.base_url", Address: true, Advanced: true, Into: "setting:base_url"},
		},
		Faults: []providers.Fault{{Code: "token", Field: driver + "_token", Words: "provider.whatsapp.test.token"}},
	}
}
