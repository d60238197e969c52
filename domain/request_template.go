package domain

// RequestTemplate prefills the form of a new request.
type RequestTemplate struct {
	ID          ID       `cbor:"1,keyasint,omitzero"`
	Name        string   `cbor:"2,keyasint,omitzero"`
	Title       string   `cbor:"3,keyasint,omitzero"`
	Description string   `cbor:"4,keyasint,omitzero"` // put before the customer's message
	Priority    Priority `cbor:"5,keyasint,omitzero"`
	Tags        []string `cbor:"6,keyasint,omitzero"`
}
