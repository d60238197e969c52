package carrier

import (
	"context"
	"io"
)

// Media is a file the vendor keeps, opened for reading.
type Media struct {
	Body io.ReadCloser
	MIME string
	Size int64 // -1 when the vendor did not say
}

// MediaFetcher downloads a file the vendor keeps.
type MediaFetcher interface {
	// Fetch opens the file; the caller closes it. Errors are *Error; NotFound-like ones are Permanent.
	Fetch(ctx context.Context, vendorID string) (Media, error)
}

// MediaUploader uploads a file before it is sent, so that a retry of the send does not upload again.
type MediaUploader interface {
	Upload(ctx context.Context, m OutgoingMedia) (vendorID string, err error)
}

// Extractor takes a file out of a delivery that was kept whole (InboundMessage.Source), for vendors that send files
// along.
type Extractor interface {
	// Extract opens the file that the driver called vendorID when it parsed the delivery. Errors are *Error.
	Extract(source io.Reader, vendorID string) (Media, error)
}

// Fetch opens a file the vendor keeps.
func (c *Connection) Fetch(ctx context.Context, vendorID string) (Media, error) {
	f, ok := c.driver.(MediaFetcher)
	if !ok {
		return Media{}, refuseUnsupported()
	}
	m, err := f.Fetch(ctx, vendorID)
	c.observe(ctx, err)
	return m, err
}

// Upload hands a file to the vendor and gives its id there; "" when the vendor takes files with the message.
func (c *Connection) Upload(ctx context.Context, m OutgoingMedia) (string, error) {
	if !isA[MediaUploader](c) {
		return "", nil
	}
	return askVendor(ctx, c, FileTimeout, func(u MediaUploader, ctx context.Context) (string, error) {
		return u.Upload(ctx, m)
	})
}

// Extract takes a file out of a delivery that was kept whole.
func (c *Connection) Extract(source io.Reader, vendorID string) (Media, error) {
	x, ok := c.driver.(Extractor)
	if !ok {
		return Media{}, refuseUnsupported()
	}
	return x.Extract(source, vendorID)
}
