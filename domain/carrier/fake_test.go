package carrier_test

import (
	"context"
	"io"
	"net/url"
	"strings"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// bareDriver offers nothing beyond a Driver. Its send, when there is one, stands for the request to the vendor.
type bareDriver struct {
	caps carrier.Capabilities
	send func(context.Context, carrier.Outgoing) (carrier.Receipt, error)
}

func (d *bareDriver) Capabilities() carrier.Capabilities { return d.caps }

func (d *bareDriver) Verify(w carrier.Webhook) error {
	if string(w.Body) == "forged" {
		return carrier.ErrSignature
	}
	return nil
}

func (d *bareDriver) Parse(w carrier.Webhook) (carrier.Batch, error) {
	return carrier.Batch{Messages: []carrier.InboundMessage{{Text: string(w.Body)}}}, nil
}

func (d *bareDriver) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	if d.send != nil {
		return d.send(ctx, m)
	}
	return carrier.Receipt{VendorID: "vendor-1"}, nil
}

// fullDriver offers every optional interface but PersonMarker, which excludes ReadMarker. It notes what it was asked,
// and fails with err when there is one.
type fullDriver struct {
	bareDriver
	err error

	mu     sync.Mutex
	asked  []string
	limits []time.Duration // that each request had, rounded to seconds
}

func (d *fullDriver) note(ctx context.Context, what ...string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, strings.Join(what, " "))
	if deadline, ok := ctx.Deadline(); ok {
		d.limits = append(d.limits, time.Until(deadline).Round(time.Second))
	}
	return d.err
}

func (d *fullDriver) Handshake(q url.Values) (string, error) { return q.Get("challenge"), d.err }

func (d *fullDriver) Answer(carrier.Webhook) (mime, body string) { return "text/plain", "answer" }

func (d *fullDriver) Receive(ctx context.Context, cursor string, in carrier.Intake) error {
	if err := in.Take(ctx, carrier.Webhook{Body: []byte("letter")}, cursor+"+1"); err != nil {
		return err
	}
	in.Connected()
	return d.note(ctx, "receive", cursor)
}

func (d *fullDriver) Extract(source io.Reader, vendorID string) (carrier.Media, error) {
	return carrier.Media{MIME: vendorID, Body: io.NopCloser(source)}, d.err
}

func (d *fullDriver) Fetch(ctx context.Context, vendorID string) (carrier.Media, error) {
	return carrier.Media{MIME: vendorID}, d.note(ctx, "fetch", vendorID)
}

func (d *fullDriver) Upload(ctx context.Context, m carrier.OutgoingMedia) (string, error) {
	return "upload-1", d.note(ctx, "upload", m.Name)
}

func (d *fullDriver) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	return []domain.MessageTemplate{{Name: "hello"}}, d.note(ctx, "templates")
}

func (d *fullDriver) MarkRead(ctx context.Context, vendorMessageID string, typing bool) error {
	if typing {
		return d.note(ctx, "read and typing", vendorMessageID)
	}
	return d.note(ctx, "read", vendorMessageID)
}

func (d *fullDriver) Poll(ctx context.Context, since time.Time) (carrier.Batch, error) {
	return carrier.Batch{Unknown: []carrier.Unknown{{What: "polled"}}}, d.note(ctx, "poll", since.Format(time.DateOnly))
}

func (d *fullDriver) Test(ctx context.Context) (carrier.Account, error) {
	return carrier.Account{Name: "Shop"}, d.note(ctx, "test")
}

func (d *fullDriver) Find(ctx context.Context, m carrier.Outgoing, since time.Time) ([]string, error) {
	return []string{"vendor-2"}, d.note(ctx, "find", m.Text, since.Format(time.DateOnly))
}

func (d *fullDriver) Subscribe(ctx context.Context) error { return d.note(ctx, "subscribe") }

func (d *fullDriver) Inspect(ctx context.Context) (carrier.Condition, error) {
	return carrier.Condition{State: carrier.ConditionWarning}, d.note(ctx, "inspect")
}

func (d *fullDriver) Profile(ctx context.Context, who domain.Identity) (carrier.Profile, error) {
	return carrier.Profile{Picture: "picture-1"}, d.note(ctx, "profile", who.Value)
}

func (d *fullDriver) Call(ctx context.Context, c carrier.OutgoingCall) (carrier.CallReceipt, error) {
	return carrier.CallReceipt{Leg: "leg-1"}, d.note(ctx, "call", c.Agent)
}

func (d *fullDriver) FindCall(
	ctx context.Context, c carrier.OutgoingCall, _ time.Time,
) (carrier.CallReceipt, bool, error) {
	err := d.note(ctx, "find call", c.Agent)
	return carrier.CallReceipt{Leg: "leg-2"}, err == nil, err
}

func (d *fullDriver) Hangup(ctx context.Context, c carrier.CallRef) error {
	return d.note(ctx, "hang up", c.Ours)
}

func (d *fullDriver) Hold(ctx context.Context, c carrier.CallRef, on bool) error {
	if on {
		return d.note(ctx, "hold", c.Ours)
	}
	return d.note(ctx, "bring back", c.Ours)
}

func (d *fullDriver) LookUpCall(ctx context.Context, c carrier.CallRef) ([]carrier.InboundCall, error) {
	return []carrier.InboundCall{{VendorID: c.Theirs}}, d.note(ctx, "look up", c.Ours)
}

func (d *fullDriver) IdentifyCall(w carrier.Webhook) (ours, vendorID string) {
	return string(w.Body), "vendor-3"
}

func (d *fullDriver) AnswerCall(_ carrier.Webhook, now carrier.CallSnapshot) (mime, body string) {
	if now.Held {
		return "text/xml", "music"
	}
	return "text/xml", "ring"
}

var (
	_ carrier.Driver         = (*bareDriver)(nil)
	_ carrier.Handshaker     = (*fullDriver)(nil)
	_ carrier.Answerer       = (*fullDriver)(nil)
	_ carrier.Receiver       = (*fullDriver)(nil)
	_ carrier.Extractor      = (*fullDriver)(nil)
	_ carrier.MediaFetcher   = (*fullDriver)(nil)
	_ carrier.MediaUploader  = (*fullDriver)(nil)
	_ carrier.TemplateLister = (*fullDriver)(nil)
	_ carrier.ReadMarker     = (*fullDriver)(nil)
	_ carrier.Poller         = (*fullDriver)(nil)
	_ carrier.Tester         = (*fullDriver)(nil)
	_ carrier.Finder         = (*fullDriver)(nil)
	_ carrier.Subscriber     = (*fullDriver)(nil)
	_ carrier.Inspector      = (*fullDriver)(nil)
	_ carrier.Profiler       = (*fullDriver)(nil)
	_ carrier.Caller         = (*fullDriver)(nil)
	_ carrier.CallAnswerer   = (*fullDriver)(nil)
)

// intake notes what a Receiver hands over.
type intake struct {
	cursors   []string
	connected int
}

func (in *intake) Take(_ context.Context, _ carrier.Webhook, cursor string) error {
	in.cursors = append(in.cursors, cursor)
	return nil
}

func (in *intake) Connected() { in.connected++ }
