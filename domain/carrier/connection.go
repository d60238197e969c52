package carrier

import (
	"cmp"
	"context"
	"io"
	"net/url"
	"time"
	"unicode/utf8"

	"pult/domain"
)

// Time limits of one call to a vendor. A file gets longer because it may hold 100 MB.
const (
	RequestTimeout = 30 * time.Second
	FileTimeout    = 10 * time.Minute
)

// usualParallel is how many calls to one vendor run at a time, unless its driver says otherwise.
const usualParallel = 8

// Connection is what the desk calls: the driver of a channel, with the policy that is the same for all vendors. One whose
// channel cannot be connected has no driver: it can do nothing and says why. It is safe for many callers.
type Connection struct {
	Channel domain.Channel // as it was stored when the connection was made; not to be changed

	driver  Driver // nil when the channel's settings cannot be used
	trouble error  // why there is no driver
	caps    Capabilities
	slots   chan struct{} // bounds calls at a time, so that one slow vendor cannot use up the workers
	observe func(error)
}

// NewConnection connects a channel by a driver. observe is told how every call to the vendor ends, with nil for a good end; nil
// when nobody wants to know.
func NewConnection(channel domain.Channel, d Driver, observe func(error)) *Connection {
	if observe == nil {
		observe = func(error) {}
	}
	caps := d.Capabilities()
	slots := make(chan struct{}, cmp.Or(caps.Parallel, usualParallel))
	return &Connection{Channel: channel, driver: d, caps: caps, slots: slots, observe: observe}
}

// NewUnusable is the connection of a channel whose settings cannot be used, and why.
func NewUnusable(channel domain.Channel, trouble error) *Connection {
	return &Connection{Channel: channel, trouble: trouble}
}

// IsUsable reports whether the channel's settings can be used.
func (c *Connection) IsUsable() bool { return c.driver != nil }

// Trouble is why the channel's settings cannot be used; nil when they can.
func (c *Connection) Trouble() error { return c.trouble }

// IsInService reports whether the channel is there to be used at all: connected, switched on and not removed.
func (c *Connection) IsInService() bool {
	return c.IsUsable() && c.Channel.Enabled && !c.Channel.Removed
}

// Ready gives the connection back to be called, or a refusal when the channel is off or its settings cannot be used.
func (c *Connection) Ready() (*Connection, error) {
	if !c.IsUsable() || !c.Channel.Enabled {
		return nil, domain.Refuse(domain.Unavailable, "error.channel_off", "channel", c.Channel.Name).Because(c.trouble)
	}
	return c, nil
}

// Capabilities says what the channel can do; nothing when its settings cannot be used.
func (c *Connection) Capabilities() Capabilities { return c.caps }

// Verify checks a webhook's signature.
func (c *Connection) Verify(w Webhook) error { return c.driver.Verify(w) }

// Parse translates a webhook.
func (c *Connection) Parse(w Webhook) (Batch, error) { return c.driver.Parse(w) }

// Handshake answers a vendor's verification of the address; ErrSignature when the vendor knows none or the token is wrong.
func (c *Connection) Handshake(q url.Values) (string, error) {
	if h, ok := c.driver.(Handshaker); ok {
		return h.Handshake(q)
	}
	return "", ErrSignature
}

// Answer is what a webhook that was taken in is answered with; both texts are empty where the status alone says it.
func (c *Connection) Answer(w Webhook) (mime, body string) {
	if a, ok := c.driver.(Answerer); ok {
		return a.Answer(w)
	}
	return "", ""
}

// CanReceive reports whether the vendor calls nobody and has to be asked (see Receiver).
func (c *Connection) CanReceive() bool {
	_, ok := c.driver.(Receiver)
	return ok
}

// Receive fetches until ctx ends or the connection breaks. It takes none of the slots, which are for calls that end.
func (c *Connection) Receive(ctx context.Context, place string, in Intake) error {
	r, ok := c.driver.(Receiver)
	if !ok {
		return refuseUnsupported()
	}
	return r.Receive(ctx, place, in)
}

// Extract takes a file out of a delivery that was kept whole.
func (c *Connection) Extract(source io.Reader, vendorID string) (Media, error) {
	x, ok := c.driver.(Extractor)
	if !ok {
		return Media{}, refuseUnsupported()
	}
	return x.Extract(source, vendorID)
}

// Send checks the message against what the channel can do and hands it to the vendor.
func (c *Connection) Send(ctx context.Context, m Outgoing) (Receipt, error) {
	if err := c.Check(m); err != nil {
		return Receipt{}, err
	}
	limit := RequestTimeout
	if m.Media != nil || len(m.Files) > 0 {
		limit = FileTimeout
	}
	return exchange(ctx, c, limit, func(ctx context.Context) (Receipt, error) { return c.driver.Send(ctx, m) })
}

