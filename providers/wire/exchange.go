package wire

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// Exchange is how one vendor's API over HTTP is spoken to, whatever it wants to be told.
type Exchange struct {
	// must not follow redirects by itself, see WithoutRedirects
	Client *http.Client
	// of an answer, in bytes; what is beyond is not read
	Limit int64
	// classifies an answer that is no success
	ReadRefusal func(res *http.Response, raw []byte, sends bool) *carrier.Error
}

// Do makes the request and decodes the answer into out. sends says whether the request puts a message on its way, so
// that an outcome can be uncertain. Every error is an *Error.
func (x Exchange) Do(req *http.Request, sends bool, out any) error {
	var trace RequestTrace
	res, err := x.Client.Do(req.WithContext(trace.Watch(req.Context())))
	if err != nil {
		return TransportError(err, sends && trace.MayHaveArrived())
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, x.Limit))
	if err != nil && res.StatusCode < 300 {
		return TransportError(err, sends)
	}
	if res.StatusCode >= 300 {
		return x.ReadRefusal(res, raw, sends)
	}
	if err := DecodeJSON(raw, out); err != nil {
		return TransportError(fmt.Errorf("decode answer: %w", err), sends)
	}
	return nil
}

// WithoutRedirects copies a client so that a redirect is an answer: following one by itself would either lose the
// credentials or hand them to a stranger. Only the transport is kept, the usual one for nil; time limits are the
// caller's.
func WithoutRedirects(c *http.Client) *http.Client {
	out := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if c != nil {
		out.Transport = c.Transport
	}
	return out
}

// NewRedactor makes the filter for everything a vendor says: error sentences are known to repeat a refused token. Empty
// secrets hide nothing.
func NewRedactor(secrets ...domain.Secret) *strings.Replacer {
	var pairs []string
	for _, s := range secrets {
		if s != "" {
			pairs = append(pairs, s.Reveal(), s.String())
		}
	}
	return strings.NewReplacer(pairs...)
}

// StatusClass classifies an answer by its HTTP status alone, for want of the vendor's own words: a proxy or a gateway
// spoke, and behind it a message may have been taken when the request sent one.
func StatusClass(status int, sends bool) carrier.Class {
	switch {
	case status == http.StatusTooManyRequests:
		return carrier.RateLimited
	case (status >= 500 || status == http.StatusRequestTimeout) && sends:
		return carrier.Uncertain
	case status >= 500 || status == http.StatusRequestTimeout:
		return carrier.Temporary
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return carrier.Unauthorised
	}
	return carrier.Permanent
}

// StatusError is the failure that an answer without the vendor's own words stands for (see StatusClass).
func StatusError(status int, sends bool) *carrier.Error {
	class := StatusClass(status, sends)
	return &carrier.Error{Class: class, Code: "HTTP " + strconv.Itoa(status), Key: class.Sentence()}
}

// OfficeTypes are the media types of documents, tables and slides in their old and new forms, which every vendor that
// takes documents takes.
func OfficeTypes() []string {
	const open = "application/vnd.openxmlformats-officedocument."
	return []string{
		"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		open + "wordprocessingml.document", open + "spreadsheetml.sheet", open + "presentationml.presentation",
	}
}
