package whatsapp

import (
	"cmp"
	"time"

	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// meanings is the vendor's table of error codes. Decisions rest on the code alone: HTTP statuses, titles and subcodes
// have changed over the years.
var meanings = map[int]wire.Meaning{
	0:   {Class: carrier.Unauthorised, Key: "provider.whatsapp.190"},
	1:   {Class: carrier.Temporary},
	2:   {Class: carrier.Temporary},
	3:   {Class: carrier.Unauthorised},
	4:   {Class: carrier.RateLimited, Wait: time.Minute},
	10:  {Class: carrier.Unauthorised},
	33:  {Class: carrier.Unauthorised},
	100: {Class: carrier.InvalidValue},
	190: {Class: carrier.Unauthorised, Key: "provider.whatsapp.190"},
	368: {Class: carrier.Unauthorised, Key: "provider.whatsapp.368"},

	80007:  {Class: carrier.RateLimited, Wait: time.Minute},
	130429: {Class: carrier.RateLimited, Key: "provider.whatsapp.130429"},
	130472: {Class: carrier.Unreachable, Key: "provider.whatsapp.130472"},
	130497: {Class: carrier.Unreachable},

	131000: {Class: carrier.Temporary},
	131005: {Class: carrier.Unauthorised},
	131008: {Class: carrier.InvalidValue},
	131009: {Class: carrier.InvalidValue, Key: "provider.whatsapp.131009"},
	131016: {Class: carrier.Temporary},
	131021: {Class: carrier.InvalidValue},
	131026: {Class: carrier.Unreachable, Key: "provider.whatsapp.131026"},
	131030: {Class: carrier.Unreachable, Key: "provider.whatsapp.131030"},
	131031: {Class: carrier.Unauthorised, Key: "provider.whatsapp.131031"},
	131037: {Class: carrier.Unauthorised, Key: "provider.whatsapp.131037"},
	131042: {Class: carrier.Unauthorised, Key: "provider.whatsapp.131042"},
	131045: {Class: carrier.Unauthorised},
	131047: {Class: carrier.WindowClosed, Key: "provider.whatsapp.131047"},
	131048: {Class: carrier.Permanent, Key: "provider.whatsapp.131048"},
	131049: {Class: carrier.Permanent, Key: "provider.whatsapp.131049"},
	131050: {Class: carrier.Unreachable, Key: "provider.whatsapp.131050"},
	131051: {Class: carrier.InvalidValue, Key: "provider.whatsapp.131051"},
	131052: {Class: carrier.Permanent, Key: "provider.whatsapp.131052"},
	131053: {Class: carrier.InvalidValue, Key: "provider.whatsapp.131053"},
	131055: {Class: carrier.InvalidValue},
	131056: {Class: carrier.RateLimited, Key: "provider.whatsapp.131056", Wait: 6 * time.Second, OnlyThis: true},
	131057: {Class: carrier.Temporary, Wait: time.Minute},
	131059: {Class: carrier.Temporary},
	131062: {Class: carrier.InvalidValue, Key: "provider.whatsapp.131062"},
	131063: {Class: carrier.Permanent},
	131064: {Class: carrier.Permanent},

	132000: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132000"},
	132001: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132001"},
	132005: {Class: carrier.InvalidValue},
	132007: {Class: carrier.InvalidValue},
	132008: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132012"},
	132012: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132012"},
	132015: {Class: carrier.Permanent, Key: "provider.whatsapp.132015"},
	132016: {Class: carrier.Permanent, Key: "provider.whatsapp.132016"},
	132018: {Class: carrier.InvalidValue, Key: "provider.whatsapp.132012"},
	132068: {Class: carrier.Permanent},
	132069: {Class: carrier.RateLimited, OnlyThis: true},

	133000: {Class: carrier.Unauthorised},
	133004: {Class: carrier.Temporary},
	133005: {Class: carrier.Unauthorised},
	133006: {Class: carrier.Unauthorised},
	133008: {Class: carrier.Unauthorised},
	133009: {Class: carrier.Unauthorised},
	133010: {Class: carrier.Unauthorised, Key: "provider.whatsapp.133010"},
	133015: {Class: carrier.Unauthorised},
	133016: {Class: carrier.Unauthorised},
	134011: {Class: carrier.Unauthorised, Key: "provider.whatsapp.131042"},
	135000: {Class: carrier.InvalidValue},
	137000: {Class: carrier.Permanent},

	2494100: {Class: carrier.Temporary, Wait: time.Minute},
}

// faultDetail are what the vendor says of a fault, the most exact it has.
func faultDetail(f graph.Fault) text { return cmp.Or(f.Data.Details, f.Message, f.Title) }

// classifyFault classifies a fault the vendor named.
func classifyFault(f graph.Fault, status int) *carrier.Error {
	m := errorTable.Lookup(f, status)
	return &carrier.Error{
		Class: m.Class, Code: string(f.Code), Key: m.Sentence(), RetryAfter: m.Wait, Detail: string(faultDetail(f)),
		OnlyThis: m.OnlyThis,
	}
}

// errorTable reads the table, in which subcodes count for nothing.
var errorTable = graph.FaultTable{Find: func(code, _ int) (wire.Meaning, bool) {
	m, known := meanings[code]
	return m, known
}}
