package carrier

import (
	"context"
	"time"
)

// Finder looks whether a message was taken whose sending ended without an answer.
type Finder interface {
	// Find gives the vendor's ids of what may be the message, sent since then, the oldest first; none when it is not there (yet).
	// The caller leaves out those that it knows as other messages. Errors are *Error.
	Find(ctx context.Context, m Outgoing, since time.Time) ([]string, error)
}

// Subscriber is for vendors that call the desk only for accounts they were asked to call it for.
type Subscriber interface {
	// Subscribe asks for the calls; asking again changes nothing. Errors are *Error.
	Subscribe(context.Context) error
}

// CanFind reports whether uncertain outcomes can be looked up.
func (c *Connection) CanFind() bool {
	_, ok := c.driver.(Finder)
	return ok
}

// Find looks for a message whose outcome is uncertain (see Finder).
func (c *Connection) Find(ctx context.Context, m Outgoing, since time.Time) ([]string, error) {
	f, ok := c.driver.(Finder)
	if !ok {
		return nil, refuseUnsupported()
	}
	return exchange(ctx, c, RequestTimeout, func(ctx context.Context) ([]string, error) { return f.Find(ctx, m, since) })
}

// Subscribe asks the vendor to call the desk; where it needs no asking nothing happens.
func (c *Connection) Subscribe(ctx context.Context) error {
	s, ok := c.driver.(Subscriber)
	if !ok {
		return nil
	}
	_, err := exchange(ctx, c, RequestTimeout, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.Subscribe(ctx) })
	return err
}
