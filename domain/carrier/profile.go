package carrier

import (
	"context"

	"pult/domain"
)

// Profiler looks up what a vendor knows of a person, where messages come without so much as a name.
type Profiler interface {
	// Profile asks for one person. Errors are *Error; one whom the vendor does not tell about is an empty Profile.
	Profile(ctx context.Context, who domain.Identity) (Profile, error)
}

// Profile is what a vendor tells of a person.
type Profile struct {
	Person
	Picture string // of the profile, by what MediaFetcher takes; "" = none
}

// CanProfile reports whether the vendor can be asked about people.
func (c *Connection) CanProfile() bool {
	return isA[Profiler](c)
}

// Profile asks what the vendor knows of a person (see Profiler).
func (c *Connection) Profile(ctx context.Context, who domain.Identity) (Profile, error) {
	return askVendor(ctx, c, RequestTimeout, func(p Profiler, ctx context.Context) (Profile, error) {
		return p.Profile(ctx, who)
	})
}

// ReadMarker tells the vendor that a customer's message (and all before it) was read, optionally that we are typing.
type ReadMarker interface {
	MarkRead(ctx context.Context, vendorMessageID string, typing bool) error
}

// PersonMarker tells the vendor that everything a person wrote was read, where vendors go by persons and not by
// messages.
type PersonMarker interface {
	MarkPerson(ctx context.Context, who domain.Identity, typing bool) error
}

// MarkRead tells the vendor that a person's message was read; a channel without receipts does nothing.
func (c *Connection) MarkRead(ctx context.Context, who domain.Identity, vendorMessageID string, typing bool) error {
	switch {
	case isA[ReadMarker](c):
		return tellVendor(ctx, c, func(r ReadMarker, ctx context.Context) error {
			return r.MarkRead(ctx, vendorMessageID, typing)
		})
	case isA[PersonMarker](c):
		return tellVendor(ctx, c, func(r PersonMarker, ctx context.Context) error {
			return r.MarkPerson(ctx, who, typing)
		})
	}
	return nil
}
