package graph

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"

	"pult/domain/carrier"
	"pult/providers/wire"
)

// maxRedirects bounds how often a download may be sent elsewhere.
const maxRedirects = 5

// ErrAddress says that a file's address is not one to open: it is no https address.
var ErrAddress = errors.New("file address refused")

// Form is a file with what has to be said about it.
type Form struct {
	Values []FormValue // in this order, before the file
	Field  string      // the name under which the file goes
	File   carrier.OutgoingMedia
}

// FormValue is one plain field of a form.
type FormValue struct{ Name, Value string }

// Upload streams a file to a path and reads the answer into out. The file is never held in memory. A file that cannot
// be opened is Invalid with the key provider.file_type. Every error is a *carrier.Error.
func (a *API) Upload(ctx context.Context, f Form, out any, path ...string) error {
	if f.File.Open == nil {
		return carrier.NewRefusal("provider.file_type")
	}
	head, tail, mime, err := f.multipartFrame()
	if err != nil {
		return wire.TransportError(err, false)
	}
	length := int64(len(head)) + f.File.Size + int64(len(tail))
	if f.File.Size <= 0 {
		length = -1
	}
	return a.doRequest(ctx, request{
		method: http.MethodPost, path: path, length: length, mime: mime,
		body: func() (io.ReadCloser, error) { return frameBody(f.File, head, tail) },
	}, out)
}

// multipartFrame makes what stands before and after the file in a multipart body, so that the length is known
// beforehand.
func (f Form) multipartFrame() (head, tail []byte, mime string, err error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, v := range f.Values {
		err = errors.Join(err, w.WriteField(v.Name, v.Value))
	}
	_, err2 := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(f.Field, cmp.Or(f.File.Name, "file"))},
		"Content-Type":        {f.File.MIME},
	})
	head = bytes.Clone(buf.Bytes())
	buf.Reset()
	err = errors.Join(err, err2, w.Close())
	return head, bytes.Clone(buf.Bytes()), w.FormDataContentType(), err
}

type framedFile struct {
	io.Reader
	io.Closer
}

func frameBody(m carrier.OutgoingMedia, head, tail []byte) (io.ReadCloser, error) {
	f, err := m.Open()
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	return framedFile{io.MultiReader(bytes.NewReader(head), f, bytes.NewReader(tail)), f}, nil
}

// Open opens an address the vendor gave, following redirects by hand so that the token goes to trusted hosts only; nil
// trusts none. The answer may be any that is no redirect: the caller judges it and closes its body. Every error is a
// *carrier.Error, of ErrAddress where the address is not one to open.
func (a *API) Open(ctx context.Context, address string, trusted func(*url.URL) bool) (*http.Response, error) {
	for range maxRedirects {
		res, err := a.openAddress(ctx, address, trusted)
		if err != nil {
			return nil, wire.TransportError(err, false)
		}
		next, err := res.Location()
		if err != nil || res.StatusCode < 300 || res.StatusCode >= 400 {
			return res, nil
		}
		res.Body.Close()
		address = next.String()
	}
	return nil, &carrier.Error{
		Class:  carrier.Permanent,
		Key:    carrier.Permanent.Sentence(),
		Detail: "too many redirects",
	}
}

func (a *API) openAddress(ctx context.Context, address string, trusted func(*url.URL) bool) (*http.Response, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !a.IsOwnHost(u) {
		return nil, ErrAddress // plain HTTP only where the channel itself was given it
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, ErrAddress
	}
	if trusted != nil && trusted(u) {
		a.addToken(req)
	}
	return a.client.Do(req)
}
