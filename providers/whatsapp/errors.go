package whatsapp

import (
	"cmp"
	"time"

	"pult/providers"
	"pult/providers/graph"
)

// meanings is the vendor's table of error codes. Decisions rest on the code alone: HTTP statuses, titles and subcodes have
// changed over the years.
var meanings = map[int]graph.Meaning{
	0:   {Class: providers.Unauthorised, Key: "provider.whatsapp.190"},
	1:   {Class: providers.Temporary},
	2:   {Class: providers.Temporary},
	3:   {Class: providers.Unauthorised},
	4:   {Class: providers.RateLimited, Wait: time.Minute},
	10:  {Class: providers.Unauthorised},
	33:  {Class: providers.Unauthorised},
	100: {Class: providers.InvalidValue},
	190: {Class: providers.Unauthorised, Key: "provider.whatsapp.190"},
	368: {Class: providers.Unauthorised, Key: "provider.whatsapp.368"},

	80007:  {Class: providers.RateLimited, Wait: time.Minute},
	130429: {Class: providers.RateLimited, Key: "provider.whatsapp.130429"},
	130472: {Class: providers.Unreachable, Key: "provider.whatsapp.130472"},
	130497: {Class: providers.Unreachable},

	131000: {Class: providers.Temporary},
	131005: {Class: providers.Unauthorised},
	131008: {Class: providers.InvalidValue},
	131009: {Class: providers.InvalidValue, Key: "provider.whatsapp.131009"},
	131016: {Class: providers.Temporary},
	131021: {Class: providers.InvalidValue},
	131026: {Class: providers.Unreachable, Key: "provider.whatsapp.131026"},
	131030: {Class: providers.Unreachable, Key: "provider.whatsapp.131030"},
	131031: {Class: providers.Unauthorised, Key: "provider.whatsapp.131031"},
	131037: {Class: providers.Unauthorised, Key: "provider.whatsapp.131037"},
	131042: {Class: providers.Unauthorised, Key: "provider.whatsapp.131042"},
	131045: {Class: providers.Unauthorised},
	131047: {Class: providers.WindowClosed, Key: "provider.whatsapp.131047"},
	131048: {Class: providers.Permanent, Key: "provider.whatsapp.131048"},
	131049: {Class: providers.Permanent, Key: "provider.whatsapp.131049"},
	131050: {Class: providers.Unreachable, Key: "provider.whatsapp.131050"},
	131051: {Class: providers.InvalidValue, Key: "provider.whatsapp.131051"},
	131052: {Class: providers.Permanent, Key: "provider.whatsapp.131052"},
	131053: {Class: providers.InvalidValue, Key: "provider.whatsapp.131053"},
	131055: {Class: providers.InvalidValue},
	131056: {Class: providers.RateLimited, Key: "provider.whatsapp.131056", Wait: 6 * time.Second},
	131057: {Class: providers.Temporary, Wait: time.Minute},
	131059: {Class: providers.Temporary},
	131062: {Class: providers.InvalidValue, Key: "provider.whatsapp.131062"},
	131063: {Class: providers.Permanent},
	131064: {Class: providers.Permanent},

	132000: {Class: providers.InvalidValue, Key: "provider.whatsapp.132000"},
	132001: {Class: providers.InvalidValue, Key: "provider.whatsapp.132001"},
	132005: {Class: providers.InvalidValue},
	132007: {Class: providers.InvalidValue},
	132008: {Class: providers.InvalidValue, Key: "provider.whatsapp.132012"},
	132012: {Class: providers.InvalidValue, Key: "provider.whatsapp.132012"},
	132015: {Class: providers.Permanent, Key: "provider.whatsapp.132015"},
	132016: {Class: providers.Permanent, Key: "provider.whatsapp.132016"},
	132018: {Class: providers.InvalidValue, Key: "provider.whatsapp.132012"},
	132068: {Class: providers.Permanent},
	132069: {Class: providers.RateLimited},

	133000: {Class: providers.Unauthorised},
	133004: {Class: providers.Temporary},
	133005: {Class: providers.Unauthorised},
	133006: {Class: providers.Unauthorised},
	133008: {Class: providers.Unauthorised},
	133009: {Class: providers.Unauthorised},
	133010: {Class: providers.Unauthorised, Key: "provider.whatsapp.133010"},
	133015: {Class: providers.Unauthorised},
	133016: {Class: providers.Unauthorised},
	134011: {Class: providers.Unauthorised, Key: "provider.whatsapp.131042"},
	135000: {Class: providers.InvalidValue},
	137000: {Class: providers.Permanent},

	2494100: {Class: providers.Temporary, Wait: time.Minute},
}

// words are what the vendor says of a fault, the most exact it has.
func words(f graph.Fault) text { return cmp.Or(f.Data.Details, f.Message, f.Title) }

// explain classifies a fault the vendor named.
func explain(f graph.Fault, status int) *providers.Error {
	m := errorTable.Meaning(f, status)
	return &providers.Error{
		Class: m.Class, Code: string(f.Code), Key: m.Sentence(), RetryAfter: m.Wait, Detail: string(words(f)),
	}
}

// errorTable reads the table, in which subcodes count for nothing.
var errorTable = graph.Table{Find: func(code, _ int) (graph.Meaning, bool) {
	m, known := meanings[code]
	return m, known
}}
