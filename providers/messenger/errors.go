package messenger

import (
	"cmp"
	"time"

	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// fault is a code with its subcode; the subcode 0 stands for all that have no line of their own.
type fault struct{ code, subcode int }

// meanings is the vendor's table of errors. Here the subcode decides more often than the code: 10 is a closed window, a
// person who blocked the page, or a permission that is missing.
var meanings = map[fault]wire.Meaning{
	{1, 0}:       {Class: carrier.Temporary},
	{1, 1357046}: {Class: carrier.Uncertain},
	{2, 0}:       {Class: carrier.Temporary},
	{2, 2018344}: {Class: carrier.Unauthorised, Key: "provider.messenger.terms"},
	{4, 0}:       {Class: carrier.RateLimited, Wait: time.Minute},
	{17, 0}:      {Class: carrier.RateLimited, Wait: time.Minute},
	{32, 0}:      {Class: carrier.RateLimited, Wait: time.Minute},
	{613, 0}:     {Class: carrier.RateLimited},
	{1200, 0}:    {Class: carrier.Temporary},

	{10, 0}:       {Class: carrier.Unauthorised, Key: "provider.messenger.rights"},
	{10, 2018278}: {Class: carrier.WindowClosed, Key: "provider.messenger.window"},
	{10, 2018065}: {Class: carrier.WindowClosed, Key: "provider.messenger.window"},
	{10, 2534022}: {Class: carrier.WindowClosed, Key: "provider.messenger.window"},
	{10, 2018108}: {Class: carrier.Unreachable, Key: "provider.messenger.blocked"},

	{551, 0}:       {Class: carrier.Unreachable, Key: "provider.messenger.unavailable"},
	{200, 1545041}: {Class: carrier.Unreachable, Key: "provider.messenger.unavailable"},
	{200, 0}:       {Class: carrier.Unauthorised, Key: "provider.messenger.rights"},
	{200, 2018028}: {Class: carrier.Unreachable, Key: "provider.messenger.tester"},
	{230, 0}:       {Class: carrier.Unauthorised, Key: "provider.messenger.rights"},

	{33, 0}:        {Class: carrier.Unreachable, Key: "provider.messenger.no_person"},
	{100, 0}:       {Class: carrier.InvalidValue},
	{100, 33}:      {Class: carrier.Unreachable, Key: "provider.messenger.no_person"},
	{100, 2018001}: {Class: carrier.Unreachable, Key: "provider.messenger.no_person"},
	{100, 2018218}: {Class: carrier.Unreachable, Key: "provider.messenger.no_person"},
	{100, 2018008}: {Class: carrier.Permanent, Key: "provider.messenger.file"},
	{100, 2018047}: {Class: carrier.InvalidValue, Key: "provider.messenger.file"},
	{100, 2018074}: {Class: carrier.InvalidValue, Key: "provider.messenger.file"},
	{100, 2018109}: {Class: carrier.InvalidValue, Key: "provider.file_size"},
	{100, 2018294}: {Class: carrier.Permanent, Key: "provider.messenger.file"},

	{190, 0}:   {Class: carrier.Unauthorised, Key: "provider.messenger.token"},
	{190, 458}: {Class: carrier.Unauthorised, Key: "provider.messenger.token.removed"},
	{190, 459}: {Class: carrier.Unauthorised, Key: "provider.messenger.token.checkpoint"},
	{190, 460}: {Class: carrier.Unauthorised, Key: "provider.messenger.token.password"},
	{190, 463}: {Class: carrier.Unauthorised, Key: "provider.messenger.token.expired"},

	{368, 0}:   {Class: carrier.Unauthorised, Key: "provider.messenger.abuse"},
	{2022, 0}:  {Class: carrier.Permanent},
	{10303, 0}: {Class: carrier.Permanent},
	{10900, 0}: {Class: carrier.Unreachable, Key: "provider.messenger.off"},
	{10903, 0}: {Class: carrier.Unreachable, Key: "provider.messenger.off"},
	{10904, 0}: {Class: carrier.Unreachable, Key: "provider.messenger.off"},
}

// errorTable reads the table.
var errorTable = graph.FaultTable{
	Rights: "provider.messenger.rights",
	Find: func(code, subcode int) (wire.Meaning, bool) {
		m, known := meanings[fault{code, subcode}]
		if !known {
			m, known = meanings[fault{code, 0}]
		}
		return m, known
	},
}

// classifyFault classifies a fault the vendor named.
func classifyFault(f graph.Fault, status int) *carrier.Error {
	m := errorTable.Lookup(f, status)
	code := string(f.Code)
	if f.Subcode != "" && f.Subcode != "0" {
		code += "/" + string(f.Subcode)
	}
	if m.Class == carrier.Unauthorised && f.Code == "190" {
		code = "190" // one code, whatever the reason: the form and the banner go by it
	}
	return &carrier.Error{
		Class:      m.Class,
		Code:       code,
		Key:        m.Sentence(),
		RetryAfter: m.Wait,
		Detail:     string(cmp.Or(f.Message, f.UserMsg)),
	}
}
