package carrier

import (
	"context"
	"time"
)

// Finder looks up messages whose sending ended without an answer: did the vendor take them?
type Finder interface {
	// Find gives the vendor's ids of what may be the message, sent since then, the oldest first; none when it is not
	// there (yet). The caller leaves out those that it knows as other messages. Errors are *Error.
	Find(ctx context.Context, m Outgoing, since time.Time) ([]string, error)
}

// CanFind reports whether uncertain outcomes can be looked up.
func (c *Connection) CanFind() bool {
	return isA[Finder](c)
}

// Find looks for a message whose outcome is uncertain (see Finder).
func (c *Connection) Find(ctx context.Context, m Outgoing, since time.Time) ([]string, error) {
	return askVendor(ctx, c, RequestTimeout, func(f Finder, ctx context.Context) ([]string, error) {
		return f.Find(ctx, m, since)
	})
}

// Poller asks the vendor what happened, where webhooks cannot reach the desk or were missed while it was away.
type Poller interface {
	// Poll gives what people said since then, the oldest first, and the states of messages sent since then. It may give
	// more than was asked for and what webhooks told already: callers recognise both by the vendor's ids. Errors are
	// *Error.
	Poll(ctx context.Context, since time.Time) (Batch, error)
}

// CanPoll reports whether the vendor can be asked what happened (see Poller).
func (c *Connection) CanPoll() bool {
	return isA[Poller](c)
}

// Poll asks the vendor what happened since then (see Poller).
func (c *Connection) Poll(ctx context.Context, since time.Time) (Batch, error) {
	return askVendor(ctx, c, FileTimeout, func(p Poller, ctx context.Context) (Batch, error) {
		return p.Poll(ctx, since)
	})
}
