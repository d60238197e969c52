package whatsapp

import (
	"net/http"
	"strconv"
	"time"

	"pult/domain"
	"pult/providers"
)

// meaning is what one of the vendor's codes says for the next step. Key is empty where the sentence of the class says enough.
type meaning struct {
	class providers.Class
	key   string
	wait  time.Duration // the least time before another try, where the vendor's documentation names one
}

// meanings is the vendor's table of error codes. Decisions rest on the code alone: HTTP statuses, titles and subcodes have
// changed over the years.
var meanings = map[int]meaning{
	0:   {class: providers.Unauthorised, key: "provider.whatsapp.190"},
	1:   {class: providers.Temporary},
	2:   {class: providers.Temporary},
	3:   {class: providers.Unauthorised},
	4:   {class: providers.RateLimited, wait: time.Minute},
	10:  {class: providers.Unauthorised},
	33:  {class: providers.Unauthorised},
	100: {class: providers.InvalidValue},
	190: {class: providers.Unauthorised, key: "provider.whatsapp.190"},
	368: {class: providers.Unauthorised, key: "provider.whatsapp.368"},

	80007:  {class: providers.RateLimited, wait: time.Minute},
	130429: {class: providers.RateLimited, key: "provider.whatsapp.130429"},
	130472: {class: providers.Unreachable, key: "provider.whatsapp.130472"},
	130497: {class: providers.Unreachable},

	131000: {class: providers.Temporary},
	131005: {class: providers.Unauthorised},
	131008: {class: providers.InvalidValue},
	131009: {class: providers.InvalidValue, key: "provider.whatsapp.131009"},
	131016: {class: providers.Temporary},
	131021: {class: providers.InvalidValue},
	131026: {class: providers.Unreachable, key: "provider.whatsapp.131026"},
	131030: {class: providers.Unreachable, key: "provider.whatsapp.131030"},
	131031: {class: providers.Unauthorised, key: "provider.whatsapp.131031"},
	131037: {class: providers.Unauthorised, key: "provider.whatsapp.131037"},
	131042: {class: providers.Unauthorised, key: "provider.whatsapp.131042"},
	131045: {class: providers.Unauthorised},
	131047: {class: providers.WindowClosed, key: "provider.whatsapp.131047"},
	131048: {class: providers.Permanent, key: "provider.whatsapp.131048"},
	131049: {class: providers.Permanent, key: "provider.whatsapp.131049"},
	131050: {class: providers.Unreachable, key: "provider.whatsapp.131050"},
	131051: {class: providers.InvalidValue, key: "provider.whatsapp.131051"},
	131052: {class: providers.Permanent, key: "provider.whatsapp.131052"},
	131053: {class: providers.InvalidValue, key: "provider.whatsapp.131053"},
	131055: {class: providers.InvalidValue},
	131056: {class: providers.RateLimited, key: "provider.whatsapp.131056", wait: 6 * time.Second},
	131057: {class: providers.Temporary, wait: time.Minute},
	131059: {class: providers.Temporary},
	131062: {class: providers.InvalidValue, key: "provider.whatsapp.131062"},
	131063: {class: providers.Permanent},
	131064: {class: providers.Permanent},

	132000: {class: providers.InvalidValue, key: "provider.whatsapp.132000"},
	132001: {class: providers.InvalidValue, key: "provider.whatsapp.132001"},
	132005: {class: providers.InvalidValue},
	132007: {class: providers.InvalidValue},
	132008: {class: providers.InvalidValue, key: "provider.whatsapp.132012"},
	132012: {class: providers.InvalidValue, key: "provider.whatsapp.132012"},
	132015: {class: providers.Permanent, key: "provider.whatsapp.132015"},
	132016: {class: providers.Permanent, key: "provider.whatsapp.132016"},
	132018: {class: providers.InvalidValue, key: "provider.whatsapp.132012"},
	132068: {class: providers.Permanent},
	132069: {class: providers.RateLimited},

	133000: {class: providers.Unauthorised},
	133004: {class: providers.Temporary},
	133005: {class: providers.Unauthorised},
	133006: {class: providers.Unauthorised},
	133008: {class: providers.Unauthorised},
	133009: {class: providers.Unauthorised},
	133010: {class: providers.Unauthorised, key: "provider.whatsapp.133010"},
	133015: {class: providers.Unauthorised},
	133016: {class: providers.Unauthorised},
	134011: {class: providers.Unauthorised, key: "provider.whatsapp.131042"},
	135000: {class: providers.InvalidValue},
	137000: {class: providers.Permanent},

	2494100: {class: providers.Temporary, wait: time.Minute},
}

// vendorError classifies a fault the vendor named, in an answer (with its HTTP status) or in a status report (0).
func (d *Driver) vendorError(e wireError, status int) *providers.Error {
	m := meaningOf(e, status)
	if m.key == "" {
		m.key = m.class.Sentence()
	}
	words := e.Data.Details
	if words == "" {
		words = text(first(e.Message, e.Title))
	}
	return &providers.Error{
		Class: m.class, Code: string(e.Code), Key: m.key, RetryAfter: m.wait,
		Detail: domain.Clip(d.safe.Replace(string(words)), 500),
	}
}

// meaningOf looks the code up. A code nobody documented is taken for permanent, so that a person looks instead of a machine
// repeating it, unless the vendor itself says that it will pass.
func meaningOf(e wireError, status int) meaning {
	code, err := strconv.Atoi(string(e.Code))
	m, known := meanings[code]
	switch {
	case status == http.StatusTooManyRequests:
		m.class = providers.RateLimited
		return m
	case err == nil && known:
		return m
	case err == nil && code >= 200 && code <= 299:
		return meaning{class: providers.Unauthorised}
	case e.Transient:
		return meaning{class: providers.Temporary}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return meaning{class: providers.Unauthorised}
	}
	return meaning{class: providers.Permanent}
}

// bareError classifies an answer that is an error without the vendor's words: a proxy or a gateway spoke. sends tells whether
// the request may have put a message on its way.
func bareError(status int, sends bool) *providers.Error {
	class := providers.Permanent
	switch {
	case status == http.StatusTooManyRequests:
		class = providers.RateLimited
	case status >= 500 && sends:
		class = providers.Uncertain
	case status >= 500, status == http.StatusRequestTimeout && !sends:
		class = providers.Temporary
	case status == http.StatusRequestTimeout:
		class = providers.Uncertain
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		class = providers.Unauthorised
	}
	return &providers.Error{Class: class, Code: "HTTP " + strconv.Itoa(status), Key: class.Sentence()}
}
