package carrier

import (
	"cmp"
	"context"
	"time"

	"pult/domain"
)

// Time limits of one request to a vendor. A file gets longer because it may hold 100 MB.
const (
	RequestTimeout = 30 * time.Second
	FileTimeout    = 10 * time.Minute
)

// usualParallel is how many requests to one vendor run at a time, unless its driver says otherwise.
const usualParallel = 8

// Connection is what the desk speaks to: the driver of a channel, with the policy that is the same for all vendors. One
// whose channel cannot be connected has no driver: it can do nothing and says why. It is safe for many callers.
type Connection struct {
	Channel domain.Channel // as it was stored when the connection was made; not to be changed

	driver  Driver // nil when the channel's settings cannot be used
	trouble error  // why there is no driver
	caps    Capabilities
	slots   chan struct{} // one for each request at a time, so that one slow vendor cannot use up the workers
	observe func(context.Context, error)
}

// NewConnection connects a channel by a driver. observe is told the context and the error (nil for a good end) of every
// request to the vendor; it is nil when nobody wants to know.
func NewConnection(channel domain.Channel, d Driver, observe func(context.Context, error)) *Connection {
	if observe == nil {
		observe = func(context.Context, error) {}
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

// isA reports whether the vendor offers what an optional interface asks for.
func isA[I any](c *Connection) bool {
	_, ok := c.driver.(I)
	return ok
}

// askVendor asks the vendor by an optional interface; one that does not have it is refused before anything leaves.
func askVendor[I, T any](
	ctx context.Context,
	c *Connection,
	limit time.Duration,
	do func(I, context.Context) (T, error),
) (T, error) {
	v, ok := c.driver.(I)
	if !ok {
		var none T
		return none, refuseUnsupported()
	}
	return runRequest(ctx, c, limit, func(ctx context.Context) (T, error) { return do(v, ctx) })
}

// tellVendor is askVendor for what gives nothing back.
func tellVendor[I any](ctx context.Context, c *Connection, do func(I, context.Context) error) error {
	_, err := askVendor(
		ctx,
		c,
		RequestTimeout,
		func(v I, ctx context.Context) (struct{}, error) { return struct{}{}, do(v, ctx) },
	)
	return err
}

func refuseUnsupported() error { return NewRefusal("provider.unsupported") }

// runRequest waits for a free slot, bounds the time and turns any error into an *Error.
func runRequest[T any](
	ctx context.Context,
	c *Connection,
	limit time.Duration,
	fn func(context.Context) (T, error),
) (T, error) {
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
	c.observe(ctx, err)
	if err != nil {
		return none, AsError(err)
	}
	return out, nil
}
