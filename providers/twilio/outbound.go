package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// Send hands one message to the vendor. A file is published first; until the request itself has left, no failure is
// Uncertain. The vendor knows no quotes in this direction, so ReplyTo is left out.
func (d *Driver) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	in := url.Values{"From": {d.senderAddress()}, "To": {d.formatAddress(m.To)}}
	if in.Get("To") == "" {
		return carrier.Receipt{}, carrier.NewRefusal(carrier.InvalidValue.Sentence())
	}
	if err := d.writeContent(ctx, in, m); err != nil {
		return carrier.Receipt{}, err
	}
	if callback := d.statusCallback(m.ID); callback != "" {
		in.Set("StatusCallback", callback)
	}
	var answer wireMessage
	if err := d.postForm(ctx, d.accountURL(d.cfg.AccountSID, "Messages.json"), in, &answer); err != nil {
		return carrier.Receipt{}, err
	}
	switch state := states[string(answer.Status)]; {
	case answer.SID == "":
		return carrier.Receipt{}, wire.TransportError(errors.New("send: answer without message id"), true)
	case state == domain.StateFailed || state == domain.StateUndelivered:
		return carrier.Receipt{}, d.vendorError(string(answer.ErrorCode), string(answer.ErrorText), 0)
	}
	return carrier.Receipt{VendorID: string(answer.SID)}, nil
}

// statusCallback is where states of the message are told, with our id in its query.
func (d *Driver) statusCallback(id domain.ID) string {
	u, err := url.Parse(d.cfg.StatusCallback)
	if err != nil || d.cfg.StatusCallback == "" {
		return ""
	}
	if !id.IsZero() {
		q := u.Query()
		q.Set(messageParameter, id.String())
		u.RawQuery = q.Encode()
	}
	return u.String()
}

// writeContent writes what is said, refusing what the vendor would refuse or the customer would not get.
func (d *Driver) writeContent(ctx context.Context, in url.Values, m carrier.Outgoing) error {
	switch {
	case m.Kind == domain.KindText && m.Text != "":
		in.Set("Body", m.Text)
	case m.Kind.IsMedia() && m.Media != nil && d.cfg.Kind == domain.WhatsApp:
		return d.writeFile(ctx, in, m)
	case m.Kind == domain.KindTemplate && m.Template != nil && d.cfg.Kind == domain.WhatsApp:
		return writeTemplate(in, *m.Template)
	default:
		return carrier.NewRefusal("provider.unsupported")
	}
	return nil
}

// writeFile names the address from which the vendor fetches the file; there is no other way to hand it over.
func (d *Driver) writeFile(ctx context.Context, in url.Values, m carrier.Outgoing) error {
	if d.cfg.Publish == nil {
		return carrier.NewRefusal(noPublicAddress)
	}
	if m.Text != "" && (m.Kind == domain.KindAudio || m.Kind == domain.KindVoice || m.Kind == domain.KindSticker) {
		return carrier.NewRefusal("provider.caption") // words must not get lost silently
	}
	address, err := d.cfg.Publish(ctx, *m.Media)
	if err != nil {
		return wire.TransportError(err, false)
	}
	in.Set("MediaUrl", address)
	if m.Text != "" {
		in.Set("Body", m.Text)
	}
	return nil
}

// writeTemplate names an approved template and the values of its variables. One variable may stand several times and
// then has one value, which is the first that was given.
func writeTemplate(in url.Values, use carrier.OutgoingTemplate) error {
	values := map[string]string{}
	for _, s := range use.Template.Slots() {
		if values[s.Name] == "" {
			values[s.Name] = strings.TrimSpace(use.Values[s.Key])
		}
		if values[s.Name] == "" {
			return carrier.NewRefusal("provider.twilio.template_values")
		}
	}
	if use.Template.VendorID == "" {
		return carrier.NewRefusal("provider.twilio.template")
	}
	in.Set("ContentSid", use.Template.VendorID)
	if len(values) > 0 {
		raw, err := json.Marshal(values)
		if err != nil {
			return wire.TransportError(err, false)
		}
		in.Set("ContentVariables", string(raw))
	}
	return nil
}
