package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"pult/providers"
)

// maxRedirects bounds how often a download may be sent elsewhere.
const maxRedirects = 5

// Upload streams a file to the vendor and gives its id there, good for 30 days and for this number only.
func (d *Driver) Upload(ctx context.Context, m providers.OutgoingMedia) (string, error) {
	if m.Open == nil {
		return "", providers.Invalid("provider.file_type")
	}
	head, tail, mime, err := frame(m)
	if err != nil {
		return "", providers.TransportError(err, false)
	}
	length := int64(len(head)) + m.Size + int64(len(tail))
	if m.Size <= 0 {
		length = -1
	}
	var answer struct {
		ID text `json:"id"`
	}
	err = d.call(ctx, request{
		method: http.MethodPost, path: []string{d.cfg.PhoneNumberID, "media"}, length: length, mime: mime,
		body: func() (io.ReadCloser, error) { return framed(m, head, tail) },
	}, &answer)
	if err == nil && answer.ID == "" {
		err = providers.TransportError(errors.New("upload: answer without id"), false)
	}
	return string(answer.ID), err
}

// frame makes what stands before and after the file in a multipart body, so that the file itself is never held in memory and
// the length is still known beforehand.
func frame(m providers.OutgoingMedia) (head, tail []byte, mime string, err error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	err = errors.Join(w.WriteField("messaging_product", "whatsapp"), w.WriteField("type", m.MIME))
	_, err2 := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition("file", fileName(m))},
		"Content-Type":        {m.MIME},
	})
	head = bytes.Clone(buf.Bytes())
	buf.Reset()
	err = errors.Join(err, err2, w.Close())
	return head, bytes.Clone(buf.Bytes()), w.FormDataContentType(), err
}

func fileName(m providers.OutgoingMedia) string {
	if m.Name == "" {
		return "file"
	}
	return m.Name
}

type framedFile struct {
	io.Reader
	io.Closer
}

func framed(m providers.OutgoingMedia, head, tail []byte) (io.ReadCloser, error) {
	f, err := m.Open()
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	return framedFile{io.MultiReader(bytes.NewReader(head), f, bytes.NewReader(tail)), f}, nil
}

// Fetch asks where the file is and opens it there. A file the vendor no longer keeps is Permanent with the key
// provider.media_expired.
func (d *Driver) Fetch(ctx context.Context, vendorID string) (providers.Media, error) {
	var info struct {
		URL  text   `json:"url"`
		MIME text   `json:"mime_type"`
		Size number `json:"file_size"`
	}
	err := d.get(ctx, url.Values{"phone_number_id": {d.cfg.PhoneNumberID}}, &info, vendorID)
	if err != nil {
		return providers.Media{}, expired(err)
	}
	res, err := d.download(ctx, string(info.URL))
	if err != nil {
		return providers.Media{}, err
	}
	media := providers.Media{Body: res.Body, MIME: plainType(string(info.MIME)), Size: res.ContentLength}
	if media.MIME == "" {
		media.MIME = plainType(res.Header.Get("Content-Type"))
	}
	if media.Size < 0 && info.Size > 0 {
		media.Size = int64(info.Size)
	}
	return media, nil
}

// expired tells apart "no such file any more" from other refusals: the vendor says 100 for an object it does not know.
func expired(err error) error {
	var e *providers.Error
	if !errors.As(err, &e) || (e.Code != "100" && e.Code != "HTTP 404" && e.Code != "131052") {
		return err
	}
	gone := *e
	gone.Class, gone.Key = providers.Permanent, "provider.media_expired"
	return &gone
}

// download opens an address the vendor gave, following redirects by hand so that the token goes to the vendor's hosts only.
func (d *Driver) download(ctx context.Context, address string) (*http.Response, error) {
	for range maxRedirects {
		res, err := d.open(ctx, address)
		if err != nil {
			return nil, providers.TransportError(err, false)
		}
		if res.StatusCode == http.StatusOK {
			return res, nil
		}
		if next, err := res.Location(); err == nil && res.StatusCode >= 300 && res.StatusCode < 400 {
			res.Body.Close()
			address = next.String()
			continue
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(io.LimitReader(res.Body, kilobyte*64))
		return nil, fresh(d.refusal(res, raw, false))
	}
	return nil, &providers.Error{Class: providers.Permanent, Key: providers.Permanent.Sentence(), Detail: "too many redirects"}
}

// fresh makes a missing file worth another try: addresses live five minutes, and the next try asks for a new one. Whether the
// file itself is gone is told by the question for the address.
func fresh(err error) error {
	var e *providers.Error
	if errors.As(err, &e) && e.Code == "HTTP "+strconv.Itoa(http.StatusNotFound) {
		return &providers.Error{Class: providers.Temporary, Code: e.Code, Key: providers.Temporary.Sentence()}
	}
	return err
}

func (d *Driver) open(ctx context.Context, address string) (*http.Response, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && !d.isBase(u)) {
		return nil, errors.New("file address refused") // plain HTTP only where the channel itself was given it
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if d.trusted(u) {
		req.Header.Set("Authorization", "Bearer "+d.cfg.AccessToken.Reveal())
	}
	return d.client.Do(req)
}

func (d *Driver) isBase(u *url.URL) bool { return u.Host == d.base.Host && u.Scheme == d.base.Scheme }

// trusted lists who may see the token.
func (d *Driver) trusted(u *url.URL) bool {
	if d.isBase(u) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.Port() == "" && (host == "graph.facebook.com" || host == "lookaside.fbsbx.com" ||
		strings.HasSuffix(host, ".whatsapp.net") || strings.HasSuffix(host, ".fbcdn.net"))
}
