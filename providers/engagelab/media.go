package engagelab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"pult/domain/carrier"
	"pult/providers/wire"
)

// maxRedirects bounds how often a download may be sent elsewhere.
const maxRedirects = 5

// Fetch opens a file that came as an address, first without our credentials and, where EngageLab's own host asks for
// them, with. Callbacks prove nothing about their contents, so an address must be https on the public internet. A file
// that came as a bare id, or at an address we do not open, is Permanent with the key provider.engagelab.no_media; one
// that is no longer there is Permanent with provider.media_expired.
func (d *Driver) Fetch(ctx context.Context, vendorID string) (carrier.Media, error) {
	address := vendorID
	for range maxRedirects {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || (u.Scheme != "https" && !d.isBase(u)) {
			return carrier.Media{}, fileUnavailable(errors.New("no https address"))
		}
		res, err := d.openAddress(ctx, u)
		if err != nil {
			return carrier.Media{}, err
		}
		if res.StatusCode == http.StatusOK {
			return carrier.Media{
				Body: res.Body,
				MIME: wire.PlainType(res.Header.Get("Content-Type")),
				Size: res.ContentLength,
			}, nil
		}
		res.Body.Close()
		next, err := res.Location()
		if err != nil || res.StatusCode < 300 || res.StatusCode >= 400 {
			return carrier.Media{}, d.fileError(res)
		}
		address = next.String()
	}
	return carrier.Media{}, fileUnavailable(errors.New("too many redirects"))
}

func (d *Driver) openAddress(ctx context.Context, u *url.URL) (*http.Response, error) {
	res, err := d.openFile(ctx, u, false)
	if err == nil && (res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden) &&
		d.isTrusted(u) {
		res.Body.Close()
		res, err = d.openFile(ctx, u, true)
	}
	switch {
	case errors.Is(err, carrier.ErrInternal):
		return nil, fileUnavailable(carrier.ErrInternal)
	case err != nil:
		return nil, wire.TransportError(err, false)
	}
	return res, nil
}

func (d *Driver) openFile(ctx context.Context, u *url.URL, withKey bool) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if withKey {
		req.SetBasicAuth(d.cfg.DevKey.Reveal(), d.cfg.DevSecret.Reveal())
	}
	if d.isBase(u) {
		return d.client.Do(req)
	}
	return d.files.Do(req)
}

// fileError classifies an answer that is no file.
func (d *Driver) fileError(res *http.Response) error {
	switch res.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		return &carrier.Error{
			Class: carrier.Permanent,
			Code:  fmt.Sprint("HTTP ", res.StatusCode),
			Key:   "provider.media_expired",
		}
	case http.StatusUnauthorized, http.StatusForbidden:
		return fileUnavailable(errors.New(res.Status)) // says nothing of the channel: the host may be anybody's
	}
	return d.readRefusal(res, nil, false)
}

func fileUnavailable(why error) *carrier.Error {
	return &carrier.Error{Class: carrier.Permanent, Key: "provider.engagelab.no_media", Err: why}
}

func (d *Driver) isBase(u *url.URL) bool { return u.Host == d.base.Host && u.Scheme == d.base.Scheme }

// isTrusted lists who may see the key.
func (d *Driver) isTrusted(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return d.isBase(u) || u.Scheme == "https" && u.Port() == "" &&
		(strings.HasSuffix(host, ".engagelab.com") || strings.HasSuffix(host, ".engagelab.cc"))
}

// publicOnly makes a client that connects to public addresses alone: those of files come from strangers.
func publicOnly() *http.Client {
	return wire.WithoutRedirects(wire.Guard{}.Client(""))
}
