package domain

import "time"

// ParkedEntry is a journal entry that could not be taken in, and why.
type ParkedEntry struct {
	JournalEntry `cbor:"4,keyasint"`
	Reason       string    `cbor:"1,keyasint,omitzero"` // technical, in English, for an administrator
	Tries        int       `cbor:"2,keyasint,omitzero"`
	ParkedAt     time.Time `cbor:"3,keyasint,omitzero"`
	// bytes of the whole body, also where only its last piece was read; the store fills it in
	Size int `cbor:"5,keyasint,omitzero"`
}
