package domain

import "time"

// File is a stored file. Its bytes are kept in pieces; SHA256 is over all of them.
type File struct {
	ID             ID `cbor:"1,keyasint,omitzero"`
	ConversationID ID `cbor:"2,keyasint,omitzero"` // who may read the conversation may read the file
	// before it belongs to a message: the operator who uploaded it
	Owner     ID        `cbor:"3,keyasint,omitzero"`
	Name      string    `cbor:"4,keyasint,omitzero"`
	MIME      string    `cbor:"5,keyasint,omitzero"` // by content where it can be told, else as declared
	Size      int64     `cbor:"6,keyasint,omitzero"`
	Chunks    int       `cbor:"7,keyasint,omitzero"`
	SHA256    []byte    `cbor:"8,keyasint,omitzero"`
	CreatedAt time.Time `cbor:"9,keyasint,omitzero"`
}
