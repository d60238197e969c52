package messenger

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
	wait  time.Duration // the least time before another try
}

// fault is a code with its subcode; the subcode 0 stands for all that have no line of their own.
type fault struct{ code, subcode int }

// meanings is the vendor's table of errors. Here the subcode decides more often than the code: 10 is a closed window, a person who
// blocked the page, or a permission that is missing.
var meanings = map[fault]meaning{
	{1, 0}:       {class: providers.Temporary},
	{1, 1357046}: {class: providers.Uncertain},
	{2, 0}:       {class: providers.Temporary},
	{2, 2018344}: {class: providers.Unauthorised, key: "provider.messenger.terms"},
	{4, 0}:       {class: providers.RateLimited, wait: time.Minute},
	{17, 0}:      {class: providers.RateLimited, wait: time.Minute},
	{32, 0}:      {class: providers.RateLimited, wait: time.Minute},
	{613, 0}:     {class: providers.RateLimited},
	{1200, 0}:    {class: providers.Temporary},

	{10, 0}:       {class: providers.Unauthorised, key: "provider.messenger.rights"},
	{10, 2018278}: {class: providers.WindowClosed, key: "provider.messenger.window"},
	{10, 2018065}: {class: providers.WindowClosed, key: "provider.messenger.window"},
	{10, 2534022}: {class: providers.WindowClosed, key: "provider.messenger.window"},
	{10, 2018108}: {class: providers.Unreachable, key: "provider.messenger.blocked"},

	{551, 0}:       {class: providers.Unreachable, key: "provider.messenger.unavailable"},
	{200, 1545041}: {class: providers.Unreachable, key: "provider.messenger.unavailable"},
	{200, 0}:       {class: providers.Unauthorised, key: "provider.messenger.rights"},
	{200, 2018028}: {class: providers.Unreachable, key: "provider.messenger.tester"},
	{230, 0}:       {class: providers.Unauthorised, key: "provider.messenger.rights"},

	{33, 0}:        {class: providers.Unreachable, key: "provider.messenger.no_person"},
	{100, 0}:       {class: providers.InvalidValue},
	{100, 33}:      {class: providers.Unreachable, key: "provider.messenger.no_person"},
	{100, 2018001}: {class: providers.Unreachable, key: "provider.messenger.no_person"},
	{100, 2018218}: {class: providers.Unreachable, key: "provider.messenger.no_person"},
	{100, 2018008}: {class: providers.Permanent, key: "provider.messenger.file"},
	{100, 2018047}: {class: providers.InvalidValue, key: "provider.messenger.file"},
	{100, 2018074}: {class: providers.InvalidValue, key: "provider.messenger.file"},
	{100, 2018109}: {class: providers.InvalidValue, key: "provider.file_size"},
	{100, 2018294}: {class: providers.Permanent, key: "provider.messenger.file"},

	{190, 0}:   {class: providers.Unauthorised, key: "provider.messenger.token"},
	{190, 458}: {class: providers.Unauthorised, key: "provider.messenger.token.removed"},
	{190, 459}: {class: providers.Unauthorised, key: "provider.messenger.token.checkpoint"},
	{190, 460}: {class: providers.Unauthorised, key: "provider.messenger.token.password"},
	{190, 463}: {class: providers.Unauthorised, key: "provider.messenger.token.expired"},

	{368, 0}:   {class: providers.Unauthorised, key: "provider.messenger.abuse"},
	{2022, 0}:  {class: providers.Permanent},
	{10303, 0}: {class: providers.Permanent},
	{10900, 0}: {class: providers.Unreachable, key: "provider.messenger.off"},
	{10903, 0}: {class: providers.Unreachable, key: "provider.messenger.off"},
	{10904, 0}: {class: providers.Unreachable, key: "provider.messenger.off"},
}

// vendorError classifies a fault the vendor named.
func (g *graph) vendorError(e wireError, status int) *providers.Error {
	m := meaningOf(e, status)
	if m.key == "" {
		m.key = m.class.Sentence()
	}
	words := first(e.Message, e.UserMsg)
	code := string(e.Code)
	if e.Subcode != "" && e.Subcode != "0" {
		code += "/" + string(e.Subcode)
	}
	if m.class == providers.Unauthorised && e.Code == "190" {
		code = "190" // one code, whatever the reason: the form and the banner go by it
	}
	return &providers.Error{Class: m.class, Code: code, Key: m.key, RetryAfter: m.wait, Detail: domain.Clip(g.safe.Replace(string(words)), 500)}
}

// meaningOf looks the code up. A code nobody documented is taken for permanent, so that a person looks instead of a machine repeating
// it, unless the vendor itself says that it will pass.
func meaningOf(e wireError, status int) meaning {
	code, err := strconv.Atoi(string(e.Code))
	subcode, _ := strconv.Atoi(string(e.Subcode)) // none is 0
	m, known := meanings[fault{code, subcode}]
	if !known {
		m, known = meanings[fault{code, 0}]
	}
	switch {
	case status == http.StatusTooManyRequests:
		m.class = providers.RateLimited
		return m
	case err == nil && known:
		return m
	case err == nil && code >= 200 && code <= 299:
		return meaning{class: providers.Unauthorised, key: "provider.messenger.rights"}
	case bool(e.Transient):
		return meaning{class: providers.Temporary}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return meaning{class: providers.Unauthorised}
	}
	return meaning{class: providers.Permanent}
}

// bareError classifies an answer that is an error without the vendor's words: a proxy or a gateway spoke. sends tells whether the
// request may have put a message on its way.
func bareError(status int, sends bool) *providers.Error {
	class := providers.Permanent
	switch {
	case status == http.StatusTooManyRequests:
		class = providers.RateLimited
	case (status >= 500 || status == http.StatusRequestTimeout) && sends:
		class = providers.Uncertain
	case status >= 500 || status == http.StatusRequestTimeout:
		class = providers.Temporary
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		class = providers.Unauthorised
	}
	return &providers.Error{Class: class, Code: "HTTP " + strconv.Itoa(status), Key: class.Sentence()}
}
