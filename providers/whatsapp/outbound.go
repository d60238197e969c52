package whatsapp

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
	"pult/providers/wire"
)

// maxCards is how many business cards one message may hold.
const maxCards = 257

// Send hands one message to the vendor. A file that was not uploaded before is uploaded first; until then nothing has
// left, so its failures are never Uncertain.
func (d *Driver) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	out, err := d.translateMessage(ctx, m)
	if err != nil {
		return carrier.Receipt{}, err
	}
	var answer sendAnswer
	if err := d.api.Post(ctx, true, out, &answer, d.cfg.PhoneNumberID, "messages"); err != nil {
		return carrier.Receipt{}, err
	}
	if len(answer.Messages) == 0 || answer.Messages[0].ID == "" {
		return carrier.Receipt{}, wire.TransportError(errors.New("send: answer without message id"), true)
	}
	r := carrier.Receipt{VendorID: string(answer.Messages[0].ID)}
	for _, c := range answer.Contacts {
		r.Aliases = append(r.Aliases, listIdentities(d.cfg.BusinessID, string(c.WaID), string(c.UserID), "")...)
	}
	return r, nil
}

// MarkRead marks the message and all before it in its conversation as read; typing shows for at most 25 seconds.
func (d *Driver) MarkRead(ctx context.Context, vendorMessageID string, typing bool) error {
	in := outRead{Product: "whatsapp", Status: "read", MessageID: vendorMessageID}
	if typing {
		in.Typing = &outTyping{Type: "text"}
	}
	var answer struct{}
	return d.api.Post(ctx, false, in, &answer, d.cfg.PhoneNumberID, "messages")
}

// translateMessage makes the vendor's form of a message, refusing what the vendor would refuse for want of a part.
func (d *Driver) translateMessage(ctx context.Context, m carrier.Outgoing) (outgoing, error) {
	out := outgoing{Product: "whatsapp", RecipientType: "individual"}
	if !m.ID.IsZero() {
		out.Opaque = m.ID.String()
	}
	switch m.To.Kind {
	case domain.PhoneIdentity:
		out.To = m.To.Value
	case domain.UserIdentity, domain.ParentIdentity:
		out.Recipient = m.To.Value
	}
	if out.To == "" && out.Recipient == "" {
		return out, carrier.NewRefusal(carrier.InvalidValue.Sentence())
	}
	if m.ReplyTo != "" && m.Kind != domain.KindReaction && m.Kind != domain.KindTemplate {
		out.Context = &outContext{MessageID: m.ReplyTo}
	}
	err := d.writePayload(ctx, &out, m)
	return out, err
}

func (d *Driver) writePayload(ctx context.Context, out *outgoing, m carrier.Outgoing) error {
	out.Type = string(m.Kind)
	switch {
	case m.Kind == domain.KindText && m.Text != "":
		// The preview is made by the vendor from the first address, when there is one.
		out.Text = &outText{
			Body:    m.Text,
			Preview: strings.Contains(m.Text, "http://") || strings.Contains(m.Text, "https://"),
		}
	case m.Kind.IsMedia() && m.Media != nil:
		return d.filePayload(ctx, out, m)
	case m.Kind == domain.KindLocation && m.Location != nil:
		out.Location = newLocation(*m.Location)
	case m.Kind == domain.KindContacts && len(m.Cards) > 0 && len(m.Cards) <= maxCards:
		out.Contacts = newCards(m.Cards)
	case m.Kind == domain.KindReaction && m.Target != "":
		out.Reaction = &outReaction{MessageID: m.Target, Emoji: m.Emoji}
	case m.Kind == domain.KindTemplate && m.Template != nil:
		t, err := d.translateTemplate(ctx, *m.Template)
		out.Template = t
		return err
	default:
		return carrier.NewRefusal("provider.unsupported")
	}
	return nil
}

func (d *Driver) filePayload(ctx context.Context, out *outgoing, m carrier.Outgoing) (err error) {
	out.Files, out.Type, err = cloudapi.NewFiles(m, d.placeByUpload(ctx))
	if out.Audio != nil {
		// Only this type may carry the flag; the vendor refuses it on any other.
		out.Audio.Voice = (m.Kind == domain.KindVoice || m.Media.Voice) && m.Media.MIME == "audio/ogg"
	}
	return err
}

// ensureUploaded is the file's id at the vendor.
func (d *Driver) ensureUploaded(ctx context.Context, m *carrier.OutgoingMedia) (string, error) {
	if m.VendorID != "" {
		return m.VendorID, nil
	}
	return d.Upload(ctx, *m)
}

func newLocation(l domain.Location) *outLocation {
	degrees := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return &outLocation{
		Latitude:  degrees(l.Latitude),
		Longitude: degrees(l.Longitude),
		Name:      l.Name,
		Address:   l.Address,
	}
}

func newCards(in []domain.ContactCard) []outCard {
	var out []outCard
	for _, c := range in {
		card := outCard{Name: outName{Formatted: c.Name, First: c.Name}}
		for _, p := range c.Phones {
			card.Phones = append(card.Phones, outPhone{p})
		}
		for _, e := range c.Emails {
			card.Emails = append(card.Emails, outEmail{e})
		}
		if c.Organisation != "" {
			card.Org = &outOrg{c.Organisation}
		}
		out = append(out, card)
	}
	return out
}
