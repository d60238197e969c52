// Package webchat is the chat on a shop's own pages, served by the desk itself.
//
// There is no vendor: what visitors say is taken in by the desk's own page and read here from the journal as
// carrier.VisitorMessage, and a message is sent as soon as it is stored, because the visitor's stream carries it from
// there. Nothing that comes to the webhook address is believed. The limits are our own: 10,000 characters a message and
// 40 MB a file.
package webchat

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// TextLength is the longest message in characters, in both directions.
const TextLength = 10000

// fileSize is the largest file in bytes.
const fileSize = 40 << 20

// Config is what the driver needs of a channel.
type Config struct {
	Channel domain.ID // scope of the visitors' identities
	Origins string    // addresses of the shop's pages
}

// Driver speaks to the visitors of one channel. It is safe for many callers.
type Driver struct{ channel domain.ID }

var (
	_ carrier.Driver = (*Driver)(nil)
	_ carrier.Finder = (*Driver)(nil)
)

// New refuses settings in which an address of a page cannot be read, with the field at fault.
func New(c Config) (*Driver, error) {
	if origins, ok := domain.ParseOrigins(c.Origins); !ok || len(origins) == 0 {
		f := domain.FieldErrors{}
		f.Add("origins", "error.field.origins")
		return nil, f.Err()
	}
	return &Driver{c.Channel}, nil
}

// Capabilities are those of a page that we draw ourselves.
func (d *Driver) Capabilities() carrier.Capabilities {
	rule := func(kind domain.MessageKind, mime ...string) carrier.FileRule {
		return carrier.FileRule{Kind: kind, MIME: mime, MaxSize: fileSize}
	}
	return carrier.Capabilities{
		TextLength:    TextLength,
		CaptionLength: TextLength,
		ReadReceipts:  true,
		Typing:        true,
		Delivered:     true,
		Read:          true,
		Visitors:      true,
		FilesPerSend:  1,
		Files: []carrier.FileRule{
			rule(domain.KindImage, "image/jpeg", "image/png", "image/webp", "image/gif"),
			rule(domain.KindVideo, "video/mp4", "video/webm"),
			rule(domain.KindAudio, "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/x-m4a", "audio/wav"),
			rule(domain.KindDocument, append([]string{
				"application/pdf", "text/plain", "text/csv", "application/zip",
				"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
			}, wire.OfficeTypes()...)...),
		},
	}
}

// Verify refuses everything: visitors write to the desk's own page, never to the webhook address.
func (d *Driver) Verify(carrier.Webhook) error { return carrier.ErrSignature }

// Send takes every message to a visitor of the channel: it is stored, and the visitor's stream gives it out.
func (d *Driver) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Temporary, Key: "provider.stopped", Err: err}
	}
	if _, err := domain.ParseID(m.To.Value); err != nil || m.To.Kind != domain.UserIdentity ||
		m.To.Scope != d.channel.String() {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.InvalidValue, Key: "provider.unreachable"}
	}
	if m.Kind != domain.KindText && m.Media == nil || m.Media == nil && m.Text == "" {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.InvalidValue, Key: "provider.unsupported"}
	}
	return carrier.Receipt{VendorID: m.ID.String()}, nil
}

// Find knows every message: one that is stored was taken.
func (d *Driver) Find(_ context.Context, m carrier.Outgoing, _ time.Time) ([]string, error) {
	return []string{m.ID.String()}, nil
}
