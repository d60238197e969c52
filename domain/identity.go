package domain

// IdentityKind is what an external identifier is. It is kept because a telephone number can be dialled and the others
// cannot.
type IdentityKind string

// The kinds of identity.
const (
	PhoneIdentity  IdentityKind = "phone"  // E.164 with the plus sign
	UserIdentity   IdentityKind = "user"   // the vendor's business-scoped id of the person
	ParentIdentity IdentityKind = "parent" // the same across linked businesses
	MailIdentity   IdentityKind = "mail"
)

// Identity is one way in which a contact is known to a vendor. Scope keeps ids apart that only mean something within
// one business account; it is empty for telephone numbers and mail addresses, which mean the same everywhere.
type Identity struct {
	Kind  IdentityKind `cbor:"1,keyasint,omitzero"`
	Scope string       `cbor:"2,keyasint,omitzero"`
	Value string       `cbor:"3,keyasint,omitzero"`
}
