package engagelab

import (
	"net/http"
	"strconv"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// meanings is EngageLab's table of codes. Their HTTP statuses say less: "not found" is 400.
var meanings = map[int]wire.Meaning{
	1000: {Class: carrier.Temporary},
	2001: {Class: carrier.Unauthorised, Key: "provider.engagelab.2002"},
	2002: {Class: carrier.Unauthorised, Key: "provider.engagelab.2002"},
	2003: {Class: carrier.Unauthorised, Key: "provider.engagelab.2003"},
	2004: {Class: carrier.Unauthorised, Key: "provider.engagelab.2004"},
	3001: {Class: carrier.InvalidValue},
	3002: {Class: carrier.InvalidValue, Key: "provider.engagelab.3002"},
	3003: {Class: carrier.InvalidValue, Key: "provider.engagelab.3003"},
	4001: {Class: carrier.InvalidValue, Key: "provider.engagelab.4001"},
	5002: {Class: carrier.Permanent},
}

// metaMeanings are the codes of WhatsApp itself, which callbacks pass on.
var metaMeanings = map[int]wire.Meaning{
	130472: {Class: carrier.Unreachable, Key: "provider.whatsapp.130472"},
	131026: {Class: carrier.Unreachable, Key: "provider.whatsapp.131026"},
	131031: {Class: carrier.Unauthorised, Key: "provider.whatsapp.131031"},
	131042: {Class: carrier.Unauthorised, Key: "provider.whatsapp.131042"},
	131047: {Class: carrier.WindowClosed, Key: "provider.whatsapp.131047"},
	131048: {Class: carrier.Permanent, Key: "provider.whatsapp.131048"},
	131049: {Class: carrier.Permanent, Key: "provider.whatsapp.131049"},
	131050: {Class: carrier.Unreachable, Key: "provider.whatsapp.131050"},
	131051: {Class: carrier.InvalidValue, Key: "provider.whatsapp.131051"},
	131053: {Class: carrier.InvalidValue, Key: "provider.whatsapp.131053"},
	132000: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132000"},
	132001: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132001"},
	132012: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132012"},
}

// cleanDetail makes the vendor's words fit to be kept.
func (d *Driver) cleanDetail(words string) string { return domain.Clip(d.redactor.Replace(words), 500) }

// readRefusal turns an answer that is no success into an error. sends says whether the request may have put a message
// on its way.
func (d *Driver) readRefusal(res *http.Response, raw []byte, sends bool) *carrier.Error {
	var body wireError
	_ = wire.DecodeJSON(raw, &body)
	code, err := strconv.Atoi(string(body.Code))
	m, known := meanings[code]
	if err != nil || !known || res.StatusCode == http.StatusTooManyRequests {
		// When the vendor did not speak at all, a gateway did, and behind it a message may have been taken.
		m = wire.Meaning{Class: wire.StatusClass(res.StatusCode, sends && err != nil)}
	}
	shown := string(body.Code)
	if shown == "" {
		shown = "HTTP " + strconv.Itoa(res.StatusCode)
	}
	return &carrier.Error{
		Class:      m.Class,
		Code:       shown,
		Key:        m.Sentence(),
		Detail:     d.cleanDetail(string(body.Message)),
		RetryAfter: wire.RetryAfter(res.Header),
	}
}
