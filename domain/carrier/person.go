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

// PersonMarker tells the vendor that everything a person wrote was read, where vendors go by persons and not by messages.
type PersonMarker interface {
	MarkPerson(ctx context.Context, who domain.Identity, typing bool) error
}

// CanProfile reports whether the vendor can be asked about people.
func (c *Connection) CanProfile() bool {
	_, ok := c.driver.(Profiler)
	return ok
}

// Profile asks what the vendor knows of a person (see Profiler).
func (c *Connection) Profile(ctx context.Context, who domain.Identity) (Profile, error) {
	p, ok := c.driver.(Profiler)
	if !ok {
		return Profile{}, refuseUnsupported()
	}
	return exchange(ctx, c, RequestTimeout, func(ctx context.Context) (Profile, error) { return p.Profile(ctx, who) })
}
