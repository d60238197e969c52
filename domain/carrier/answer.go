package carrier

import "net/url"

// Handshaker answers the GET request by which a vendor verifies a webhook address.
type Handshaker interface {
	// Handshake gives the body to answer with, or an error when the request does not prove knowledge of the verify
	// token.
	Handshake(url.Values) (string, error)
}

// Answerer is for vendors that act on what a webhook is answered with: a reply to the customer, or what a call does
// next.
type Answerer interface {
	// Answer gives what is answered to a webhook that was taken in: media type and body, both "" when the status says
	// it all.
	Answer(Webhook) (mime, body string)
}

// Handshake answers a vendor's verification of the address; ErrSignature when the vendor knows none or the token is
// wrong.
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
