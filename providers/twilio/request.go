package twilio

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"pult/domain/carrier"
	"pult/providers/wire"
)

// answerLimit bounds an answer of the API in bytes; a page of a thousand messages stays below.
const answerLimit = 8 << 20

// version is the path of the classic API.
const version = "2010-04-01"

// accountURL is an address below the account's own.
func (d *Driver) accountURL(path ...string) *url.URL {
	return d.base.JoinPath(append([]string{version, "Accounts"}, path...)...)
}

// nextPage is where a list goes on. Only path and query of what the vendor says count, so that no answer can send the
// token elsewhere.
func nextPage(base *url.URL, address text) *url.URL {
	u, err := url.Parse(string(address))
	if err != nil || u.Path == "" {
		return nil
	}
	out := base.JoinPath(u.EscapedPath())
	out.RawQuery = u.RawQuery
	return out
}

func (d *Driver) getJSON(ctx context.Context, u *url.URL, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return wire.TransportError(err, false)
	}
	return d.exchange(req, false, out)
}

// postForm sends a form that puts a message on its way.
func (d *Driver) postForm(ctx context.Context, u *url.URL, in url.Values, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(in.Encode()))
	if err != nil {
		return wire.TransportError(err, false)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.exchange(req, true, out)
}

// exchange makes the request and decodes the answer. Every error is a *carrier.Error. sends says whether the request
// puts a message on its way, so that an outcome can be uncertain.
func (d *Driver) exchange(req *http.Request, sends bool, out any) error {
	req.SetBasicAuth(d.cfg.AccountSID, d.cfg.AuthToken.Reveal())
	return wire.Exchange{Client: d.client, Limit: answerLimit, ReadRefusal: d.readRefusal}.Do(req, sends, out)
}

// readRefusal turns an answer that is no success into an error.
func (d *Driver) readRefusal(res *http.Response, raw []byte, sends bool) *carrier.Error {
	var body wireError
	e := wire.StatusError(res.StatusCode, sends)
	if wire.DecodeJSON(raw, &body) == nil && body.Code != "" {
		e = d.vendorError(string(body.Code), string(body.Message), res.StatusCode)
	}
	if wait := wire.RetryAfter(res.Header); wait > 0 {
		e.RetryAfter = wait
	}
	return settleOutcome(e, sends)
}
