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

// ErrSignature says that a webhook is not proven to come from the vendor.
var ErrSignature = errors.New("carrier: signature missing or wrong")
