package cloudapi

import (
	"crypto/sha256"
	"encoding/base64"

	"pult/domain"
	"pult/providers/simulator/world"
)

// WritePayload writes the part of a message that is named after its type. business is the number of the other side,
// for a quote.
func WritePayload(item map[string]any, m *world.Message, business string) {
	if m.ReplyTo != "" {
		item["context"] = map[string]any{"from": business, "id": m.ReplyTo}
	}
	item["type"] = string(m.Kind)
	switch m.Kind {
	case domain.KindText:
		item["text"] = map[string]any{"body": m.Text}
	case domain.KindVoice:
		item["type"], item["audio"] = "audio", writeFilePayload(m)
	case domain.KindImage, domain.KindAudio, domain.KindVideo, domain.KindDocument, domain.KindSticker:
		item[string(m.Kind)] = writeFilePayload(m)
	case domain.KindLocation:
		item["location"] = writeLocationPayload(m.Location)
	case domain.KindContacts:
		item["contacts"] = writeCardsPayload(m.Cards)
	case domain.KindReaction:
		item["reaction"] = writeReactionPayload(m)
	case domain.KindChoice:
		item["type"] = "interactive"
		item["interactive"] = map[string]any{
			"type": "button_reply", "button_reply": map[string]any{"id": m.Choice, "title": m.Text},
		}
	default:
		item["type"] = "unsupported"
		item["errors"] = []any{map[string]any{"code": 131051, "title": "Message type unknown"}}
	}
}

func writeFilePayload(m *world.Message) map[string]any {
	if m.File == nil {
		return map[string]any{}
	}
	p := map[string]any{"id": m.File.ID, "mime_type": m.File.MIME, "sha256": Digest(m.File.Data)}
	if m.Text != "" {
		p["caption"] = m.Text
	}
	if m.Kind == domain.KindDocument {
		p["filename"] = m.File.Name
	}
	if m.Kind == domain.KindVoice || m.Kind == domain.KindAudio {
		p["voice"] = m.Kind == domain.KindVoice
	}
	if m.Kind == domain.KindVoice {
		p["mime_type"] = m.File.MIME + "; codecs=opus"
	}
	return p
}

func writeLocationPayload(l *domain.Location) map[string]any {
	if l == nil {
		return map[string]any{}
	}
	return map[string]any{"latitude": l.Latitude, "longitude": l.Longitude, "name": l.Name, "address": l.Address}
}

func writeCardsPayload(cards []domain.ContactCard) []any {
	var out []any
	for _, c := range cards {
		var phones, emails []any
		for _, p := range c.Phones {
			phones = append(phones, map[string]any{"phone": p, "type": "CELL"})
		}
		for _, e := range c.Emails {
			emails = append(emails, map[string]any{"email": e, "type": "WORK"})
		}
		out = append(out, map[string]any{
			"name": map[string]any{"formatted_name": c.Name}, "phones": phones, "emails": emails,
			"org": map[string]any{"company": c.Organisation},
		})
	}
	return out
}

func writeReactionPayload(m *world.Message) map[string]any {
	p := map[string]any{"message_id": m.Target}
	if m.Emoji != "" {
		p["emoji"] = m.Emoji
	}
	return p
}

// Digest is the checksum of a file as WhatsApp writes it.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(sum[:])
}
