package carrier

import (
	"errors"
	"net/http"
	"net/url"
	"time"
)

// Webhook is one request from a vendor. Body holds the raw bytes as read from the socket.
type Webhook struct {
	URL        string // as the vendor called it: scheme, public host, escaped path and raw query; some vendors sign it
	Header     http.Header
	Query      url.Values
	Body       []byte
	ReceivedAt time.Time // when it was taken in, for vendors that tell no time of their own; zero before that
}

// KeptHeaders are the headers that are stored with a webhook until it is read. They are those of all products, not only of
// the one at whose address it came in, because a webhook may be for another product of the same vendor.
func (w Webhook) KeptHeaders(products []Product) map[string]string {
	kept := map[string]string{}
	for _, p := range products {
		for _, name := range p.Headers {
			if value := w.Header.Get(name); value != "" {
				kept[name] = value
			}
		}
	}
	return kept
}

// ErrSignature says that a webhook is not proven to come from the vendor.
var ErrSignature = errors.New("carrier: signature missing or wrong")

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
