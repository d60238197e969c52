package domain

// Failure says why something did not work: a class, the vendor's code, and a sentence for the operator.
type Failure struct {
	Class  string `cbor:"1,keyasint,omitzero"` // see carrier.Class
	Code   string `cbor:"2,keyasint,omitzero"` // the vendor's
	Key    string `cbor:"3,keyasint,omitzero"` // message key of the sentence for the operator
	Detail string `cbor:"4,keyasint,omitzero"` // the vendor's own words, for supervisors
}
