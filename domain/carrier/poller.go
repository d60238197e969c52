package carrier

import (
	"context"
	"time"
)

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
