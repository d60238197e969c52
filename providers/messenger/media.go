package messenger

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

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
func (d *Driver) Upload(ctx context.Context, m carrier.OutgoingMedia) (string, error) {
	message, err := json.Marshal(outMessage{Attachment: &outAttachment{
		Type:    attachmentType(m.MIME),
		Payload: outContent{Reusable: true},
	}})
	if err != nil {
		return "", wire.TransportError(err, false)
	}
	form := graph.Form{Values: []graph.FormValue{{Name: "message", Value: string(message)}}, Field: "filedata", File: m}
	var answer struct {
		ID text `json:"attachment_id"`
	}
	err = d.api.Upload(ctx, form, &answer, d.cfg.PageID, "message_attachments")
	if err == nil && answer.ID == "" {
		err = wire.TransportError(errors.New("upload: answer without id"), false)
	}
	return string(answer.ID), err
}

// Fetch opens a received file at the address that came with it or, when that is too old, at a new one that it asks for
// by message. A file the vendor no longer keeps is Permanent with the key provider.media_expired.
func (d *Driver) Fetch(ctx context.Context, vendorID string) (carrier.Media, error) {
	message, n, address := splitFileID(vendorID)
	media, err := d.openAddress(ctx, address)
	if message == "" || !isGone(err) {
		return media, err
	}
	renewed, err := d.addressOf(ctx, message, n)
	if err != nil {
		return carrier.Media{}, explainExpired(err)
	}
	return d.openAddress(ctx, renewed)
}

// fileGone is the failure for a file that is no longer there.
func fileGone(detail string) *carrier.Error {
	return &carrier.Error{Class: carrier.Permanent, Key: "provider.media_expired", Detail: detail}
}

func isGone(err error) bool {
	var e *carrier.Error
	return errors.As(err, &e) && e.Key == "provider.media_expired"
}

// explainExpired tells apart "no such message any more" from failures that pass: only the newest twenty of a
// conversation can be asked for.
func explainExpired(err error) error {
	var e *carrier.Error
	if !errors.As(err, &e) || e.Class.CanRetry() || e.Class == carrier.Uncertain || e.Code == "190" {
		return err
	}
	return fileGone(e.Detail)
}

// addressOf asks for a new address of the n-th file of a message.
func (d *Driver) addressOf(ctx context.Context, message string, n int) (string, error) {
	var m storedMessage
	if err := d.api.Get(ctx, url.Values{"fields": {"attachments"}}, &m, message); err != nil {
		return "", err
	}
	if n >= len(m.Attachments.Data) {
		return "", fileGone("")
	}
	return m.Attachments.Data[n].findAddress(), nil
}

// openAddress opens an address the vendor gave. The token goes nowhere: these addresses need none.
func (d *Driver) openAddress(ctx context.Context, address string) (carrier.Media, error) {
	res, err := d.api.Open(ctx, address, nil)
	switch {
	case errors.Is(err, graph.ErrAddress):
		return carrier.Media{}, fileGone(graph.ErrAddress.Error())
	case err != nil:
		return carrier.Media{}, err
	case res.StatusCode == http.StatusOK:
		return mediaOf(res), nil
	}
	res.Body.Close()
	if slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusGone}, res.StatusCode) {
		return carrier.Media{}, fileGone(res.Status)
	}
	return carrier.Media{}, wire.StatusError(res.StatusCode, false)
}

func mediaOf(res *http.Response) carrier.Media {
	m := carrier.Media{Body: res.Body, Size: res.ContentLength, MIME: wire.PlainType(res.Header.Get("Content-Type"))}
	if m.MIME == "" || m.MIME == "application/octet-stream" {
		if t := types[strings.ToLower(path.Ext(fileName(res.Request.URL.String())))]; t != "" {
			m.MIME = t
		}
	}
	return m
}
