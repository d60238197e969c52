package domain

import "time"

// JournalEntry is one raw webhook as it came, after its signature was verified.
type JournalEntry struct {
	ID         ID                `cbor:"1,keyasint,omitzero"`
	ChannelID  ID                `cbor:"2,keyasint,omitzero"`
	Header     map[string]string `cbor:"3,keyasint,omitzero"` // the few headers the driver needs again
	Query      string            `cbor:"4,keyasint,omitzero"`
	Body       []byte            `cbor:"5,keyasint,omitzero"`
	ReceivedAt time.Time         `cbor:"6,keyasint,omitzero"`
	// a body over the size of one value is kept in this many pieces; Body is whole once read
	Parts int `cbor:"7,keyasint,omitzero"`
}
