package twilio

import (
	"net/http"
	"strconv"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// meanings is the vendor's table of error codes. What an administrator must mend is Unauthorised, whatever the vendor
// calls it.
var meanings = map[int]wire.Meaning{
	11751: {Class: carrier.InvalidValue, Key: "provider.file_size"},

	13214: {Class: carrier.Unauthorised, Key: "provider.twilio.13214"},
	13223: {Class: carrier.Unreachable, Key: "provider.twilio.21217"},
	13224: {Class: carrier.Unreachable, Key: "provider.twilio.21217"},

	20001: {Class: carrier.InvalidValue},
	20003: {Class: carrier.Unauthorised, Key: "provider.twilio.20003"},
	20005: {Class: carrier.Unauthorised, Key: "provider.twilio.20005"},
	20403: {Class: carrier.Unauthorised, Key: "provider.twilio.20003"},
	20404: {Class: carrier.Permanent},
	20429: {Class: carrier.RateLimited, Wait: time.Second},
	20500: {Class: carrier.Uncertain},
	20503: {Class: carrier.Uncertain},

	21205: {Class: carrier.Unauthorised, Key: "provider.twilio.21609"},
	21211: {Class: carrier.Unreachable, Key: "provider.twilio.21211"},
	21212: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	21214: {Class: carrier.Unreachable, Key: "provider.twilio.21217"},
	21215: {Class: carrier.Unauthorised, Key: "provider.twilio.21215"},
	21217: {Class: carrier.Unreachable, Key: "provider.twilio.21217"},
	21220: {Class: carrier.Permanent, Key: "provider.twilio.21220"},
	21408: {Class: carrier.Unauthorised, Key: "provider.twilio.21408", OnlyThis: true},
	21219: {Class: carrier.Unreachable, Key: "provider.twilio.21608"},
	21401: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	21601: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	21602: {Class: carrier.InvalidValue},
	21603: {Class: carrier.InvalidValue},
	21604: {Class: carrier.InvalidValue},
	21606: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	21608: {Class: carrier.Unreachable, Key: "provider.twilio.21608"},
	21609: {Class: carrier.Unauthorised, Key: "provider.twilio.21609"},
	21610: {Class: carrier.Unreachable, Key: "provider.twilio.21610"},
	21611: {Class: carrier.Temporary, Wait: time.Minute},
	21612: {Class: carrier.Unreachable, Key: "provider.twilio.21612"},
	21614: {Class: carrier.Unreachable, Key: "provider.twilio.21614"},
	21617: {Class: carrier.InvalidValue, Key: "provider.too_long"},
	21619: {Class: carrier.InvalidValue},
	21620: {Class: carrier.InvalidValue, Key: "provider.twilio.media"},
	21623: {Class: carrier.InvalidValue},
	21654: {Class: carrier.InvalidValue, Key: "provider.twilio.template"},
	21655: {Class: carrier.InvalidValue, Key: "provider.twilio.template"},
	21656: {Class: carrier.InvalidValue, Key: "provider.twilio.template_values"},
	21703: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	21704: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	21705: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	21910: {Class: carrier.InvalidValue},

	30001: {Class: carrier.Temporary, Wait: time.Minute},
	30002: {Class: carrier.Unauthorised, Key: "provider.twilio.20005"},
	30003: {Class: carrier.Temporary, Key: "provider.twilio.30003", Wait: 10 * time.Minute, OnlyThis: true},
	30004: {Class: carrier.Unreachable, Key: "provider.twilio.30004"},
	30005: {Class: carrier.Unreachable, Key: "provider.twilio.21211"},
	30006: {Class: carrier.Unreachable, Key: "provider.twilio.21614"},
	30007: {Class: carrier.Permanent, Key: "provider.twilio.30007"},
	30008: {Class: carrier.Permanent},
	30009: {Class: carrier.Permanent},
	30010: {Class: carrier.Permanent},
	30011: {Class: carrier.Unreachable},
	30017: {Class: carrier.Temporary, Wait: time.Minute, OnlyThis: true},
	30018: {Class: carrier.Unauthorised, Key: "provider.twilio.30034", OnlyThis: true},
	30034: {Class: carrier.Unauthorised, Key: "provider.twilio.30034", OnlyThis: true},
	30036: {Class: carrier.Temporary, OnlyThis: true},
	30450: {Class: carrier.Permanent, Key: "provider.twilio.30007"},

	63001: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	63002: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	63003: {Class: carrier.Unreachable, Key: "provider.twilio.63003"},
	63005: {Class: carrier.InvalidValue},
	63006: {Class: carrier.InvalidValue},
	63007: {Class: carrier.Unauthorised, Key: "provider.twilio.sender"},
	63008: {Class: carrier.Temporary},
	63009: {Class: carrier.Temporary},
	63010: {Class: carrier.Temporary},
	63012: {Class: carrier.Temporary},
	63013: {Class: carrier.Permanent, Key: "provider.twilio.63013"},
	63014: {Class: carrier.Unreachable, Key: "provider.twilio.30004"},
	63015: {Class: carrier.Unreachable, Key: "provider.twilio.63015"},
	63016: {Class: carrier.WindowClosed},
	63017: {Class: carrier.RateLimited, Wait: time.Minute},
	63018: {Class: carrier.RateLimited, Wait: time.Minute},
	63019: {Class: carrier.InvalidValue, Key: "provider.twilio.media"},
	63020: {Class: carrier.Unauthorised, Key: "provider.twilio.63020"},
	63021: {Class: carrier.InvalidValue},
	63022: {Class: carrier.Unauthorised, Key: "provider.twilio.63020"},
	63024: {Class: carrier.Unreachable, Key: "provider.twilio.63003"},
	63025: {Class: carrier.Permanent},
	63026: {Class: carrier.Permanent, Key: "provider.twilio.63013"},
	63027: {Class: carrier.InvalidValue, Key: "provider.twilio.template"},
	63028: {Class: carrier.InvalidValue, Key: "provider.twilio.template_values"},
	63029: {Class: carrier.Unreachable},
	63030: {Class: carrier.InvalidValue},
	63031: {Class: carrier.InvalidValue},
	63032: {Class: carrier.Unreachable},
	63033: {Class: carrier.Unreachable, Key: "provider.twilio.30004"},
	63034: {Class: carrier.InvalidValue, Key: "provider.file_size"},
	63038: {Class: carrier.RateLimited, Key: "provider.twilio.63038", Wait: time.Hour},
	63040: {Class: carrier.Permanent, Key: "provider.twilio.template_status"},
	63041: {Class: carrier.Permanent, Key: "provider.twilio.template_status"},
	63042: {Class: carrier.Permanent, Key: "provider.twilio.template_status"},
	63049: {Class: carrier.Permanent, Key: "provider.twilio.63049"},
}

// vendorError classifies a fault the vendor named, in an answer (with its HTTP status) or in a status report (0).
func (d *Driver) vendorError(code, words string, status int) *carrier.Error {
	m := findMeaning(code, status)
	return &carrier.Error{
		Class:      m.Class,
		Code:       domain.Clip(code, 20),
		Key:        m.Sentence(),
		RetryAfter: m.Wait,
		OnlyThis:   m.OnlyThis,
		Detail:     domain.Clip(d.redactor.Replace(words), 500),
	}
}

// findMeaning looks the code up. A code nobody documented is taken for permanent, so that a person looks instead of a
// machine repeating it.
func findMeaning(code string, status int) wire.Meaning {
	n, err := strconv.Atoi(code)
	m, known := meanings[n]
	switch {
	case status == http.StatusTooManyRequests:
		m.Class, m.Wait, m.OnlyThis = carrier.RateLimited, max(m.Wait, time.Second), false
		return m
	case err == nil && known:
		return m
	case status >= 500:
		return wire.Meaning{Class: carrier.Uncertain}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return wire.Meaning{Class: carrier.Unauthorised, Key: "provider.twilio.20003"}
	}
	return wire.Meaning{Class: carrier.Permanent}
}

// settleOutcome makes an uncertain failure a passing one where nothing was to be sent: asking again does no harm.
func settleOutcome(e *carrier.Error, sends bool) *carrier.Error {
	if e.Class == carrier.Uncertain && !sends {
		e.Class, e.Key = carrier.Temporary, carrier.Temporary.Sentence()
	}
	return e
}
