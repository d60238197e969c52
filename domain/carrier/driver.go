// Package carrier is the contract between the desk and the vendors that carry messages. It lies below both: the desk
// speaks to a Connection, a vendor's package implements a Driver.
//
// A Driver translates and states facts: what it can do, and of an error what class it is. It never retries, logs,
// stores or knows the desk. All policy (limits, time limits, capability checks, concurrency) sits once, in Connection.
// Whatever a vendor offers beyond the Driver is an optional interface (Handshaker, MediaFetcher, …) that Connection
// finds by assertion, so no code above asks which vendor it talks to. What "works" means is providers/drivertest.
//
//	driver.go          what every vendor's driver can do
//	connection.go      the policy around a driver: who may ask how much at a time, for how long, and what a failure becomes
//	capabilities.go    what a channel can carry, and until when a customer may be written to freely
//	errors.go          classes of failure
//	webhook.go         a request from a vendor
//	batch.go           what a webhook says: messages and reports (inbound.go), news
//	person.go          who wrote
//	outgoing.go        a message to send; receipt.go the vendor's word that it took it
//	send.go            sending, after the check against the capabilities
//	media.go           files: fetched, uploaded, taken out of a letter
//	call.go            telephone calls in both directions
//	product.go         what it takes to connect a channel: field.go, login.go
//	offer.go           a product with how a stored channel becomes its driver; facilities.go what the program lends for it
//	visitor.go         what a visitor of the desk's own chat wrote
//
// What only some vendors offer has a file of its own, with the interface and the methods of Connection that use it:
// answer.go, receiver.go, history.go (what was missed, what became of a message), inspector.go, account.go (credentials
// and templates), profile.go (what is known of a person, and that they were read).
package carrier

import "context"

// Driver speaks to one vendor for one channel. It is safe for many callers.
type Driver interface {
	// Capabilities says what the channel can do. It is constant for a driver.
	Capabilities() Capabilities
	// Verify checks the signature over the raw bytes; anything but nil means the webhook is refused. It wraps
	// ErrSignature.
	Verify(Webhook) error
	// Parse translates a verified webhook. Parts that are not understood become placeholders or Batch.Unknown;
	// an error means that nothing at all could be read and the entry is parked.
	Parse(Webhook) (Batch, error)
	// Send hands one message to the vendor. Errors are *Error.
	Send(context.Context, Outgoing) (Receipt, error)
}
