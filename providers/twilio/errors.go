package twilio

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

// meanings is the vendor's table of error codes. What an administrator must mend is Unauthorised, whatever the vendor calls it.
var meanings = map[int]meaning{
	11751: {class: providers.InvalidValue, key: "provider.file_size"},

	13214: {class: providers.Unauthorised, key: "provider.twilio.13214"},
	13223: {class: providers.Unreachable, key: "provider.twilio.21217"},
	13224: {class: providers.Unreachable, key: "provider.twilio.21217"},

	20001: {class: providers.InvalidValue},
	20003: {class: providers.Unauthorised, key: "provider.twilio.20003"},
	20005: {class: providers.Unauthorised, key: "provider.twilio.20005"},
	20403: {class: providers.Unauthorised, key: "provider.twilio.20003"},
	20404: {class: providers.Permanent},
	20429: {class: providers.RateLimited, wait: time.Second},
	20500: {class: providers.Uncertain},
	20503: {class: providers.Uncertain},

	21205: {class: providers.Unauthorised, key: "provider.twilio.21609"},
	21211: {class: providers.Unreachable, key: "provider.twilio.21211"},
	21212: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	21214: {class: providers.Unreachable, key: "provider.twilio.21217"},
	21215: {class: providers.Unauthorised, key: "provider.twilio.21215"},
	21217: {class: providers.Unreachable, key: "provider.twilio.21217"},
	21220: {class: providers.Permanent, key: "provider.twilio.21220"},
	21408: {class: providers.Unauthorised, key: "provider.twilio.21408"},
	21219: {class: providers.Unreachable, key: "provider.twilio.21608"},
	21401: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	21601: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	21602: {class: providers.InvalidValue},
	21603: {class: providers.InvalidValue},
	21604: {class: providers.InvalidValue},
	21606: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	21608: {class: providers.Unreachable, key: "provider.twilio.21608"},
	21609: {class: providers.Unauthorised, key: "provider.twilio.21609"},
	21610: {class: providers.Unreachable, key: "provider.twilio.21610"},
	21611: {class: providers.Temporary, wait: time.Minute},
	21612: {class: providers.Unreachable, key: "provider.twilio.21612"},
	21614: {class: providers.Unreachable, key: "provider.twilio.21614"},
	21617: {class: providers.InvalidValue, key: "provider.too_long"},
	21619: {class: providers.InvalidValue},
	21620: {class: providers.InvalidValue, key: "provider.twilio.media"},
	21623: {class: providers.InvalidValue},
	21654: {class: providers.InvalidValue, key: "provider.twilio.template"},
	21655: {class: providers.InvalidValue, key: "provider.twilio.template"},
	21656: {class: providers.InvalidValue, key: "provider.twilio.template_values"},
	21703: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	21704: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	21705: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	21910: {class: providers.InvalidValue},

	30001: {class: providers.Temporary, wait: time.Minute},
	30002: {class: providers.Unauthorised, key: "provider.twilio.20005"},
	30003: {class: providers.Temporary, key: "provider.twilio.30003", wait: 10 * time.Minute},
	30004: {class: providers.Unreachable, key: "provider.twilio.30004"},
	30005: {class: providers.Unreachable, key: "provider.twilio.21211"},
	30006: {class: providers.Unreachable, key: "provider.twilio.21614"},
	30007: {class: providers.Permanent, key: "provider.twilio.30007"},
	30008: {class: providers.Permanent},
	30009: {class: providers.Permanent},
	30010: {class: providers.Permanent},
	30011: {class: providers.Unreachable},
	30017: {class: providers.Temporary, wait: time.Minute},
	30018: {class: providers.Unauthorised, key: "provider.twilio.30034"},
	30034: {class: providers.Unauthorised, key: "provider.twilio.30034"},
	30036: {class: providers.Temporary},
	30450: {class: providers.Permanent, key: "provider.twilio.30007"},

	63001: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	63002: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	63003: {class: providers.Unreachable, key: "provider.twilio.63003"},
	63005: {class: providers.InvalidValue},
	63006: {class: providers.InvalidValue},
	63007: {class: providers.Unauthorised, key: "provider.twilio.sender"},
	63008: {class: providers.Temporary},
	63009: {class: providers.Temporary},
	63010: {class: providers.Temporary},
	63012: {class: providers.Temporary},
	63013: {class: providers.Permanent, key: "provider.twilio.63013"},
	63014: {class: providers.Unreachable, key: "provider.twilio.30004"},
	63015: {class: providers.Unreachable, key: "provider.twilio.63015"},
	63016: {class: providers.WindowClosed},
	63017: {class: providers.RateLimited, wait: time.Minute},
	63018: {class: providers.RateLimited, wait: time.Minute},
	63019: {class: providers.InvalidValue, key: "provider.twilio.media"},
	63020: {class: providers.Unauthorised, key: "provider.twilio.63020"},
	63021: {class: providers.InvalidValue},
	63022: {class: providers.Unauthorised, key: "provider.twilio.63020"},
	63024: {class: providers.Unreachable, key: "provider.twilio.63003"},
	63025: {class: providers.Permanent},
	63026: {class: providers.Permanent, key: "provider.twilio.63013"},
	63027: {class: providers.InvalidValue, key: "provider.twilio.template"},
	63028: {class: providers.InvalidValue, key: "provider.twilio.template_values"},
	63029: {class: providers.Unreachable},
	63030: {class: providers.InvalidValue},
	63031: {class: providers.InvalidValue},
	63032: {class: providers.Unreachable},
	63033: {class: providers.Unreachable, key: "provider.twilio.30004"},
	63034: {class: providers.InvalidValue, key: "provider.file_size"},
	63038: {class: providers.RateLimited, key: "provider.twilio.63038", wait: time.Hour},
	63040: {class: providers.Permanent, key: "provider.twilio.template_status"},
	63041: {class: providers.Permanent, key: "provider.twilio.template_status"},
	63042: {class: providers.Permanent, key: "provider.twilio.template_status"},
	63049: {class: providers.Permanent, key: "provider.twilio.63049"},
}

// vendorError classifies a fault the vendor named, in an answer (with its HTTP status) or in a status report (0).
func (d *Driver) vendorError(code, words string, status int) *providers.Error {
	m := meaningOf(code, status)
	if m.key == "" {
		m.key = m.class.Sentence()
	}
	return &providers.Error{
		Class: m.class, Code: domain.Clip(code, 20), Key: m.key, RetryAfter: m.wait, Detail: domain.Clip(d.safe.Replace(words), 500),
	}
}

// meaningOf looks the code up. A code nobody documented is taken for permanent, so that a person looks instead of a machine
// repeating it.
func meaningOf(code string, status int) meaning {
	n, err := strconv.Atoi(code)
	m, known := meanings[n]
	switch {
	case status == http.StatusTooManyRequests:
		m.class, m.wait = providers.RateLimited, max(m.wait, time.Second)
		return m
	case err == nil && known:
		return m
	case status >= 500:
		return meaning{class: providers.Uncertain}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return meaning{class: providers.Unauthorised, key: "provider.twilio.20003"}
	}
	return meaning{class: providers.Permanent}
}

// settled makes an uncertain failure a passing one where nothing was to be sent: asking again does no harm.
func settled(e *providers.Error, sends bool) *providers.Error {
	if e.Class == providers.Uncertain && !sends {
		e.Class, e.Key = providers.Temporary, providers.Temporary.Sentence()
	}
	return e
}
