package twilio

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"pult/domain/carrier"
	"pult/providers/wire"
)

// maxRedirects bounds how often a download may be sent elsewhere.
const maxRedirects = 5

// Fetch opens a file at its address, which is its id. The token goes to the API alone: the address it redirects to is
// open to whoever knows it, and on another host the token would be in strange hands. A file the vendor no longer keeps
// is Permanent with the key provider.media_expired.
func (d *Driver) Fetch(ctx context.Context, vendorID string) (carrier.Media, error) {
	address, err := url.Parse(vendorID)
	if err != nil || !d.isAPI(address) {
		return carrier.Media{}, &carrier.Error{
			Class:  carrier.Permanent,
			Key:    "provider.media_expired",
			Detail: "no address of a file",
		}
	}
	for hop := range maxRedirects {
		res, err := d.openFile(ctx, address, hop == 0)
		if err != nil {
			return carrier.Media{}, wire.TransportError(err, false)
		}
		if res.StatusCode == http.StatusOK {
			return carrier.Media{
				Body: res.Body,
				MIME: wire.PlainType(res.Header.Get("Content-Type")),
				Size: res.ContentLength,
			}, nil
		}
		raw, _ := io.ReadAll(io.LimitReader(res.Body, 64*kilobyte))
		res.Body.Close()
		if address, err = res.Location(); err != nil || res.StatusCode >= 400 {
			return carrier.Media{}, d.fileError(res, raw, hop)
		}
		if !d.isVendor(address) {
			return carrier.Media{}, &carrier.Error{
				Class:  carrier.Permanent,
				Key:    carrier.Permanent.Sentence(),
				Detail: "redirected to a strange host",
			}
		}
	}
	return carrier.Media{}, &carrier.Error{
		Class:  carrier.Permanent,
		Key:    carrier.Permanent.Sentence(),
		Detail: "too many redirects",
	}
}

// fileError tells a file that is gone from an address that has run out: the next try gets a new one.
func (d *Driver) fileError(res *http.Response, raw []byte, hop int) error {
	e := d.readRefusal(res, raw, false)
	switch {
	case hop == 0 && (res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone):
		e.Class, e.Key = carrier.Permanent, "provider.media_expired"
	case hop > 0 && res.StatusCode >= 400 && res.StatusCode < 500:
		e.Class, e.Key = carrier.Temporary, carrier.Temporary.Sentence()
	}
	return e
}

func (d *Driver) openFile(ctx context.Context, u *url.URL, signedIn bool) (*http.Response, error) {
	if u.User != nil {
		return nil, errors.New("file address refused")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if signedIn {
		req.SetBasicAuth(d.cfg.AccountSID, d.cfg.AuthToken.Reveal())
	}
	return d.client.Do(req)
}

// isAPI lists who may see the token.
func (d *Driver) isAPI(u *url.URL) bool {
	return d.isBase(u) || (u.Scheme == "https" && strings.ToLower(u.Host) == "api.twilio.com")
}

func (d *Driver) isBase(u *url.URL) bool { return u.Host == d.base.Host && u.Scheme == d.base.Scheme }

// isVendor lists from where files are fetched at all; plain HTTP only where the channel itself was given it.
func (d *Driver) isVendor(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	within := func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }
	return d.isBase(u) || (u.Scheme == "https" && u.Port() == "" && (within("twilio.com") || within("twiliocdn.com")))
}
