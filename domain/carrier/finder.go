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
