package graph

import (
	"net/http"
	"strconv"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// detailLength bounds the vendor's own words in an error, in characters.
const detailLength = 500

// Fault is an error as answers and webhooks tell it.
type Fault struct {
	Code      text   `json:"code"`
	Subcode   text   `json:"error_subcode"`
	Title     text   `json:"title"`
	Message   text   `json:"message"`
	UserMsg   text   `json:"error_user_msg"`
	Transient Bool   `json:"is_transient"`
	Data      Detail `json:"error_data"`
}

// Detail is what a fault says besides: an object or, in some answers, a bare string.
type Detail struct{ Details text }

// UnmarshalJSON never fails: a field of a wrong shape must not cost the rest of the message.
func (d *Detail) UnmarshalJSON(b []byte) error {
	var object struct {
		Details text `json:"details"`
	}
	if wire.DecodeJSON(b, &object) == nil && object.Details != "" {
		d.Details = object.Details
		return nil
	}
	return d.Details.UnmarshalJSON(b)
}

// Bool is a truth that is documented as a word in one place and as a bare word in another.
type Bool bool

// UnmarshalJSON never fails: anything but true is no.
func (y *Bool) UnmarshalJSON(b []byte) error {
	var t text
	_ = t.UnmarshalJSON(b)
	*y = t == "true"
	return nil
}

// FaultTable is what a product's faults mean.
type FaultTable struct {
	Find func(code, subcode int) (wire.Meaning, bool) // false = the vendor documents no such code
	// message key for the codes 200 to 299, which are missing permissions all; "" = that of the class
	Rights string
}

// Lookup looks a fault up. A code nobody documented is taken for permanent, so that a person looks instead of a machine
// repeating it, unless the vendor itself says that it will pass.
func (t FaultTable) Lookup(f Fault, status int) wire.Meaning {
	code, err := strconv.Atoi(string(f.Code))
	subcode, _ := strconv.Atoi(string(f.Subcode)) // none is 0
	m, known := t.Find(code, subcode)
	switch {
	case status == http.StatusTooManyRequests:
		m.Class = carrier.RateLimited
		return m
	case err == nil && known:
		return m
	case err == nil && code >= 200 && code <= 299:
		return wire.Meaning{Class: carrier.Unauthorised, Key: t.Rights}
	case bool(f.Transient):
		return wire.Meaning{Class: carrier.Temporary}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return wire.Meaning{Class: carrier.Unauthorised}
	}
	return wire.Meaning{Class: carrier.Permanent}
}

// ClassifyFault classifies a fault the vendor named, in an answer (with its HTTP status) or in a webhook (0), as the
// product means it.
func (a *API) ClassifyFault(f Fault, status int) *carrier.Error {
	e := a.classify(f, status)
	e.Detail = domain.Clip(a.Redact(e.Detail), detailLength)
	return e
}

// ReadRefusal turns an answer that is no success into an error. sends says whether the request may have put a message
// on its way.
func (a *API) ReadRefusal(res *http.Response, raw []byte, sends bool) *carrier.Error {
	var body struct {
		Error *Fault `json:"error"`
	}
	e := wire.StatusError(res.StatusCode, sends)
	if wire.DecodeJSON(raw, &body) == nil && body.Error != nil && body.Error.Code != "" {
		e = a.ClassifyFault(*body.Error, res.StatusCode)
	}
	if wait := wire.RetryAfter(res.Header); wait > 0 {
		e.RetryAfter = wait
	}
	return e
}