// Check refuses what the channel cannot carry, before anything is stored or sent.
func (c *Connection) Check(m Outgoing) error {
	switch {
	case m.Kind == domain.KindTemplate && !c.caps.Templates,
		m.Kind == domain.KindReaction && !c.caps.Reactions,
		m.Kind == domain.KindLocation && !c.caps.Locations,
		m.Kind == domain.KindContacts && !c.caps.Cards,
		c.caps.Calls: // a line for calls carries nothing that is written
		return &Error{Class: InvalidValue, Key: "provider.unsupported"}
	case m.Kind == domain.KindText && isTooLong(m.Text, c.caps.TextLength),
		m.Media != nil && isTooLong(m.Text, c.caps.CaptionLength):
		return &Error{Class: InvalidValue, Key: "provider.too_long"}
	}
	total := int64(0)
	for i := range m.Files {
		if err := c.CheckFile(&m.Files[i]); err != nil {
			return err
		}
		total += m.Files[i].Size
	}
	if c.caps.FilesTotal > 0 && total > c.caps.FilesTotal {
		return &Error{Class: InvalidValue, Key: "provider.files_total"}
	}
	return c.CheckFile(m.Media)
}

func isTooLong(s string, limit int) bool { return limit > 0 && utf8.RuneCountInString(s) > limit }

// CheckFile refuses a file of a type or size the channel does not take; nil is no file.
func (c *Connection) CheckFile(m *OutgoingMedia) error {
	if m == nil {
		return nil
	}
	rule, ok := c.caps.RuleFor(m.MIME)
	if !ok {
		return &Error{Class: InvalidValue, Key: "provider.file_type"}
	}
	if m.Size > rule.MaxSize {
		return &Error{Class: InvalidValue, Key: "provider.file_size"}
	}
	return nil
}

// Fetch opens a file the vendor keeps.
func (c *Connection) Fetch(ctx context.Context, vendorID string) (Media, error) {
	f, ok := c.driver.(MediaFetcher)
	if !ok {
		return Media{}, refuseUnsupported()
	}
	m, err := f.Fetch(ctx, vendorID)
	c.observe(err)
	return m, err
}

// Upload hands a file to the vendor and gives its id there; "" when the vendor takes files with the message.
func (c *Connection) Upload(ctx context.Context, m OutgoingMedia) (string, error) {
	u, ok := c.driver.(MediaUploader)
	if !ok {
		return "", nil
	}
	return exchange(ctx, c, FileTimeout, func(ctx context.Context) (string, error) { return u.Upload(ctx, m) })
}

// Templates lists the vendor's templates.
func (c *Connection) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	l, ok := c.driver.(TemplateLister)
	if !ok {
		return nil, refuseUnsupported()
	}
	return exchange(ctx, c, 2*RequestTimeout, l.Templates)
}

// MarkRead tells the vendor that a person's message was read; a channel without receipts does nothing.
func (c *Connection) MarkRead(ctx context.Context, who domain.Identity, vendorMessageID string, typing bool) error {
	var mark func(context.Context) error
	switch r := c.driver.(type) {
	case ReadMarker:
		mark = func(ctx context.Context) error { return r.MarkRead(ctx, vendorMessageID, typing) }
	case PersonMarker:
		mark = func(ctx context.Context) error { return r.MarkPerson(ctx, who, typing) }
	default:
		return nil
	}
	_, err := exchange(ctx, c, RequestTimeout, func(ctx context.Context) (struct{}, error) { return struct{}{}, mark(ctx) })
	return err
}

// CanPoll reports whether the vendor can be asked what happened (see Poller).
func (c *Connection) CanPoll() bool {
	_, ok := c.driver.(Poller)
	return ok
}

// Poll asks the vendor what happened since then (see Poller).
func (c *Connection) Poll(ctx context.Context, since time.Time) (Batch, error) {
	p, ok := c.driver.(Poller)
	if !ok {
		return Batch{}, refuseUnsupported()
	}
	return exchange(ctx, c, FileTimeout, func(ctx context.Context) (Batch, error) { return p.Poll(ctx, since) })
}

// CanTest reports whether the vendor lets credentials be tried without sending anything.
func (c *Connection) CanTest() bool {
	_, ok := c.driver.(Tester)
	return ok
}

// Test proves that the credentials work.
func (c *Connection) Test(ctx context.Context) (Account, error) {
	t, ok := c.driver.(Tester)
	if !ok {
		return Account{}, refuseUnsupported()
	}
	return exchange(ctx, c, RequestTimeout, t.Test)
}

func refuseUnsupported() error { return &Error{Class: InvalidValue, Key: "provider.unsupported"} }

// exchange waits for a free slot, bounds the time and turns any error into an *Error.
func exchange[T any](ctx context.Context, c *Connection, limit time.Duration, fn func(context.Context) (T, error)) (T, error) {
	var none T
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return none, &Error{Class: Temporary, Key: "provider.stopped", Err: ctx.Err()}
	}
	defer func() { <-c.slots }()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := fn(ctx)
	c.observe(err)
	if err != nil {
		return none, AsError(err)
	}
	return out, nil
}
