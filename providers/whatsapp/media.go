package whatsapp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

// Upload streams a file to the vendor and gives its id there, good for 30 days and for this number only.
func (d *Driver) Upload(ctx context.Context, m carrier.OutgoingMedia) (string, error) {
	form := graph.Form{
		Values: []graph.FormValue{{Name: "messaging_product", Value: "whatsapp"}, {Name: "type", Value: m.MIME}},
		Field:  "file",
		File:   m,
	}
	var answer struct {
		ID text `json:"id"`
	}
	err := d.api.Upload(ctx, form, &answer, d.cfg.PhoneNumberID, "media")
	if err == nil && answer.ID == "" {
		err = wire.TransportError(errors.New("upload: answer without id"), false)
	}
	return string(answer.ID), err
}

// Fetch asks where the file is and opens it there. A file the vendor no longer keeps is Permanent with the key
// provider.media_expired.
func (d *Driver) Fetch(ctx context.Context, vendorID string) (carrier.Media, error) {
	var info struct {
		URL  text   `json:"url"`
		MIME text   `json:"mime_type"`
		Size number `json:"file_size"`
	}
	err := d.api.Get(ctx, url.Values{"phone_number_id": {d.cfg.PhoneNumberID}}, &info, vendorID)
	if err != nil {
		return carrier.Media{}, explainExpired(err)
	}
	res, err := d.openAddress(ctx, string(info.URL))
	if err != nil {
		return carrier.Media{}, err
	}
	media := carrier.Media{Body: res.Body, MIME: wire.PlainType(string(info.MIME)), Size: res.ContentLength}
	if media.MIME == "" {
		media.MIME = wire.PlainType(res.Header.Get("Content-Type"))
	}
	if media.Size < 0 && info.Size > 0 {
		media.Size = int64(info.Size)
	}
	return media, nil
}

// explainExpired tells apart "no such file any more" from other refusals: the vendor says 100 for an object it does not
// know.
func explainExpired(err error) error {
	var e *carrier.Error
	if !errors.As(err, &e) || (e.Code != "100" && e.Code != "HTTP 404" && e.Code != "131052") {
		return err
	}
	gone := *e
	gone.Class, gone.Key = carrier.Permanent, "provider.media_expired"
	return &gone
}

// openAddress opens an address the vendor gave.
func (d *Driver) openAddress(ctx context.Context, address string) (*http.Response, error) {
	res, err := d.api.Open(ctx, address, d.isTrusted)
	if err != nil || res.StatusCode == http.StatusOK {
		return res, err
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return nil, makeRetryable(d.api.ReadRefusal(res, raw, false))
}

// makeRetryable makes a missing file worth another try: addresses live five minutes, and the next try asks for a new
// one. Whether the file itself is gone is told by the question for the address.
func makeRetryable(e *carrier.Error) error {
	if e.Code == "HTTP "+strconv.Itoa(http.StatusNotFound) {
		return &carrier.Error{Class: carrier.Temporary, Code: e.Code, Key: carrier.Temporary.Sentence()}
	}
	return e
}

// isTrusted lists who may see the token.
func (d *Driver) isTrusted(u *url.URL) bool {
	if d.api.IsOwnHost(u) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.Port() == "" && (host == "graph.facebook.com" || host == "lookaside.fbsbx.com" ||
		strings.HasSuffix(host, ".whatsapp.net") || strings.HasSuffix(host, ".fbcdn.net"))
}
