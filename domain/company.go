package domain

import "time"

// Company is a firm that contacts belong to.
type Company struct {
	ID        ID        `cbor:"1,keyasint,omitzero"`
	Name      string    `cbor:"2,keyasint,omitzero"`
	CreatedAt time.Time `cbor:"3,keyasint,omitzero"`
}
