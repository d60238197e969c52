package domain

import "time"

// Workspace is what is set once for the whole desk.
type Workspace struct {
	Company  string    `cbor:"1,keyasint,omitzero"`
	Language Language  `cbor:"2,keyasint,omitzero"` // of new operators and of pages before sign-in
	SetUpAt  time.Time `cbor:"4,keyasint,omitzero"`
	// random, names the session cookie so that other programs on localhost do not clash
	InstallID string `cbor:"5,keyasint,omitzero"`
	// the desk was filled with sample data, whose passwords are published: it is served as a demo or not at all
	Demo     bool `cbor:"7,keyasint,omitzero"`
	ChatsOff bool `cbor:"6,keyasint,omitzero"` // the module Chats is hidden; nobody has to switch it on first
}
