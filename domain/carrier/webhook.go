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

// KeptHeaders are the headers that are stored with a webhook until it is read. They are those of all products, not only
// of the one at whose address it came in, because a webhook may be for another product of the same vendor.
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
