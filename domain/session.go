package domain

import "time"

// Session is a signed-in browser. Only the hash of its token is stored.
type Session struct {
	Hash       []byte    `cbor:"1,keyasint,omitzero"` // SHA-256 of the token
	Operator   ID        `cbor:"2,keyasint,omitzero"`
	CreatedAt  time.Time `cbor:"3,keyasint,omitzero"`
	LastUsedAt time.Time `cbor:"4,keyasint,omitzero"`
	ExpiresAt  time.Time `cbor:"5,keyasint,omitzero"` // absolute end
	Browser    string    `cbor:"6,keyasint,omitzero"` // the browser's own name, cut
}
