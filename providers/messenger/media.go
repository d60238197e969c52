package messenger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"path"
	"slices"
	"strings"

	"pult/providers"
)

// maxRedirects bounds how often a download may be sent elsewhere.
const maxRedirects = 5

// attachmentType is the vendor's name for a kind of file.
func attachmentType(mime string) string {
	for _, family := range []string{"image", "audio", "video"} {
		if strings.HasPrefix(mime, family+"/") {
			return family
		}
	}
	return "file"
}

// Upload streams a file to the vendor and gives its id there, good for 90 days and for this page only.
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
		ID text `json:"attachment_id"`
	}
	err = d.api.call(ctx, request{
		method: http.MethodPost, path: []string{d.cfg.PageID, "message_attachments"}, length: length, mime: mime,
		body: func() (io.ReadCloser, error) { return framed(m, head, tail) },
	}, &answer)
	if err == nil && answer.ID == "" {
		err = providers.TransportError(errors.New("upload: answer without id"), false)
	}
	return string(answer.ID), err
}

// frame makes what stands before and after the file in a multipart body, so that the file itself is never held in memory and the
// length is still known beforehand.
func frame(m providers.OutgoingMedia) (head, tail []byte, mime string, err error) {
	message, err := json.Marshal(outMessage{Attachment: &outAttachment{Type: attachmentType(m.MIME), Payload: outContent{Reusable: true}}})
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	err = errors.Join(err, w.WriteField("message", string(message)))
	_, err2 := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition("filedata", fileNameOf(m))},
		"Content-Type":        {m.MIME},
	})
	head = bytes.Clone(buf.Bytes())
	buf.Reset()
	err = errors.Join(err, err2, w.Close())
	return head, bytes.Clone(buf.Bytes()), w.FormDataContentType(), err
}

func fileNameOf(m providers.OutgoingMedia) string {
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

// Fetch opens a received file at the address that came with it or, when that is too old, at a new one that it asks for by message. A
// file the vendor no longer keeps is Permanent with the key provider.media_expired.
func (d *Driver) Fetch(ctx context.Context, vendorID string) (providers.Media, error) {
	message, n, address := splitFileID(vendorID)
	media, err := d.download(ctx, address)
	if message == "" || !isGone(err) {
		return media, err
	}
	renewed, err := d.addressOf(ctx, message, n)
	if err != nil {
		return providers.Media{}, expired(err)
	}
	return d.download(ctx, renewed)
}

// gone is the failure for a file that is no longer there.
func gone(detail string) *providers.Error {
	return &providers.Error{Class: providers.Permanent, Key: "provider.media_expired", Detail: detail}
}

func isGone(err error) bool {
	var e *providers.Error
	return errors.As(err, &e) && e.Key == "provider.media_expired"
}

// expired tells apart "no such message any more" from failures that pass: only the newest twenty of a conversation can be asked for.
func expired(err error) error {
	var e *providers.Error
	if !errors.As(err, &e) || e.Class.Retryable() || e.Class == providers.Uncertain || e.Code == "190" {
		return err
	}
	return gone(e.Detail)
}

// addressOf asks for a new address of the n-th file of a message.
func (d *Driver) addressOf(ctx context.Context, message string, n int) (string, error) {
	var m storedMessage
	if err := d.api.get(ctx, url.Values{"fields": {"attachments"}}, &m, message); err != nil {
		return "", err
	}
	if n >= len(m.Attachments.Data) {
		return "", gone("")
	}
	return m.Attachments.Data[n].address(), nil
}

// download opens an address the vendor gave, following redirects by hand. The token goes nowhere: these addresses need none.
func (d *Driver) download(ctx context.Context, address string) (providers.Media, error) {
	for range maxRedirects {
		res, err := d.open(ctx, address)
		if err != nil {
			return providers.Media{}, err
		}
		if res.StatusCode == http.StatusOK {
			return mediaOf(address, res), nil
		}
		next, err := res.Location()
		res.Body.Close()
		if err == nil && res.StatusCode >= 300 && res.StatusCode < 400 {
			address = next.String()
			continue
		}
		if slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusGone}, res.StatusCode) {
			return providers.Media{}, gone(res.Status)
		}
		return providers.Media{}, bareError(res.StatusCode, false)
	}
	return providers.Media{}, &providers.Error{Class: providers.Permanent, Key: providers.Permanent.Sentence(), Detail: "too many redirects"}
}

func (d *Driver) open(ctx context.Context, address string) (*http.Response, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && !d.isBase(u) {
		return nil, gone("file address refused") // plain HTTP only where the channel itself was given it
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, gone("file address refused")
	}
	res, err := d.api.client.Do(req)
	if err != nil {
		return nil, providers.TransportError(err, false)
	}
	return res, nil
}

func (d *Driver) isBase(u *url.URL) bool {
	return u.Host == d.api.base.Host && u.Scheme == d.api.base.Scheme
}

func mediaOf(address string, res *http.Response) providers.Media {
	m := providers.Media{Body: res.Body, Size: res.ContentLength, MIME: plainType(res.Header.Get("Content-Type"))}
	if m.MIME == "" || m.MIME == "application/octet-stream" {
		if t := types[strings.ToLower(path.Ext(fileName(address)))]; t != "" {
			m.MIME = t
		}
	}
	return m
}

// plainType drops the parameters of a media type.
func plainType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return strings.ToLower(strings.TrimSpace(s))
}
