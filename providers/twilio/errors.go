package twilio

import (
	"net/http"
	"strconv"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// meaning is what one of the vendor's codes says for the next step. Key is empty where the sentence of the class says enough.
type meaning struct {
	class carrier.Class
	key   string
	wait  time.Duration // the least time before another try, where the vendor's documentation names one
}

// meanings is the vendor's table of error codes. What an administrator must mend is Unauthorised, whatever the vendor calls it.
var meanings = map[int]meaning{
	11751: {class: carrier.InvalidValue, key: "provider.file_size"},

	13214: {class: carrier.Unauthorised, key: "provider.twilio.13214"},
	13223: {class: carrier.Unreachable, key: "provider.twilio.21217"},
	13224: {class: carrier.Unreachable, key: "provider.twilio.21217"},

	20001: {class: carrier.InvalidValue},
	20003: {class: carrier.Unauthorised, key: "provider.twilio.20003"},
	20005: {class: carrier.Unauthorised, key: "provider.twilio.20005"},
	20403: {class: carrier.Unauthorised, key: "provider.twilio.20003"},
	20404: {class: carrier.Permanent},
	20429: {class: carrier.RateLimited, wait: time.Second},
	20500: {class: carrier.Uncertain},
	20503: {class: carrier.Uncertain},

	21205: {class: carrier.Unauthorised, key: "provider.twilio.21609"},
	21211: {class: carrier.Unreachable, key: "provider.twilio.21211"},
	21212: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	21214: {class: carrier.Unreachable, key: "provider.twilio.21217"},
	21215: {class: carrier.Unauthorised, key: "provider.twilio.21215"},
	21217: {class: carrier.Unreachable, key: "provider.twilio.21217"},
	21220: {class: carrier.Permanent, key: "provider.twilio.21220"},
	21408: {class: carrier.Unauthorised, key: "provider.twilio.21408"},
	21219: {class: carrier.Unreachable, key: "provider.twilio.21608"},
	21401: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	21601: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	21602: {class: carrier.InvalidValue},
	21603: {class: carrier.InvalidValue},
	21604: {class: carrier.InvalidValue},
	21606: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	21608: {class: carrier.Unreachable, key: "provider.twilio.21608"},
	21609: {class: carrier.Unauthorised, key: "provider.twilio.21609"},
	21610: {class: carrier.Unreachable, key: "provider.twilio.21610"},
	21611: {class: carrier.Temporary, wait: time.Minute},
	21612: {class: carrier.Unreachable, key: "provider.twilio.21612"},
	21614: {class: carrier.Unreachable, key: "provider.twilio.21614"},
	21617: {class: carrier.InvalidValue, key: "provider.too_long"},
	21619: {class: carrier.InvalidValue},
	21620: {class: carrier.InvalidValue, key: "provider.twilio.media"},
	21623: {class: carrier.InvalidValue},
	21654: {class: carrier.InvalidValue, key: "provider.twilio.template"},
	21655: {class: carrier.InvalidValue, key: "provider.twilio.template"},
	21656: {class: carrier.InvalidValue, key: "provider.twilio.template_values"},
	21703: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	21704: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	21705: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	21910: {class: carrier.InvalidValue},

	30001: {class: carrier.Temporary, wait: time.Minute},
	30002: {class: carrier.Unauthorised, key: "provider.twilio.20005"},
	30003: {class: carrier.Temporary, key: "provider.twilio.30003", wait: 10 * time.Minute},
	30004: {class: carrier.Unreachable, key: "provider.twilio.30004"},
	30005: {class: carrier.Unreachable, key: "provider.twilio.21211"},
	30006: {class: carrier.Unreachable, key: "provider.twilio.21614"},
	30007: {class: carrier.Permanent, key: "provider.twilio.30007"},
	30008: {class: carrier.Permanent},
	30009: {class: carrier.Permanent},
	30010: {class: carrier.Permanent},
	30011: {class: carrier.Unreachable},
	30017: {class: carrier.Temporary, wait: time.Minute},
	30018: {class: carrier.Unauthorised, key: "provider.twilio.30034"},
	30034: {class: carrier.Unauthorised, key: "provider.twilio.30034"},
	30036: {class: carrier.Temporary},
	30450: {class: carrier.Permanent, key: "provider.twilio.30007"},

	63001: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	63002: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	63003: {class: carrier.Unreachable, key: "provider.twilio.63003"},
	63005: {class: carrier.InvalidValue},
	63006: {class: carrier.InvalidValue},
	63007: {class: carrier.Unauthorised, key: "provider.twilio.sender"},
	63008: {class: carrier.Temporary},
	63009: {class: carrier.Temporary},
	63010: {class: carrier.Temporary},
	63012: {class: carrier.Temporary},
	63013: {class: carrier.Permanent, key: "provider.twilio.63013"},
	63014: {class: carrier.Unreachable, key: "provider.twilio.30004"},
	63015: {class: carrier.Unreachable, key: "provider.twilio.63015"},
	63016: {class: carrier.WindowClosed},
	63017: {class: carrier.RateLimited, wait: time.Minute},
	63018: {class: carrier.RateLimited, wait: time.Minute},
	63019: {class: carrier.InvalidValue, key: "provider.twilio.media"},
	63020: {class: carrier.Unauthorised, key: "provider.twilio.63020"},
	63021: {class: carrier.InvalidValue},
	63022: {class: carrier.Unauthorised, key: "provider.twilio.63020"},
	63024: {class: carrier.Unreachable, key: "provider.twilio.63003"},
	63025: {class: carrier.Permanent},
	63026: {class: carrier.Permanent, key: "provider.twilio.63013"},
	63027: {class: carrier.InvalidValue, key: "provider.twilio.template"},
	63028: {class: carrier.InvalidValue, key: "provider.twilio.template_values"},
	63029: {class: carrier.Unreachable},
	63030: {class: carrier.InvalidValue},
	63031: {class: carrier.InvalidValue},
	63032: {class: carrier.Unreachable},
	63033: {class: carrier.Unreachable, key: "provider.twilio.30004"},
	63034: {class: carrier.InvalidValue, key: "provider.file_size"},
	63038: {class: carrier.RateLimited, key: "provider.twilio.63038", wait: time.Hour},
	63040: {class: carrier.Permanent, key: "provider.twilio.template_status"},
	63041: {class: carrier.Permanent, key: "provider.twilio.template_status"},
	63042: {class: carrier.Permanent, key: "provider.twilio.template_status"},
	63049: {class: carrier.Permanent, key: "provider.twilio.63049"},
}

// vendorError classifies a fault the vendor named, in an answer (with its HTTP status) or in a status report (0).
func (d *Driver) vendorError(code, words string, status int) *carrier.Error {
	m := meaningOf(code, status)
	if m.key == "" {
		m.key = m.class.Sentence()
	}
	return &carrier.Error{
		Class: m.class, Code: domain.Clip(code, 20), Key: m.key, RetryAfter: m.wait, Detail: domain.Clip(d.redactor.Replace(words), 500),
	}
}

// meaningOf looks the code up. A code nobody documented is taken for permanent, so that a person looks instead of a machine
// repeating it.
func meaningOf(code string, status int) meaning {
	n, err := strconv.Atoi(code)
	m, known := meanings[n]
	switch {
	case status == http.StatusTooManyRequests:
		m.class, m.wait = carrier.RateLimited, max(m.wait, time.Second)
		return m
	case err == nil && known:
		return m
	case status >= 500:
		return meaning{class: carrier.Uncertain}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return meaning{class: carrier.Unauthorised, key: "provider.twilio.20003"}
	}
	return meaning{class: carrier.Permanent}
}

// settleOutcome makes an uncertain failure a passing one where nothing was to be sent: asking again does no harm.
func settleOutcome(e *carrier.Error, sends bool) *carrier.Error {
	if e.Class == carrier.Uncertain && !sends {
		e.Class, e.Key = carrier.Temporary, carrier.Temporary.Sentence()
	}
	return e
}
