package carrier

import "context"

// Receiver is for vendors without webhooks: the desk keeps a connection open and fetches.
type Receiver interface {
	// Receive fetches what came since the cursor ("" = from the beginning) and hands it to in, the oldest first, until
	// ctx ends or the connection breaks. It never returns nil before ctx ends. Errors are *Error: Unauthorised ones
	// need a person, others are tried again.
	Receive(ctx context.Context, cursor string, in Intake) error
}

// Intake is where a Receiver puts what it fetched.
type Intake interface {
	// Take keeps a delivery and the cursor from which the next Receive goes on, both in one step. When it returns nil
	// they are on the disk and the vendor may be told. A delivery with an empty body only moves the cursor.
	Take(ctx context.Context, w Webhook, cursor string) error
	// Connected tells that the vendor answers and that everything up to now was handed over.
	Connected()
}

// CanReceive reports whether messages have to be fetched (see Receiver).
func (c *Connection) CanReceive() bool {
	return isA[Receiver](c)
}

// Receive fetches until ctx ends or the connection breaks. It takes none of the slots, which are for requests that end.
func (c *Connection) Receive(ctx context.Context, cursor string, in Intake) error {
	r, ok := c.driver.(Receiver)
	if !ok {
		return refuseUnsupported()
	}
	return r.Receive(ctx, cursor, in)
}
