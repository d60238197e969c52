package domain

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Contact is a person outside.
type Contact struct {
	ID ID `cbor:"1,keyasint,omitzero"`
	// as the customer's profile says, until an operator writes a better one
	Name       string `cbor:"2,keyasint,omitzero"`
	NameEdited bool   `cbor:"3,keyasint,omitzero"` // an operator wrote the name; profiles no longer change it
	Username   string `cbor:"4,keyasint,omitzero"` // without @
	CompanyID  ID     `cbor:"5,keyasint,omitzero"`
	// the company's name, kept beside its id so that lists read one record
	Company    string     `cbor:"6,keyasint,omitzero"`
	Language   Language   `cbor:"7,keyasint,omitzero"`
	Identities []Identity `cbor:"8,keyasint,omitzero"`
	CreatedAt  time.Time  `cbor:"9,keyasint,omitzero"`
	UpdatedAt  time.Time  `cbor:"10,keyasint,omitzero"`

	// what the customer or their profile told, by message key of its label
	Details map[string]string `cbor:"11,keyasint,omitzero"`
	Picture ID                `cbor:"12,keyasint,omitzero"` // file of the profile's picture; zero = none

	// when a channel last greeted them by itself, by its id; old ones are dropped
	Greeted map[string]time.Time `cbor:"13,keyasint,omitzero"`
	// what they refuse on a channel, by its id; where nothing is refused there is no entry
	Consents map[string]Consent `cbor:"14,keyasint,omitzero"`
}

// Phone is the contact's first telephone number in E.164, as it is dialled, or "".
func (c *Contact) Phone() string {
	if list := c.Phones(); len(list) > 0 {
		return list[0]
	}
	return ""
}

// Mail is the contact's first address of mail, or "".
func (c *Contact) Mail() string { return c.firstIdentity(MailIdentity) }

func (c *Contact) firstIdentity(kind IdentityKind) string {
	for _, i := range c.Identities {
		if i.Kind == kind {
			return i.Value
		}
	}
	return ""
}

// Title is what lists show: the name, else the number, else the user name, else the first identity.
func (c *Contact) Title() string {
	switch {
	case c.Name != "":
		return c.Name
	case c.Phone() != "":
		return c.Phone()
	case c.Username != "":
		return "@" + c.Username
	case len(c.Identities) > 0:
		return c.Identities[0].Value
	}
	return ""
}

// Prefer puts identities that the contact has before its others, in their order, and reports whether anything moved: what
// a person is reached by now comes before what they were reached by.
func (c *Contact) Prefer(ids ...Identity) bool {
	isPreferred := func(i Identity) bool { return slices.Contains(ids, i) }
	var front []Identity
	for _, id := range ids {
		if slices.Contains(c.Identities, id) && !slices.Contains(front, id) {
			front = append(front, id)
		}
	}
	order := append(front, slices.DeleteFunc(slices.Clone(c.Identities), isPreferred)...)
	moved := !slices.Equal(order, c.Identities)
	c.Identities = order
	return moved
}

// Absorb adds what is known of another contact, who is the same person: identities, and whatever is not known of this
// one. They are known since the earlier day.
func (c *Contact) Absorb(other *Contact) {
	c.Identities = slices.Clone(c.Identities)
	c.Learn(other.Identities...)
	if c.Name == "" || other.NameEdited && !c.NameEdited {
		c.Name, c.NameEdited = other.Name, other.NameEdited
	}
	c.Username = cmp.Or(c.Username, other.Username)
	if c.CompanyID.IsZero() {
		c.CompanyID, c.Company = other.CompanyID, other.Company
	}
	c.Language = cmp.Or(c.Language, other.Language)
	if c.Picture.IsZero() {
		c.Picture = other.Picture
	}
	c.Details = joinMaps(other.Details, c.Details)
	c.Greeted = joinMaps(other.Greeted, c.Greeted)
	if !other.CreatedAt.IsZero() && other.CreatedAt.Before(c.CreatedAt) {
		c.CreatedAt = other.CreatedAt
	}
}

// joinMaps gives what is in either map; of what is in both, what the second says.
func joinMaps[V any](first, second map[string]V) map[string]V {
	if len(first) == 0 {
		return second
	}
	joined := maps.Clone(first)
	maps.Copy(joined, second)
	return joined
}

// Learn adds identities the contact did not have and reports whether any was new.
func (c *Contact) Learn(ids ...Identity) bool {
	learned := false
	for _, id := range ids {
		if id.Value != "" && !slices.Contains(c.Identities, id) {
			c.Identities = append(c.Identities, id)
			learned = true
		}
	}
	return learned
}

// Refusal is what a customer does not want to be sent any more on a channel. The zero value: nothing is refused.
type Refusal string

// What can be refused.
const (
	RefusesAdvertising Refusal = "advertising" // nothing may be advertised or sent by itself; answers are welcome
	RefusesAll         Refusal = "all"         // the vendor takes no message to them at all, until they lift it
)

// Consent is a refusal with the time from which it counts.
type Consent struct {
	Refuses Refusal   `cbor:"1,keyasint,omitzero"`
	Since   time.Time `cbor:"2,keyasint,omitzero"`
}
