package engagelab

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
	"pult/providers/wire"
)

// Send hands one message to the vendor. A quote is left out: the vendor documents no way to answer a particular
// message. Until the request itself nothing has left, so failing to publish a file is never Uncertain.
func (d *Driver) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	out, err := d.translateMessage(ctx, m)
	if err != nil {
		return carrier.Receipt{}, err
	}
	var answer struct {
		MessageID text `json:"message_id"`
	}
	if err := d.postMessage(ctx, out, &answer, "v1", "messages"); err != nil {
		return carrier.Receipt{}, err
	}
	if answer.MessageID == "" {
		return carrier.Receipt{}, wire.TransportError(errors.New("send: answer without message id"), true)
	}
	return carrier.Receipt{VendorID: string(answer.MessageID)}, nil
}

// translateMessage makes the vendor's form of a message, refusing what the vendor has no form for.
func (d *Driver) translateMessage(ctx context.Context, m carrier.Outgoing) (outgoing, error) {
	to := parsePhone(m.To.Value)
	if m.To.Kind != domain.PhoneIdentity || to == "" {
		return outgoing{}, carrier.NewRefusal(carrier.InvalidValue.Sentence())
	}
	out := outgoing{From: d.number, To: []string{to}}
	if !m.ID.IsZero() {
		out.RequestID = m.ID.String()
		out.Custom = map[string]string{"desk_message": m.ID.String()}
	}
	body, err := d.translateBody(ctx, m)
	out.Body = body
	return out, err
}

func (d *Driver) translateBody(ctx context.Context, m carrier.Outgoing) (outBody, error) {
	switch {
	case m.Kind == domain.KindText && m.Text != "":
		preview := strings.Contains(m.Text, "http://") || strings.Contains(m.Text, "https://")
		return outBody{Type: "text", Text: &outText{Body: m.Text, Preview: preview}}, nil
	case m.Kind.IsMedia() && m.Media != nil:
		return d.fileBody(ctx, m)
	case m.Kind == domain.KindTemplate && m.Template != nil:
		t, err := d.translateTemplate(ctx, *m.Template)
		return outBody{Type: "template", Template: t}, err
	}
	return outBody{}, carrier.NewRefusal("provider.unsupported")
}

func (d *Driver) fileBody(ctx context.Context, m carrier.Outgoing) (outBody, error) {
	files, kind, err := cloudapi.NewFiles(m, d.placeByLink(ctx))
	return outBody{Type: kind, Files: files}, err
}

// placeByLink publishes files.
func (d *Driver) placeByLink(ctx context.Context) cloudapi.PlaceFile {
	return func(m *carrier.OutgoingMedia) (cloudapi.File, error) {
		address, err := d.publishLink(ctx, *m)
		return cloudapi.File{Link: address}, err
	}
}

// publishLink publishes a file. The vendor takes https only; a stand-in that was itself given a plain address may get
// plain ones.
func (d *Driver) publishLink(ctx context.Context, m carrier.OutgoingMedia) (string, error) {
	if d.cfg.Publish == nil {
		return "", carrier.NewRefusal(noLink)
	}
	address, err := d.cfg.Publish(ctx, m)
	if err != nil {
		return "", wire.TransportError(err, false)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != d.base.Scheme) {
		return "", carrier.NewRefusal(noLink)
	}
	return address, nil
}
