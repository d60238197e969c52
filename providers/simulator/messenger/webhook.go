package messenger

import (
	"cmp"
	"encoding/json"

	"pult/domain"
	"pult/providers/simulator/graph"
	"pult/providers/simulator/world"
)

// writeEnvelope is the webhook of one event; empty while the page's subscription is lost.
func writeEnvelope(s *world.State, n world.Number, event map[string]any) world.Webhook {
	if s.Faults(n.ID).SubscriptionLost {
		return world.Webhook{}
	}
	entry := map[string]any{"id": n.ID, "time": s.Now().UnixMilli(), "messaging": []any{event}}
	return world.Webhook{Body: graph.Encode(map[string]any{"object": "page", "entry": []any{entry}})}
}

// writeEvent is an event of a customer, or of the page with the ends swapped.
func writeEvent(s *world.State, n world.Number, c *world.Customer, fromPage bool) map[string]any {
	customer, page := map[string]any{"id": PSID(n.ID, c.ID)}, map[string]any{"id": n.ID}
	event := map[string]any{"sender": customer, "recipient": page, "timestamp": s.Now().UnixMilli()}
	if fromPage {
		event["sender"], event["recipient"] = page, customer
	}
	return event
}

// writePayload is the message itself.
func writePayload(s *world.State, m *world.Message) map[string]any {
	out := map[string]any{"mid": m.ID}
	if m.Text != "" {
		out["text"] = m.Text
	}
	if m.ReplyTo != "" {
		out["reply_to"] = map[string]any{"mid": m.ReplyTo}
	}
	if m.Kind == domain.KindChoice {
		out["quick_reply"] = map[string]any{"payload": m.Choice}
	}
	if m.File != nil {
		out["attachments"] = []any{writeAttachment(s, m)}
	}
	if m.Location != nil {
		coordinates := map[string]any{"lat": m.Location.Latitude, "long": m.Location.Longitude}
		out["attachments"] = []any{map[string]any{
			"type": "location", "title": m.Location.Name, "payload": map[string]any{"coordinates": coordinates},
		}}
	}
	if m.Echo {
		out["is_echo"], out["app_id"] = true, json.Number(inboxApp)
	}
	return out
}

// writeEcho is a message of the desk as it is told back.
func writeEcho(s *world.State, n world.Number, m *world.Message) map[string]any {
	out := writePayload(s, m)
	out["is_echo"], out["app_id"] = true, json.Number(cmp.Or(n.Account, "1"))
	if m.Opaque != "" {
		out["metadata"] = m.Opaque
	}
	return out
}

// stickerID is the sticker that customers send.
const stickerID = json.Number("10000000000000001")

// writeAttachment names a file by an address that anybody can open for some time.
func writeAttachment(s *world.State, m *world.Message) map[string]any {
	payload := map[string]any{"url": addAddress(s, m)}
	kind := familyOf(m.File.MIME)
	if m.Kind == domain.KindSticker {
		kind, payload["sticker_id"] = "sticker", stickerID
	}
	return map[string]any{"type": kind, "payload": payload}
}

func writeReaction(m *world.Message) map[string]any {
	if m.Emoji == "" {
		return map[string]any{"mid": m.Target, "action": "unreact"}
	}
	name := "other"
	for n, e := range emojis {
		if e == m.Emoji {
			name = n
		}
	}
	return map[string]any{"mid": m.Target, "action": "react", "reaction": name, "emoji": m.Emoji}
}
