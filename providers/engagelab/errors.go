package engagelab

import (
	"net/http"
	"strconv"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// meaning is what a fault says for the next step. Key is empty where the sentence of the class says enough.
type meaning struct {
	class carrier.Class
	key   string
}

// meanings is EngageLab's table of codes. Their HTTP statuses say less: "not found" is 400.
var meanings = map[int]meaning{
	1000: {carrier.Temporary, ""},
	2001: {carrier.Unauthorised, "provider.engagelab.2002"},
	2002: {carrier.Unauthorised, "provider.engagelab.2002"},
	2003: {carrier.Unauthorised, "provider.engagelab.2003"},
	2004: {carrier.Unauthorised, "provider.engagelab.2004"},
	3001: {carrier.InvalidValue, ""},
	3002: {carrier.InvalidValue, "provider.engagelab.3002"},
	3003: {carrier.InvalidValue, "provider.engagelab.3003"},
	4001: {carrier.InvalidValue, "provider.engagelab.4001"},
	5002: {carrier.Permanent, ""},
}

// metaMeanings are the codes of WhatsApp itself, which callbacks pass on.
var metaMeanings = map[int]meaning{
	130472: {carrier.Unreachable, "provider.whatsapp.130472"},
	131026: {carrier.Unreachable, "provider.whatsapp.131026"},
	131031: {carrier.Unauthorised, "provider.whatsapp.131031"},
	131042: {carrier.Unauthorised, "provider.whatsapp.131042"},
	131047: {carrier.WindowClosed, "provider.whatsapp.131047"},
	131048: {carrier.Permanent, "provider.whatsapp.131048"},
	131049: {carrier.Permanent, "provider.whatsapp.131049"},
	131050: {carrier.Unreachable, "provider.whatsapp.131050"},
	131051: {carrier.InvalidValue, "provider.whatsapp.131051"},
	131053: {carrier.InvalidValue, "provider.whatsapp.131053"},
	132000: {carrier.InvalidValue, "provider.whatsapp.132000"},
	132001: {carrier.InvalidValue, "provider.whatsapp.132001"},
	132012: {carrier.InvalidValue, "provider.whatsapp.132012"},
}

// cleanDetail makes the vendor's words fit to be kept.
func (d *Driver) cleanDetail(words string) string { return domain.Clip(d.redactor.Replace(words), 500) }

// readRefusal turns an answer that is no success into an error. sends says whether the request may have put a message on its way.
func (d *Driver) readRefusal(res *http.Response, raw []byte, sends bool) *carrier.Error {
	var body wireError
	_ = wire.DecodeJSON(raw, &body)
	code, err := strconv.Atoi(string(body.Code))
	m, known := meanings[code]
	if err != nil || !known || res.StatusCode == http.StatusTooManyRequests {
		// When the vendor did not speak at all, a gateway did, and behind it a message may have been taken.
		m = meaning{class: wire.StatusClass(res.StatusCode, sends && err != nil)}
	}
	if m.key == "" {
		m.key = m.class.Sentence()
	}
	shown := string(body.Code)
	if shown == "" {
		shown = "HTTP " + strconv.Itoa(res.StatusCode)
	}
	return &carrier.Error{Class: m.class, Code: shown, Key: m.key, Detail: d.cleanDetail(string(body.Message)), RetryAfter: wire.RetryAfter(res.Header)}
}
